import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { entry, isAtomShape, nameOf, type Shape } from "../../facts/shape.ts";
import { clausesCalling } from "../calls/calling.ts";
import { type Bindings, substitute } from "../calls/clauses.ts";
import type { Facts } from "../project.ts";

/** True when the module uses or implements one of the behaviours, itself or through its project's macros. */
export function behavesAs(module: ModuleFacts, ...behaviours: readonly string[]): boolean {
  return (
    module.uses.some((use) => behaviours.includes(use.module)) || module.behaviours.some((b) => behaviours.includes(b))
  );
}

/** The names that the module's own functions start it under: shapes, among them such that depend on arguments. */
export function startNames({ clauses }: ModuleFacts): Shape[] {
  return clauses.flatMap((clause) => clause.startNames);
}

const STARTERS = ["GenServer", "GenStage", "Agent", "Supervisor", "DynamicSupervisor", "Task.Supervisor", "Registry"];

/** The literal names that the module's own functions register a process under. */
export function registeredNames(module: ModuleFacts): string[] {
  return clausesCalling(module, ...STARTERS).flatMap((clause) =>
    clause.calls.flatMap((call) => {
      if (!STARTERS.includes(call.module ?? "") || !/^start(_link)?$/.test(call.name)) return [];
      return literalName(entry(call.args.at(-1), "name")) ?? [];
    }),
  );
}

/** The name, or the default of `Keyword.get(options, :name, Name)`; null where it is computed. */
export function literalName(shape: Shape | null): string | null {
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

/** What `{:ok, state, {:continue, message}}` continues with. */
export function continuations(clause: ClauseOfModule): Shape[] {
  return (clause.callback?.returns ?? []).flatMap((way) => {
    const last = way.kind === "tuple" ? way.items.at(-1) : undefined;
    const [tag, message] = last?.kind === "tuple" ? last.items : [];
    return tag?.kind === "atom" && tag.value === "continue" && message ? [message] : [];
  });
}

/** The patterns of plain messages in `handle_info`, and in `handle_event(:info, …)` of a state machine. */
export function messagesHandled(module: ModuleFacts): Shape[] {
  const infos = (module.byName.get("handle_info") ?? []).map(({ params }) => params[0]);
  const events = (module.byName.get("handle_event") ?? []).map(({ params: [kind, message] }) =>
    kind?.kind === "atom" && kind.value === "info" ? message : undefined,
  );
  return [...infos, ...events].filter((message) => message !== undefined);
}

/** True when the module handles messages such as `{:EXIT, pid, reason}`. */
export function handlesMessage(module: ModuleFacts, tag: string): boolean {
  return messagesHandled(module).some((message) => {
    const [first] = message.kind === "tuple" ? message.items : [];
    return first?.kind === "atom" && first.value === tag;
  });
}

/** How many processes a module is: one under a name of its own, one for each thing of a kind, or who knows. */
export function multiplicity(module: ModuleFacts): "one" | "many" | "unknown" {
  const names = startNames(module);
  if (names.some((name) => literalName(name) !== null || isWrittenOut(name))) return "one";
  return names.some(({ kind }) => kind === "tuple" || kind === "call") ? "many" : "unknown";
}

/** `{:via, Registry, {Shop.Names, :till}}`, `via_tuple(__MODULE__)`: nothing of the name is known only when the server starts. */
function isWrittenOut(name: Shape): boolean {
  if (name.kind === "tuple") return name.items.length > 0 && name.items.every(isWrittenOut);
  if (name.kind === "call") return name.module === null && name.args.length > 0 && name.args.every(isWrittenOut);
  return nameOf(name) !== null || name.kind === "string" || name.kind === "number";
}

/** True for a server of which there is one in the whole cluster: callers on other machines see no table of its. */
export function isOfCluster(module: ModuleFacts): boolean {
  return startNames(module).some(isOneOfCluster);
}

/** `{:global, Shop.Leader}` and its like: of such a name that is written out there is one process, in the whole cluster. */
function isOneOfCluster(name: Shape): boolean {
  const [registry, key] = name.kind === "tuple" && name.items.length === 2 ? name.items : [];
  return isAtomShape(registry, "global") && (nameOf(key) !== null || key?.kind === "string" || key?.kind === "number");
}

/** True when something else that the module uses may define callbacks, as a library's macro may. */
export function injectsCallbacks(module: ModuleFacts, facts: Pick<Facts, "named">): boolean {
  return module.useForms.some((form) => {
    if (form.use.module === "GenServer") return false;
    const macros = facts.named(form.use.module).flatMap((used) => used.clauses.filter((clause) => clause.quoted));
    return (
      macros.length === 0 ||
      macros.some((macro) => macro.quoted?.clauses.some(({ name }) => /^(?:init|terminate|handle_\w+)$/.test(name)))
    );
  });
}
