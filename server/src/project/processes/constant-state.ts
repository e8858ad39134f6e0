import type { ModuleFacts } from "../../facts/facts.ts";

/** True for a server whose state is one and the same literal from `init` on: it starts with it, and no callback makes another of it. */
export function hasConstantState({ clauses }: ModuleFacts): boolean {
  const callbacks = clauses.flatMap(({ name, callback }) => (callback ? [{ name, callback }] : []));
  const start = callbacks.find(({ name }) => name === "init")?.callback.literalState ?? null;
  if (start === null) return false;
  return callbacks.every(
    ({ name, callback }) => callback.literalState === start || (name !== "init" && callback.state !== "used"),
  );
}
