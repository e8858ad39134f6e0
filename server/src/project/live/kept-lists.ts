import type { Anchor, AssignSet, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { AssignFlow, KeyFlow, Placed } from "./assign-flow.ts";

/** What finds the modules of a name. */
type Named = (name: string) => readonly ModuleFacts[];

/**
 * Where a message from outside is added to the list that was there, when nothing ever takes a single one away: other than by the start, it
 * is set by emptying it at most.
 */
export function growingAt(key: string, { sets }: KeyFlow, flow: AssignFlow): readonly Placed<AssignSet>[] {
  if (flow.setElsewhere.has(key)) return [];
  const bounded = sets.some(
    ({ clause, fact }) =>
      fact.by === "temporary" ||
      (!isChange(fact) &&
        !/^(?:mount|update)$/.test(clause.name) &&
        (fact.value.kind !== "empty" || /^handle_(?:info|params)$/.test(clause.name))),
  );
  return bounded ? [] : changedByMessages(sets, flow).filter(({ fact }) => fact.value.kind === "added");
}

/** The same where others change the list too, and nobody reads it but to change it or to list it. */
export function changingAt(
  key: string,
  { sets, reads }: KeyFlow,
  flow: AssignFlow,
  isListed: (clause: ClauseOfModule) => boolean,
): Placed<AssignSet> | undefined {
  if (flow.readByAnyone || flow.readElsewhere.has(key) || sets.some(({ fact }) => fact.by === "temporary")) return;
  const setters = new Set(sets.map(({ clause }) => clause));
  const shown = reads.filter(({ fact }) => fact.template);
  const isKept = reads.some(({ fact, clause }) => !fact.template && !setters.has(clause));
  if (isKept || shown.length === 0) return;
  if (!shown.every(({ fact, clause }) => fact.how === "loop" || (fact.how === "passed" && isListed(clause)))) return;
  return changedByMessages(sets, flow)[0];
}

/** What adds to the list or changes it. */
export function changeOf({ path, clause, fact }: Placed<AssignSet>): Anchor {
  return { path, form: clause.form, at: fact.value.changes ?? fact.at };
}

function isChange({ value }: AssignSet): boolean {
  return value.kind === "added" || value.kind === "changed";
}

/** Where messages add to the list or replace elements of it: in `handle_info`, in the `update/2` of a component, and in what these call. */
function changedByMessages(sets: KeyFlow["sets"], flow: AssignFlow): readonly Placed<AssignSet>[] {
  const changed = sets.filter(({ fact }) => isChange(fact));
  if (changed.length === 0) return changed;
  const reached = reachedFrom(
    flow.clauses.filter(({ name, arity }) => arity === 2 && /^(?:handle_info|update)$/.test(name)),
    flow,
  );
  return changed.filter(({ clause }) => reached.has(clause));
}

/**
 * True where an event or a message changes the list: it is made of what it was before, or loaded again after a write, or when others
 * say that something happened. A search and another page replace it as a whole.
 */
export function isReordered(
  { sets, reads }: KeyFlow,
  flow: AssignFlow,
  writes: (call: ClauseOfModule["calls"][number]) => boolean,
): boolean {
  if (sets.some(({ fact }) => isChange(fact) || fact.by === "update")) return true;
  const setters = new Set(sets.map(({ clause }) => clause));
  if (reads.some(({ fact, clause }) => !fact.template && setters.has(clause))) return true;
  return flow.clauses.some((handler) => {
    const isMessage = handler.name === "handle_info" && handler.arity === 2;
    if (!isMessage && !/^handle_(?:event|async)$/.test(handler.name)) return false;
    const reached = reachedFrom([handler], flow);
    const patches = handler.calls.some(({ name }) => name === "push_patch");
    if (!patches && !sets.some(({ clause }) => reached.has(clause))) return false;
    return isMessage || isMove(handler) || [...reached].some(({ calls }) => calls.some(writes));
  });
}

const MOVES = /sort|move|order|insert|add|create|delete|remove|drop/;

/** `handle_event("move-up", …)` */
function isMove({ params: [event] }: ClauseOfModule): boolean {
  return event?.kind === "string" && MOVES.test(event.value);
}

/** The clauses, and those of the same page that they call. */
function reachedFrom(handlers: readonly ClauseOfModule[], { clauses }: AssignFlow): ReadonlySet<ClauseOfModule> {
  const reached = new Set(handlers);
  for (const { calls } of reached)
    for (const call of calls) {
      const isHere = call.module === null && call.runs === "inline";
      const local = isHere ? clauses.filter(({ name, arity }) => name === call.name && arity === call.arity) : [];
      for (const clause of local) reached.add(clause);
    }
  return reached;
}

/**
 * True where all that gets the assign in the clause's markup goes through its elements and nothing else: the rows of a table, or a
 * function component that reads the attribute in its loops only.
 */
export function isListedBy(module: ModuleFacts, { assigns }: ClauseOfModule, key: string, named: Named): boolean {
  const given = (assigns?.components ?? []).flatMap((use) =>
    use.passes.flatMap(([attribute, passed]) => {
      if (passed !== key) return [];
      if (use.live === null && /table/.test(use.name) && attribute === "rows") return [true];
      const owners = use.module === null ? [module, ...module.imports.flatMap(named)] : named(use.module);
      const clauses = owners.flatMap((owner) => owner.byName.get(use.name) ?? []).filter(({ arity }) => arity === 1);
      const reads = clauses.flatMap((clause) => clause.assigns?.reads.filter((read) => read.key === attribute) ?? []);
      const opaque = use.live !== null || clauses.some((clause) => clause.assigns?.escapes);
      return [!opaque && reads.length > 0 && reads.every(({ how }) => how === "loop")];
    }),
  );
  return given.length > 0 && !given.includes(false);
}
