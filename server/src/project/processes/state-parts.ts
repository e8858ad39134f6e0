import type { ClauseOfModule } from "../../facts/facts.ts";
import { clausesOf, isLocalCall } from "../calls/clauses.ts";
import type { ServerProfile } from "./server-profile.ts";

/** Fields of a server's state that are used together, with the callbacks that use them. */
export interface StatePart {
  readonly fields: readonly string[];
  readonly clauses: readonly ClauseOfModule[];
}

/**
 * The state of a server in parts that no callback uses together; fields that only `init` sets belong to none of them.
 * Empty when some callback takes the state as a whole.
 */
export function partsOfState(server: ServerProfile): readonly StatePart[] {
  const used: { fields: Set<string>; clause: ClauseOfModule }[] = [];
  const changed = new Set<string>();
  for (const clause of server.handlers) {
    const fields = new Set<string>();
    if (!collect(server, clause, fields, changed, new Set())) return [];
    used.push({ fields, clause });
  }
  const parts: { fields: Set<string>; clauses: ClauseOfModule[] }[] = [];
  for (const { fields, clause } of used) {
    const own = [...fields].filter((field) => changed.has(field));
    if (own.length === 0) continue;
    const joined = { fields: new Set(own), clauses: [clause] };
    for (const part of parts.filter((other) => own.some((field) => other.fields.has(field)))) {
      for (const field of part.fields) joined.fields.add(field);
      joined.clauses.unshift(...part.clauses);
      parts.splice(parts.indexOf(part), 1);
    }
    parts.push(joined);
  }
  return parts.map(({ fields, clauses }) => ({ fields: [...fields].sort(), clauses }));
}

/** Adds the fields that the clause and the functions that it hands the state to use; false when that may be all. */
function collect(
  server: ServerProfile,
  clause: ClauseOfModule,
  fields: Set<string>,
  changed: Set<string>,
  seen: Set<ClauseOfModule>,
): boolean {
  if (seen.has(clause)) return true;
  seen.add(clause);
  const { state } = clause;
  if (!state) return true;
  const helpers = clause.calls.flatMap((call) =>
    isLocalCall(server.module, call)
      ? clausesOf(server.module, call.name, call.arity).filter((other) => other.state && !other.callback)
      : [],
  );
  // A clause that takes the whole hands it to its helpers, when it has some; otherwise it may use any field.
  if ((state.reads.includes("") && helpers.length === 0) || state.writes.includes("")) return false;
  for (const field of [...state.reads, ...state.writes]) if (field !== "") fields.add(topOf(field));
  for (const field of state.writes) changed.add(topOf(field));
  return helpers.every((helper) => collect(server, helper, fields, changed, seen));
}

function topOf(path: string): string {
  return path.split(".")[0] ?? path;
}
