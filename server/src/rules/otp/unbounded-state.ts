import type { ClauseOfModule } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { overlap, serverProfiles } from "../../project/processes/server-profile.ts";

export default moduleRule({
  id: "otp/unbounded-state",
  category: "reliability",
  severity: "warning",
  since: "0.1.0",
  summary: "A server adds to a collection in its state with every message, and nothing is ever taken away.",
  check(module, cx) {
    const server = cx.about(serverProfiles, module);
    if (!server || server.shortLived) return;
    const changing = module.clauses.filter((clause) => clause.state && !/^(?:init|terminate)$/.test(clause.name));
    const shrinks = changing.flatMap((clause) => (clause.callback?.unchanged ? [] : (clause.state?.shrinks ?? [])));
    const reported = new Set<string>();
    for (const clause of changing) {
      for (const { at, field } of clause.state?.grows ?? []) {
        if (reported.has(field) || shrinks.some((shrunk) => shrunk === "*" || overlap(shrunk, field))) continue;
        reported.add(field);
        const what = field === "" ? "its state" : `\`${field}\``;
        cx.report(
          anchor(module, clause, at),
          `${said(clause)} adds to ${what}, and no function of \`${module.name}\` takes anything out of it: the process grows until it is restarted; keep a limited number, let entries expire, or delete them when what they stand for is gone.`,
        );
      }
    }
  },
});

function said(clause: ClauseOfModule): string {
  return clause.callback ? `Every such message to \`${clause.name}\`` : `\`${clause.name}/${clause.arity}\``;
}
