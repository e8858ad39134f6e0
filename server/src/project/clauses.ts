import type { CallFact, ClauseOfModule, ModuleFacts } from "../facts/facts.ts";
import { canMatch, type Shape } from "../facts/shape.ts";

/** What the variables of a clause stand for when it is called with the arguments. */
export type Bindings = ReadonlyMap<string, Shape>;

/** A shape with its variables replaced by what they stand for. */
export function substitute(shape: Shape, bindings: Bindings): Shape {
  if (shape.kind === "variable") return bindings.get(shape.name) ?? shape;
  if (shape.kind === "tuple") return { kind: "tuple", items: shape.items.map((item) => substitute(item, bindings)) };
  return shape;
}

/** True when the call is of a function of the module itself. */
export function isLocalCall(module: ModuleFacts, call: CallFact): boolean {
  return (call.module === null && call.target === null) || call.module === module.name;
}

/** The clauses that a local call of `name/arity` may run, those that a bodiless head with defaults speaks for included. */
export function clausesOf(module: ModuleFacts, name: string, arity: number): ClauseOfModule[] {
  return [...new Set(clausesFor(module.byName.get(name) ?? [], arity, []).map((target) => target.clause))];
}

/** The clauses, of those of one function name, that a call may run, with what their parameters are bound to. */
export function clausesFor(
  named: readonly ClauseOfModule[],
  arity: number,
  args: readonly Shape[],
): { clause: ClauseOfModule; bindings: Bindings }[] {
  const out: { clause: ClauseOfModule; bindings: Bindings }[] = [];
  for (const head of named) {
    if (head.arity < arity || head.arity - head.defaults > arity) continue;
    const values = filled(head, arity, args);
    // A head without a body holds the defaults of the clauses that follow it.
    const clauses = head.defaults > 0 ? named.filter((c) => c.arity === head.arity) : [head];
    for (const clause of clauses) {
      const bindings = new Map<string, Shape>();
      const fits = clause.params.every((param, i) => {
        const value = values[i];
        if (value === undefined) return true;
        if (param.kind === "variable") bindings.set(param.name, value);
        return canMatch(param, value);
      });
      if (fits) out.push({ clause, bindings });
    }
  }
  return out;
}

/** The arguments by parameter: those given go to the parameters without a default first, then from left to right. */
function filled(head: ClauseOfModule, arity: number, args: readonly Shape[]): (Shape | undefined)[] {
  let spare = arity - (head.arity - head.defaults);
  let next = 0;
  return head.params.map((_, i) => {
    const value = head.defaultValues[i] ?? null;
    if (value !== null && spare-- <= 0) return value;
    return args[next++];
  });
}

/**
 * The parameter of the clause that gets the call's argument with that index. Where default arguments are left out, the last
 * argument is taken to be for the last parameter, as a closure is.
 */
export function parameterFor(call: CallFact, argument: number, clause: ClauseOfModule): number {
  return clause.arity !== call.arity && argument === call.arity - 1 ? clause.arity - 1 : argument;
}

/** The clauses, of those of one function name, that the call may run, whatever its arguments turn out to be. */
export function clausesForCall(named: readonly ClauseOfModule[], call: CallFact): ClauseOfModule[] {
  const [only] = named;
  if (only && named.length === 1 && only.defaults === 0 && only.arity === call.arity) return [only];
  const clauses = new Set(clausesFor(named, call.arity, call.args).map((target) => target.clause));
  return [...clauses].filter((clause) => !isForOneKind(named, clause, call));
}

/**
 * True when the clause is for one kind of value only, where another is for another kind, and the call does not say which
 * it has: `filter(query, "name", value)` beside `filter(query, "phone", value)`, `queue(%Post{})` beside `queue(%Feed{})`.
 * What such a clause does is not done for every element.
 */
function isForOneKind(named: readonly ClauseOfModule[], clause: ClauseOfModule, call: CallFact): boolean {
  return clause.params.some((param, i) => {
    const kind = kindOf(param);
    if (kind === null || kindOf(call.args[i]) !== null) return false;
    return named.some((other) => {
      if (other.arity !== clause.arity) return false;
      const otherKind = kindOf(other.params[i]);
      return otherKind !== null && otherKind !== kind;
    });
  });
}

/** What a pattern tells values apart by: a name, or the struct. Whether there is a value, or a result, is no kind. */
function kindOf(shape: Shape | undefined): string | null {
  switch (shape?.kind) {
    case "atom":
      return /^(?:nil|true|false|ok|error)$/.test(shape.value) ? null : shape.value;
    case "string":
    case "module":
      return shape.value;
    case "map":
      return shape.struct;
    case "tuple":
      return kindOf(shape.items[0]);
    default:
      return null;
  }
}
