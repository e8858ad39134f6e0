import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { Hop } from "../effects/witness.ts";
import type { Schemas } from "./schemas.ts";

/** The functions of the project that a call of the module may run, with their modules. */
type Targets = (
  module: ModuleFacts,
  call: CallFact,
) => readonly { readonly module: ModuleFacts; readonly clause: ClauseOfModule }[];

/** Changesets are put together by a function that others help; what is farther away makes another one. */
const MAX_DEPTH = 2;
const ASSOCIATES = /^(?:cast|put)_assoc$/;

/** True where the row is written with those of its associations, by a changeset: `insert_all` knows the columns of one table only. */
export function writesOthers(hops: readonly Hop[], targets: Targets): boolean {
  return hops.some(({ module, clause, call }) => {
    const turn = hops[0]?.clause === clause ? clause.calls.filter(({ loop }) => loop === call.loop) : clause.calls;
    return turn.some((other) => associates(module, other, targets, MAX_DEPTH));
  });
}

function associates(module: ModuleFacts, call: CallFact, targets: Targets, depth: number): boolean {
  if (ASSOCIATES.test(call.name)) return true;
  if (depth === 0) return false;
  return targets(module, call).some((target) =>
    target.clause.calls.some((inner) => associates(target.module, inner, targets, depth - 1)),
  );
}

/**
 * True where `Repo.delete` does something to the rows of other schemas (`has_many :tokens, …, on_delete: :nilify_all`), which
 * `delete_all` leaves out. Which schema is deleted tell the functions on the way, and those that the first of them calls.
 */
export function takesOthersAlong(hops: readonly Hop[], targets: Targets, schemas: Schemas): boolean {
  const [first] = hops;
  const lists = first ? first.clause.calls.flatMap((call) => targets(first.module, call)) : [];
  const names = new Set([...hops, ...lists].flatMap(({ module, clause }) => namedBy(module, clause)));
  const known = [...names].flatMap((name) => schemas.of(name) ?? []);
  if (known.length === 0) return schemas.someTakeAlong;
  return known.some(({ associations }) => associations.some(({ onDelete }) => onDelete));
}

/** The modules that a function names: those that it calls, has in patterns and queries, and its own. */
function namedBy(module: ModuleFacts, { calls, references, params }: ClauseOfModule): readonly string[] {
  const structs = params.flatMap((param) => (param.kind === "map" && param.struct !== null ? [param.struct] : []));
  const others = [...calls.map((call) => call.module), ...references.map((reference) => reference.module)];
  return [module.name, ...structs, ...others.filter((name) => name !== null)];
}
