import type { Anchor, CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { nameOf } from "../../facts/shape.ts";
import { anchor, type Fix, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
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
    if (!server || server.tables.length === 0) return;
    for (const clause of server.requests) reportCounting(server, clause, cx);
    if (server.serialises) return;
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

/** Who only counts needs no server between: that each caller is counted once, the table sees to itself. */
function reportCounting(server: ServerProfile, clause: ClauseOfModule, cx: ViewContext): void {
  const { module, tables } = server;
  const count = onlyAnswers(clause) ? countOf(server, clause) : null;
  const [table] = tables;
  const [asking] = clientsOf(module, clause);
  if (!count || !table || !asking) return;
  const at = anchor(module, clause, clause.calls.includes(count) ? count.at : clause.at);
  cx.report(
    anchor(module, asking.client, asking.call.at),
    `\`:ets.update_counter\` is atomic whoever calls it, and yet all callers of \`${asking.client.name}\` wait for \`${module.name}\` to count one after the other; make the table \`:public\` with \`write_concurrency: true\`, and count in \`${asking.client.name}\`.`,
    {
      related: [
        { at, message: "The server counts here" },
        { at: anchor(module, table.clause, table.at), message: `The table is ${table.access ?? "made here"}` },
      ],
    },
  );
}

/** The call that counts, where that, reading and making a first row are all that the clause does. */
function countOf(server: ServerProfile, clause: ClauseOfModule): CallFact | null {
  const calls = ownCalls(server.module, clause) ?? [];
  if (!calls.every((call) => isOwnTable(server, call))) return null;
  if (!calls.every((call) => isRead(call) || CLOCK.test(`${call.module}.${call.name}`) || isAtomic(call))) return null;
  return calls.find(({ name }) => name === "update_counter") ?? null;
}

/** `:ets.insert_new/2` and `:ets.update_counter` do what they do at once (OTP 27, "ets": "atomic and isolated"). */
function isAtomic({ module, name }: CallFact): boolean {
  return module === ":ets" && (name === "update_counter" || name === "insert_new");
}

const CLOCK = /^(?:System|:os|:erlang|DateTime)\.(?:system_time|monotonic_time|timestamp|utc_now|now)$/;

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
  if (!calls.every((call) => isOwnTable(server, call))) return null;
  // The caller has what never changes; what does change, it would have to ask for.
  const changed = server.handlers.flatMap((handler) => handler.state?.writes ?? []);
  if (clause.state?.reads.some((field) => changed.some((other) => overlap(field, other)))) return null;
  return calls[0] ?? null;
}

/** False for a table that the call names and the server has not made. */
function isOwnTable({ tables }: ServerProfile, { module, args }: CallFact): boolean {
  const name = module === ":ets" ? nameOf(args[0]) : null;
  return name === null || tables.some((table) => table.name === name);
}

function isRead({ module, name }: CallFact): boolean {
  return module === ":ets" && READS.test(name);
}

function writes(module: ModuleFacts, clause: ClauseOfModule): boolean {
  return ownCalls(module, clause)?.some((call) => call.module === ":ets" && !isRead(call)) ?? true;
}
