import type { Anchor, CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { nameOf } from "../../facts/shape.ts";
import { anchor, type Fix, moduleRule, suggest } from "../../lint/rule.ts";
import {
  clientsOf,
  onlyAnswers,
  overlap,
  ownCalls,
  requestName,
  type ServerProfile,
  serverProfiles,
} from "../../project/processes/server-profile.ts";
import { readInCaller } from "../../refactor/in-caller.ts";

const READS =
  /^(?:lookup|lookup_element|member|select|select_count|select_reverse|match|match_object|tab2list|info|first|last|next|prev|foldl|foldr)$/;

/** Requests of somebody who looks at the system: nobody else waits for them. */
const FOR_PEOPLE = /^(?:dump|debug|inspect)/;

export default moduleRule({
  id: "otp/ets-read-through-server",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  summary: "A server reads its ETS table for its callers, who could read it themselves, all at once.",
  check(module, cx) {
    const server = cx.about(serverProfiles, module);
    if (!server || server.serialises || server.tables.length === 0) return;
    if (server.tables.some(({ access }) => access === null || access === "private")) return;
    // A read that comes after a cast of the same process sees what that wrote.
    if (server.requests.some((clause) => clause.name === "handle_cast" && writes(module, clause))) return;
    const [table] = server.tables;
    for (const clause of server.requests) {
      const read = table && onlyAnswers(clause) ? readOf(server, clause) : null;
      if (!table || !read || FOR_PEOPLE.test(requestName(clause) ?? "")) continue;
      const name = table.name?.replace(/^:(?=:)/, "") ?? null;
      const how = table.named ? "" : "; give the table a name";
      const answer = anchor(module, clause, clause.calls.includes(read) ? read.at : clause.at);
      // Whoever asks is who waits, and where the read belongs.
      const [asking, ...others] = clientsOf(module, clause);
      cx.report(
        asking ? anchor(module, asking.client, asking.call.at) : answer,
        `\`:ets.${read.name}\` of a table that every process can read runs in the server, so that all readers wait for each other${how}: read it ${asking ? `in \`${asking.client.name}\`` : "in the function that the callers call"}.`,
        {
          related: [
            ...(asking ? [{ at: answer, message: `\`:ets.${read.name}\` runs in the server here` }] : []),
            { at: anchor(module, table.clause, table.at), message: `The table is ${table.access}` },
            ...others.map(({ client, call }) => ({
              at: anchor(module, client, call.at),
              message: `\`${client.name}\` asks for it, too`,
            })),
          ],
          fixes: name !== null && server.tables.length === 1 ? [inClient(name, anchor(module, clause, clause.at))] : [],
        },
      );
    }
  },
});

function inClient(table: string, clause: Anchor): Fix {
  return suggest("Read the table in the client function", (source) => {
    const handler = source.elsewhere(clause);
    return handler && readInCaller(handler, table);
  });
}

/** The clause's first read of a table of the server, when reading is all that it does. */
function readOf(server: ServerProfile, clause: ClauseOfModule): CallFact | null {
  const { module } = server;
  const [, from] = clause.params;
  if (from?.kind !== "variable" || !from.name.startsWith("_")) return null;
  const calls = ownCalls(module, clause);
  if (!calls || calls.length === 0 || !calls.every(isRead)) return null;
  const names = calls.map((call) => nameOf(call.args[0])).filter((name) => name !== null);
  if (names.some((name) => server.tables.every((table) => table.name !== name))) return null;
  // The caller has what never changes; what does change, it would have to ask for.
  const changed = server.handlers.flatMap((handler) => handler.state?.writes ?? []);
  if (clause.state?.reads.some((field) => changed.some((other) => overlap(field, other)))) return null;
  return calls[0] ?? null;
}

function isRead({ module, name }: CallFact): boolean {
  return module === ":ets" && READS.test(name);
}

function writes(module: ModuleFacts, clause: ClauseOfModule): boolean {
  return ownCalls(module, clause)?.some((call) => call.module === ":ets" && !isRead(call)) ?? true;
}
