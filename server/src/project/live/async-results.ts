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
  const handlers = (module.byName.get("handle_async") ?? []).filter(({ arity }) => arity === 3);
  return module.clauses.flatMap((clause) =>
    clause.calls.flatMap((call): UnhandledTask[] => {
      const [, name] = call.args;
      const isStart = call.name === "start_async" && (call.module === null || call.module === "Phoenix.LiveView");
      if (!isStart || !name || !isWritten(name) || handlers.some(({ keyword }) => keyword === "defdelegate")) return [];
      const takes = (result: Shape): boolean =>
        handlers.some(
          ({ params: [key, pattern] }) => key && pattern && canMatch(key, name) && canMatch(pattern, result),
        );
      if (!takes(RESULT)) return [{ clause, call, name, missing: "any" }];
      return takes(EXIT) ? [] : [{ clause, call, name, missing: "exit" }];
    }),
  );
}

function isWritten(name: Shape): boolean {
  if (name.kind === "tuple") return name.items[0]?.kind === "atom";
  return name.kind === "atom" || name.kind === "string";
}
