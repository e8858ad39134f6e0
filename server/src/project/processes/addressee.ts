import type { CallFact } from "../../facts/facts.ts";
import { nameOf } from "../../facts/shape.ts";
import { type Bindings, substitute } from "../calls/clauses.ts";
import type { LibraryKindOf } from "../calls/library-modules.ts";
import { primitiveEffect } from "../effects/libraries.ts";
import { tableRead } from "./named-tables.ts";
import { waitsFor } from "./servers.ts";

/** Whom a call asks for something. */
export interface Addressee {
  /** The module or name that it addresses: `Shop.Repo`, `Shop.PubSub`, `Shop.Cache`. */
  readonly target: string;
  readonly kind: "wait" | "repo" | "library" | "monitor" | "table-write" | "table-read";
}

/** All that `Registry` does reads the registry's table, and raises where there is none. */
const LIBRARY =
  /^(?:Phoenix\.PubSub\.(?:subscribe|broadcast!?|local_broadcast|broadcast_from!?)|Phoenix\.Tracker\.(?:track|untrack|update|list|get_by_key)|Registry\.(?!start_link$|child_spec$)\w+|Task\.Supervisor\.(?:start_child|async\w*)|(?:Dynamic)?Supervisor\.(?:start_child|which_children|count_children|terminate_child))$/;
const TABLE_WRITE = /^:ets\.insert(?:_new)?$/;

/** The process or table that a call asks for something; null where it asks none, or nobody knows which. */
export function addresseeOf(call: CallFact, bindings: Bindings, kindOf: LibraryKindOf): Addressee | null {
  const waits = waitsFor(call, bindings);
  if (waits !== null) return { target: waits, kind: "wait" };
  if (call.module !== null && kindOf(call.module) === "repo" && primitiveEffect(call, kindOf))
    return { target: call.module, kind: "repo" };
  const table = tableRead(call, bindings);
  if (table !== null) return { target: table, kind: "table-read" };
  const kind = kindOfNamed(`${call.module}.${call.name}`);
  const target = kind && call.args[0] ? nameOf(substitute(call.args[0], bindings)) : null;
  return kind && target !== null ? { target, kind } : null;
}

/** What a function whose first argument is the process or table asks of it. */
function kindOfNamed(name: string): Addressee["kind"] | null {
  if (LIBRARY.test(name)) return "library";
  if (name === "Process.monitor" || name === "GenServer.whereis") return "monitor";
  return TABLE_WRITE.test(name) ? "table-write" : null;
}
