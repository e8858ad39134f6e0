import { projectRule, suggest } from "../../lint/rule.ts";
import { type Gap, type UntestedServer, untested } from "../../project/processes/untested.ts";
import { serverTest } from "../../refactor/server-test.ts";

export default projectRule({
  id: "otp/untested-genserver",
  category: "reliability",
  severity: "hint",
  since: "0.1.0",
  summary: "Requests or error replies of a GenServer that no test brings about.",
  check(cx) {
    for (const server of cx.read(untested)) {
      const { newTest, untested: left, errors, restarted } = server;
      cx.report(server.at, messageFor(server), {
        related: [
          ...left.map(({ at, what }) => ({ at, message: `No test sends \`${what}\`` })),
          ...(restarted ? [] : [{ at: server.at, message: "No test restarts it" }]),
          ...errors.map(({ at, what }) => ({ at, message: `No test expects \`${what}\`` })),
        ],
        fixes: newTest === null ? [] : [suggest("Write a test for each of them", () => [serverTest(server, newTest)])],
      });
    }
  },
});

function messageFor({ module, requests, untested: left, errors }: UntestedServer): string {
  const whole = left.length === requests;
  const parts = [
    ...(left.length > 0 ? [`${whole ? "no" : `of its ${requests} requests, no`} test sends ${listed(left)}`] : []),
    ...(errors.length > 0 ? [`no test expects ${listed(errors)}`] : []),
  ];
  return `\`${module}\`: ${parts.join(", ")}; what they do is found out in production. Start it with \`start_supervised!/1\` in a test and check what it answers.`;
}

const SHOWN = 4;

function listed(gaps: readonly Gap[]): string {
  const all = [...new Set(gaps.map(({ what, by }) => (by === null ? `\`${what}\`` : `\`${what}\` (\`${by}\`)`)))];
  const names = all.slice(0, SHOWN);
  const more = all.length - SHOWN;
  if (more > 0) return `${names.join(", ")} and ${more} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names.join("");
}
