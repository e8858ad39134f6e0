import type { CallFact, ModuleFacts } from "../../facts/facts.ts";
import type { IsRepo } from "../repos.ts";
import { clausesFor } from "../servers.ts";
import { primitiveEffect } from "./primitives.ts";

/** How many calls into the project are followed. */
const HOPS = 3;
const MULTI_WRITES = /^(?:insert|update|delete)(?:_all|_or_update)?$/;

/**
 * True when a call reaches a write to the database within a few calls into the project's own functions. A bounded look, to
 * be replaced by what the effects of all modules say.
 */
export function reachesWrite(
  call: CallFact,
  from: ModuleFacts | null,
  named: (module: string) => readonly ModuleFacts[],
  isRepo: IsRepo,
  hops = HOPS,
): boolean {
  if (primitiveEffect(call, isRepo) === "db-write") return true;
  if (call.module === "Ecto.Multi") return MULTI_WRITES.test(call.name);
  if (hops === 0) return false;
  const targets = call.module === null ? (from ? [from] : []) : named(call.module);
  return targets.some((target) =>
    clausesFor(target, call.name, call.arity, call.args).some(({ clause }) => {
      const inner = clause.calls.filter((next) => next.runs !== "elsewhere");
      const delegates = clause.references
        .filter(({ as }) => as === "delegate")
        .map(({ module }): CallFact => ({ ...call, module }));
      return [...inner, ...delegates].some((next) => reachesWrite(next, target, named, isRepo, hops - 1));
    }),
  );
}
