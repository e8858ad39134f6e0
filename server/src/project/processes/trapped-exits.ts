import type { CallFact, ClauseFacts, ModuleFacts } from "../../facts/facts.ts";
import { isAtomShape } from "../../facts/shape.ts";

/** True for `Process.flag(:trap_exit, true)`, and with a value that only the running program knows. */
export function setsTrapExit({ module, name, args: [flag, value] }: CallFact): boolean {
  const sets = (module === "Process" && name === "flag") || (module === ":erlang" && name === "process_flag");
  return sets && isAtomShape(flag, "trap_exit") && !isAtomShape(value, "false");
}

/** True for a clause in which the flag is set. */
export function trapsExits({ calls }: Pick<ClauseFacts, "calls">): boolean {
  return calls.some(setsTrapExit);
}

/** True when some function of the module sets the flag: its process gets `{:EXIT, pid, reason}` and is shut down in order. */
export function moduleTrapsExits({ clauses }: ModuleFacts): boolean {
  return clauses.some(trapsExits);
}
