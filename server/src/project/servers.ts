import type { CallFact, ClauseOfModule, ModuleFacts } from "../facts/facts.ts";
import { canMatch, entry, nameOf, type Shape } from "../facts/shape.ts";

/** True when the module uses or implements one of the behaviours, itself or through its project's macros. */
export function behavesAs(module: ModuleFacts, ...behaviours: readonly string[]): boolean {
  return (
    module.uses.some((use) => behaviours.includes(use.module)) || module.behaviours.some((b) => behaviours.includes(b))
  );
}

/** The names that the module's own functions start it under: shapes, among them such that depend on arguments. */
export function startNames(module: ModuleFacts): Shape[] {
  return module.clauses.flatMap((clause) =>
    clause.calls.flatMap((call): Shape[] => {
      if (call.module !== "GenServer" || !/^start(_link)?$/.test(call.name)) return [];
      const options = call.args[2];
      if (!options) return [];
      return options.kind === "keyword" ? [entry(options, "name")].filter((name) => name !== null) : [options];
    }),
  );
}

const STARTERS = /^(?:GenServer|GenStage|Agent|Supervisor|DynamicSupervisor|Task\.Supervisor|Registry)$/;

/** The literal names that the module's own functions register a process under. */
export function registeredNames(module: ModuleFacts): string[] {
  return module.clauses.flatMap((clause) =>
    clause.calls.flatMap((call) => {
      if (!STARTERS.test(call.module ?? "") || !/^start(_link)?$/.test(call.name)) return [];
      return literalName(entry(call.args.at(-1), "name")) ?? [];
    }),
  );
}

/** The name, or the default of `Keyword.get(options, :name, Name)`. */
function literalName(shape: Shape | null): string | null {
  if (shape?.kind !== "call") return nameOf(shape);
  return shape.module === "Keyword" && shape.name === "get" ? nameOf(shape.args[2]) : null;
}

/** The process that a synchronous call waits for, by its name or module; null for other calls. */
export function waitsFor(call: CallFact, bindings: Bindings): string | null {
  if (!WAITING.test(`${call.module}.${call.name}`) || !call.args[0]) return null;
  return nameOf(substitute(call.args[0], bindings));
}

const WAITING =
  /^(?:(?:GenServer|:gen_server|GenStage|:gen_statem|GenStateMachine)\.call|Agent\.(?:get|update|get_and_update))$/;

/** What the variables of a clause stand for when it is called with the arguments. */
export type Bindings = ReadonlyMap<string, Shape>;

/** A shape with its variables replaced by what they stand for. */
export function substitute(shape: Shape, bindings: Bindings): Shape {
  if (shape.kind === "variable") return bindings.get(shape.name) ?? shape;
  if (shape.kind === "tuple") return { kind: "tuple", items: shape.items.map((item) => substitute(item, bindings)) };
  return shape;
}

/** The clauses that `name(args)` may run, with what their parameters are bound to; default arguments are filled in. */
export function clausesFor(
  module: ModuleFacts,
  name: string,
  arity: number,
  args: readonly Shape[],
): { clause: ClauseOfModule; bindings: Bindings }[] {
  const out: { clause: ClauseOfModule; bindings: Bindings }[] = [];
  const named = module.byName.get(name) ?? [];
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

/** What `{:ok, state, {:continue, message}}` continues with. */
export function continuations(clause: ClauseOfModule): Shape[] {
  return (clause.callback?.returns ?? []).flatMap((way) => {
    const last = way.kind === "tuple" ? way.items.at(-1) : undefined;
    const [tag, message] = last?.kind === "tuple" ? last.items : [];
    return tag?.kind === "atom" && tag.value === "continue" && message ? [message] : [];
  });
}
