import type { ClauseOfModule } from "../../facts/facts.ts";
import { headOf } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { requestName, type ServerProfile, serverProfiles } from "../../project/processes/server-profile.ts";
import { partsOfState } from "../../project/processes/state-parts.ts";

const FIELDS = 6;
const CLAUSES = 8;

export default moduleRule({
  id: "otp/god-genserver",
  category: "design",
  severity: "information",
  since: "0.1.0",
  default: "off",
  summary: "One GenServer keeps several things that have nothing to do with each other: they wait and crash together.",
  check(module, cx) {
    const server = cx.about(serverProfiles, module);
    if (!server || server.handlers.length < CLAUSES) return;
    const parts = partsOfState(server).filter((part) => part.clauses.length >= 2);
    const fields = new Set(parts.flatMap((part) => part.fields));
    if (parts.length < 2 || fields.size < FIELDS) return;
    const named = parts.map((part) => part.fields.map((field) => `\`${field}\``).join(", "));
    cx.report(
      headOf(module),
      `\`${module.name}\` keeps ${parts.length} things apart from each other in one process (${named.join("; ")}): each waits for the messages of the others and is lost when they crash; give each a process of its own.`,
      { related: parts.map((part) => related(server, part.clauses, part.fields)) },
    );
  },
});

function related({ module }: ServerProfile, clauses: readonly ClauseOfModule[], fields: readonly string[]) {
  const [first] = clauses;
  const requests = clauses.map((clause) => requestName(clause) ?? clause.name).join(", ");
  const at = first ? anchor(module, first, first.at) : headOf(module);
  return { at, message: `Only these use ${fields.join(", ")}: ${requests}` };
}
