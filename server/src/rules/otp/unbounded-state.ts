import type { ClauseOfModule } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { agentUses } from "../../project/processes/agents.ts";
import { answeredEntries } from "../../project/processes/answered-entries.ts";
import { endlessTables } from "../../project/processes/endless-tables.ts";
import { growingAgents } from "../../project/processes/growing-agents.ts";
import { growingState } from "../../project/processes/growing-state.ts";
import { serverProfiles } from "../../project/processes/server-profile.ts";

export default moduleRule({
  id: "otp/unbounded-state",
  category: "reliability",
  severity: "warning",
  since: "0.1.0",
  summary: "A server adds to a collection in its state with every message, and nothing is ever taken away.",
  check(module, cx) {
    for (const { clause, call, table, key } of cx.about(endlessTables, module))
      cx.report(
        anchor(module, clause, call.at),
        `\`:ets.${call.name}\` adds a row to the table \`${table}\` for each ${key ? `\`${key}\`` : "new key, of which there is another one each time"}, and nothing in the project ever deletes from it: the table grows until its owner ends; delete old rows by a timer, with \`:ets.select_delete/2\`.`,
      );
    for (const { clause, at, agent, field } of growingAgents(module, cx.read(agentUses)))
      cx.report(
        anchor(module, clause, at),
        `\`${clause.name}/${clause.arity}\` adds to ${field === "" || field === "[]" ? "the state" : `\`${field}\``} of the agent \`${agent}\`, and nothing takes anything out of it: the process grows until it is restarted; keep a limited number, or delete the entries when what they stand for is gone.`,
      );
    const grown = growingState(module, cx.about(serverProfiles, module), cx);
    for (const { clause, at, field, dead } of grown) {
      const what = field === "" ? "its state" : `\`${field}\``;
      cx.report(
        anchor(module, clause, at),
        dead
          ? `${said(clause)} monitors a process and adds it to ${what}, but \`${module.name}\` has no clause for \`:DOWN\`: the entries of processes that end without signing off stay for ever; remove them in \`handle_info({:DOWN, …}, state)\`.`
          : `${said(clause)} adds to ${what}, and no function of \`${module.name}\` takes anything out of it: the process grows until it is restarted; keep a limited number, let entries expire, or delete them when what they stand for is gone.`,
      );
    }
    for (const { clause, at, field, by, added } of cx.about(answeredEntries, module)) {
      // Where every entry stays, the finding on its growth says so.
      if (grown.some((one) => one.field === field || one.field.endsWith(`.${field}`))) continue;
      const done = by === "timer" ? "cancels its timer" : "answers its caller";
      cx.report(
        anchor(module, clause, at),
        `\`${clause.name}/${clause.arity}\` looks an entry of \`${field}\` up, ${done} and leaves it there: what is answered stays, and no function of \`${module.name}\` takes anything out of \`${field}\`, which grows with every request; take the entry out with \`Map.pop/2\`.`,
        {
          related: [{ at: anchor(module, added.clause, added.at), message: "Each entry gets a key of its own here" }],
        },
      );
    }
  },
});

function said(clause: ClauseOfModule): string {
  return clause.callback ? `Every such message to \`${clause.name}\`` : `\`${clause.name}/${clause.arity}\``;
}
