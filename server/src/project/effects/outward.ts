import type { CallFact } from "../../facts/facts.ts";
import type { Effect } from "./effect.ts";
import type { ModuleEffects } from "./effects.ts";
import { lastHop, type Witness } from "./witness.ts";

/** The effects outside of the database, where no rollback reaches. */
export const OUTWARD: readonly Effect[] = [
  "http",
  "mail",
  "broadcast",
  "process-call",
  "sleep",
  "os-command",
  "file",
  "folder",
];

/** Of the functions that use the file system, those that change it; `File.stream!` mostly reads. */
export const CHANGES_FILES = /^(?:write|rm|cp|rename|mkdir|touch|ln|chmod|chown)/;

/** How a call comes to an effect outside of the database, at most `hops` calls long; null when it surely or likely does not. */
export function wayOut(known: ModuleEffects, call: CallFact, hops: number): Witness | null {
  let best: Witness | null = null;
  for (const effect of OUTWARD) {
    const witness = known.of(call, effect);
    if (!witness || witness.hops.length > hops || (best && best.hops.length <= witness.hops.length)) continue;
    if (effect === "file" && !CHANGES_FILES.test(lastHop(witness).call.name)) continue;
    // What another transaction holds is that one's affair; what the caller switches off is not done.
    const skipped = witness.hops.some(
      (hop, i) =>
        i > 0 && (hop.call.transaction !== null || (hop.call.branch >= 0 && switchesOff(witness.hops[i - 1]?.call))),
    );
    if (!skipped) best = witness;
  }
  return best;
}

/** `notify: false` among the arguments. */
function switchesOff(call: CallFact | undefined): boolean {
  return (call?.args ?? []).some(
    (arg) =>
      arg.kind === "keyword" && arg.entries.some(([, value]) => value.kind === "atom" && value.value === "false"),
  );
}

/** True when a call does no more than compute and ask the database, as far as its functions are the project's. */
export function staysInside(known: ModuleEffects, call: CallFact, isRepo: (module: string) => boolean): boolean {
  if (call.module !== null && (isRepo(call.module) || /^(?:Ecto|Oban)(?:\.|$)/.test(call.module))) return true;
  if (OUTWARD.some((effect) => known.of(call, effect))) return false;
  // A function without a module and without a clause is a macro or an import; that of a library is not known.
  return call.module === null || known.targets(call).length > 0;
}
