import { projectRule } from "../../lint/rule.ts";
import { callCycles, type Wait } from "../../project/processes/call-cycles.ts";

export default projectRule({
  id: "otp/call-cycle",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "Servers that call each other synchronously: each waits for the other, until a call times out.",
  check(cx) {
    for (const cycle of cx.read(callCycles)) {
      const [first, ...rest] = cycle;
      const place = first?.way[0];
      if (!first || !place) continue;
      const back = rest.map((wait) => `\`${wait.callback}\` of \`${wait.from}\` for \`${wait.to}\``).join(", and ");
      cx.report(
        place.at,
        `\`${first.callback}\` waits for \`${first.to}\`, while ${back}: when both run at once, each waits for the other until its call times out; cast one way, or pass on what the other needs.`,
        { related: cycle.flatMap(stepsOf).filter(({ at }) => at !== place.at) },
      );
    }
  },
});

function stepsOf(wait: Wait): { at: Wait["way"][number]["at"]; message: string }[] {
  return wait.way.map(({ at, call }, i) => ({
    at,
    message:
      i === wait.way.length - 1
        ? `\`${call}\` waits for \`${wait.to}\` here`
        : `\`${i === 0 ? wait.callback : "then"}\` calls \`${call}\``,
  }));
}
