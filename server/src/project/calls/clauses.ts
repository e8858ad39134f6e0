import { shortName } from "../../base/module-name.ts";
import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { canMatch, type Shape } from "../../facts/shape.ts";

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

/** The calls of a module that may run one of its own clauses, each with the clause that makes it. */
export function callsWithin(
  module: ModuleFacts,
  clause: ClauseOfModule,
): readonly { readonly caller: ClauseOfModule; readonly call: CallFact }[] {
  return module.clauses.flatMap((caller) =>
    caller.calls.flatMap((call) => {
      if (call.name !== clause.name || !isLocalCall(module, call)) return [];
      return clausesOf(module, call.name, call.arity).includes(clause) ? [{ caller, call }] : [];
    }),
  );
}

/** A clause that a call may run. */
export interface Candidate {
  readonly clause: ClauseOfModule;
  /** What its parameters are bound to. */
  readonly bindings: Bindings;
  /** By argument of the call, the parameter that gets it. */
  readonly parameters: readonly number[];
}

/** The clauses, of those of one function name, that a call may run. */
export function clausesFor(
  named: readonly ClauseOfModule[],
  arity: number,
  args: readonly Shape[],
): readonly Candidate[] {
  const out: FittingClause[] = [];
  for (const head of named) {
    if (!takes(head, arity)) continue;
    const parameters = parametersGiven(head, arity);
    // A head without a body holds the defaults of the clauses that follow it.
    const clauses = head.defaults > 0 ? named.filter((c) => c.arity === head.arity) : [head];
    for (const clause of clauses) {
      if (out.some((known) => known.clause === clause)) continue;
      const candidate = new FittingClause(clause, parameters, args, head);
      if (candidate.fits()) out.push(candidate);
    }
  }
  return out;
}

/** True when the clause, or one that it is the head of, can be called with so many arguments. */
export function takes(head: ClauseOfModule, arity: number): boolean {
  return head.arity >= arity && head.arity - head.defaults <= arity;
}

class FittingClause implements Candidate {
  constructor(
    readonly clause: ClauseOfModule,
    readonly parameters: readonly number[],
    private readonly args: readonly Shape[],
    private readonly head: ClauseOfModule,
  ) {}

  /** Few ask for them. */
  get bindings(): Bindings {
    const bindings = new Map<string, Shape>();
    this.clause.params.forEach((param, i) => {
      const value = this.given(i);
      if (param.kind === "variable" && value) bindings.set(param.name, value);
    });
    return bindings;
  }

  fits(): boolean {
    return this.clause.params.every((param, i) => {
      const value = this.given(i);
      return !value || canMatch(param, value);
    });
  }

  /** What the parameter gets. */
  private given(parameter: number): Shape | null | undefined {
    const argument = this.parameters.indexOf(parameter);
    return argument >= 0 ? this.args[argument] : this.head.defaultValues[parameter];
  }
}

/** The clauses of the module that a local call `name(args)` may run. */
export function clausesIn(
  module: ModuleFacts,
  name: string,
  arity: number,
  args: readonly Shape[],
): readonly Candidate[] {
  return clausesFor(module.byName.get(name) ?? [], arity, args);
}

/** By argument, its parameter: arguments go to the parameters without a default first, then from left to right. */
function parametersGiven(head: ClauseOfModule, arity: number): readonly number[] {
  if (head.defaults === 0) return inTurn(arity);
  let spare = arity - (head.arity - head.defaults);
  return [...head.params.keys()].filter((i) => !head.defaultValues[i] || spare-- > 0);
}

const IN_TURN: readonly (readonly number[])[] = Array.from({ length: 10 }, (_, n) => [...Array(n).keys()]);

/** The first so many parameters, as mostly; one list for all. */
function inTurn(count: number): readonly number[] {
  return IN_TURN[count] ?? [...Array(count).keys()];
}

/**
 * True when the clause is for one kind of value only, where another is for another kind, and the call does not say which
 * it has: `filter(query, "name", value)` beside `filter(query, "phone", value)`, `queue(%Post{})` beside `queue(%Feed{})`.
 * So is a clause beside one for a struct when the call passes a variable that is called as if it held one: `allowed?(user)`
 * runs the clause for `%User{}`, not the one for an `id`. What such a clause does is not done for every element.
 */
export function isForOneKind(named: readonly ClauseOfModule[], clause: ClauseOfModule, call: CallFact): boolean {
  return clause.params.some((param, i) => {
    const kind = kindOf(param);
    const arg = call.args[i];
    return named.some((other) => {
      if (other === clause || other.arity !== clause.arity) return false;
      if (isNoId(arg, param, other.params[i])) return true;
      const otherKind = kindOf(other.params[i]);
      if (otherKind === null || otherKind === kind) return false;
      return (kind !== null && kindOf(arg) === null) || isStruct(arg, other.params[i]);
    });
  });
}

/** True for `user`, where one clause is for `user_id` and the other for something else. */
function isNoId(arg: Shape | undefined, param: Shape, other: Shape | undefined): boolean {
  if (arg?.kind !== "variable" || param.kind !== "variable" || ID.test(arg.name) || !ID.test(param.name)) return false;
  return other?.kind === "map" || (other?.kind === "variable" && !ID.test(other.name));
}

/** True for `user`, where a clause has the pattern `%Shop.User{}`. */
function isStruct(arg: Shape | undefined, pattern: Shape | undefined): boolean {
  if (arg?.kind !== "variable" || pattern?.kind !== "map" || pattern.struct === null) return false;
  const name = shortName(pattern.struct);
  return arg.name === name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
}

const ID = /ids?$/i;

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
