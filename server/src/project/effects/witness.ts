import { shortName } from "../../base/module-name.ts";
import type { Anchor, CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { Effect } from "./effect.ts";

/** One step on the way from a function to the primitive call: who calls, and the call. */
export interface Hop {
  readonly module: ModuleFacts;
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
}

/** A way from call to call, of at least one. */
export type Hops = readonly [Hop, ...Hop[]];

/** The shortest way from a call to one that has the effect by itself; the last hop is that call. */
export interface Witness {
  readonly effect: Effect;
  readonly hops: Hops;
}

/** The call that has the effect by itself. */
export function lastHop({ hops }: Witness): Hop {
  return hops.at(-1) ?? hops[0];
}

/** `Accounts.get_user/1`, as a person would name the call. */
export function nameOfCall({ module, name, arity }: CallFact): string {
  return `${module ? `${shortName(module)}.` : ""}${name}/${arity}`;
}

/** "runs `Repo.all/1`", or "reaches `Repo.all/1` through `Accounts.list_orders/1` and `orders/2`". */
export function reaches(witness: Witness, direct = "runs"): string {
  const end = `\`${nameOfCall(lastHop(witness).call)}\``;
  const through = witness.hops.slice(0, -1).map((hop) => `\`${nameOfCall(hop.call)}\``);
  if (through.length === 0) return `${direct} ${end}`;
  const last = through.pop();
  return `reaches ${end} through ${through.length > 0 ? `${through.join(", ")} and ` : ""}${last}`;
}

/** The hops after the first, as places to click: who calls what, down to the call that has the effect. */
export function evidence(witness: Witness): { readonly at: Anchor; readonly message: string }[] {
  return witness.hops.slice(1).map((hop) => ({
    at: { path: hop.module.path, form: hop.clause.form, at: hop.call.at },
    message:
      hop === lastHop(witness)
        ? `\`${nameOfCall(hop.call)}\` runs here, in \`${hop.clause.name}/${hop.clause.arity}\``
        : `\`${hop.clause.name}/${hop.clause.arity}\` calls \`${nameOfCall(hop.call)}\``,
  }));
}
