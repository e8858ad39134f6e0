import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { canMatch, type Shape } from "../../facts/shape.ts";
import type { Facts, View } from "../project.ts";

/** A task that a LiveView starts, and which of its results no clause of `handle_async` takes. */
export interface UnhandledTask {
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
  readonly name: Shape;
  readonly missing: "any" | "exit";
}

/** True when a hook somewhere in the project takes the results of tasks. */
export const asyncHooks: View<boolean> = {
  name: "async-hooks",
  slices: ["functions"],
  compute: (facts) => facts.where(attachesHook).length > 0,
};

function attachesHook(module: ModuleFacts): boolean {
  const isStage = (arg: Shape): boolean => arg.kind === "atom" && arg.value === "handle_async";
  return module.clauses.some(({ calls }) =>
    calls.some(({ name, args }) => name === "attach_hook" && args.some(isStage)),
  );
}

/** Fewer tasks make no habit. */
const MANY = 5;

/**
 * True when the project lets its pages crash with their tasks: it starts many, and not one takes the `{:exit, reason}` of its
 * task. What may go wrong is then a result of the task, and a crash is a bug.
 */
export const letsPagesCrash: View<boolean> = {
  name: "lets-pages-crash",
  slices: ["functions"],
  compute(facts) {
    const tasks = facts.collect(endsOfTasks);
    return tasks.length >= MANY && tasks.every((end) => end === "crash");
  },
};

function endsOfTasks(module: ModuleFacts): readonly ("crash" | "taken")[] {
  const handlers = handlersOf(module);
  return startsIn(module).map(({ name }) => (takes(handlers, name, EXIT) ? "taken" : "crash"));
}

/** True when something that the module uses defines `handle_async` for it. */
export function injectsHandleAsync(module: ModuleFacts, facts: Pick<Facts, "named">): boolean {
  return module.uses.some((use) =>
    facts
      .named(use.module)
      .some(({ clauses }) => clauses.some(({ quoted }) => quoted?.clauses.some(({ name }) => name === "handle_async"))),
  );
}

const RESULT: Shape = { kind: "tuple", items: [{ kind: "atom", value: "ok" }, { kind: "any" }] };
const EXIT: Shape = { kind: "tuple", items: [{ kind: "atom", value: "exit" }, { kind: "any" }] };

/** The tasks that the module starts under a name that it writes out, where no clause takes their result, or their end. */
export function unhandledTasks(module: ModuleFacts): UnhandledTask[] {
  const handlers = handlersOf(module);
  if (handlers.some(({ keyword }) => keyword === "defdelegate")) return [];
  return startsIn(module).flatMap((start): UnhandledTask[] => {
    if (!takes(handlers, start.name, RESULT)) return [{ ...start, missing: "any" }];
    return takes(handlers, start.name, EXIT) ? [] : [{ ...start, missing: "exit" }];
  });
}

function startsIn(module: ModuleFacts): Omit<UnhandledTask, "missing">[] {
  return module.clauses.flatMap((clause) =>
    clause.calls.flatMap((call) => {
      const [, name] = call.args;
      const isStart = call.name === "start_async" && (call.module === null || call.module === "Phoenix.LiveView");
      return isStart && name && isWritten(name) ? [{ clause, call, name }] : [];
    }),
  );
}

function handlersOf(module: ModuleFacts): readonly ClauseOfModule[] {
  return (module.byName.get("handle_async") ?? []).filter(({ arity }) => arity === 3);
}

function takes(handlers: readonly ClauseOfModule[], name: Shape, result: Shape): boolean {
  return handlers.some(
    ({ params: [key, pattern] }) => key && pattern && canMatch(key, name) && canMatch(pattern, result),
  );
}

function isWritten(name: Shape): boolean {
  if (name.kind === "tuple") return name.items[0]?.kind === "atom";
  return name.kind === "atom" || name.kind === "string";
}
