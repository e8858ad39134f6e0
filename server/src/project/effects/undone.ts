import type { CallFact, ClauseOfModule } from "../../facts/facts.ts";
import { sameShape } from "../../facts/shape.ts";
import type { ModuleEffects } from "./effects.ts";
import { OUTWARD } from "./outward.ts";
import { lastHop, type Witness } from "./witness.ts";

/** True for a file that is written in a transaction and taken away again where that fails: `{:error, _} -> File.rm(path)`. */
export function isUndone({ calls, branches }: ClauseOfModule, { module, name, args, transaction }: CallFact): boolean {
  if (module !== "File" || !/^(?:write|touch)!?$/.test(name) || !transaction) return false;
  const [path] = args;
  return calls.some((other) => {
    if (other.module !== "File" || !/^rm(?:_rf)?!?$/.test(other.name) || other.transaction !== null) return false;
    const way = branches[other.branch];
    const of = calls[way?.on ?? -1];
    const isOfIt = of ? of.module === transaction.module && of.name === transaction.name : way?.catches !== null;
    return way?.failure === true && isOfIt && path?.kind === "variable" && sameShape(path, other.args[0]);
  });
}

/**
 * True for the last step of a multi that does nothing but give a file another name, and looks whether it could: where it could not,
 * the transaction is rolled back, and after it nothing is done that could fail.
 */
export function isDeciding(known: ModuleEffects, { calls }: ClauseOfModule, call: CallFact, witness: Witness): boolean {
  const { call: effect } = lastHop(witness);
  if (effect.module !== "File" || effect.name !== "rename" || effect.outcome !== "checked") return false;
  if (witness.hops.some((hop) => hop.call.outcome === "discarded")) return false;
  const isLast = calls.some(
    ({ args: [multi] }) => multi?.kind === "call" && multi.module === "Ecto.Multi" && multi.name === "run",
  );
  const steps = calls.filter(({ module, name }) => module === "Ecto.Multi" && name !== "new");
  const isOnly = OUTWARD.every((other) => other === "file" || !known.does(call, other));
  return call.transaction?.module === "Ecto.Multi" && steps.at(-1)?.name === "run" && isLast && isOnly;
}
