import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { canMatch, isAtomShape, type Shape } from "../../facts/shape.ts";

/** The clauses of a server for one kind of request. */
export interface Request {
  readonly kind: "call" | "cast";
  /** As the source has it: `{:hold, …}`. */
  readonly what: string;
  readonly clauses: [ClauseOfModule, ...ClauseOfModule[]];
}

const KINDS: ReadonlyMap<string, Request["kind"]> = new Map([
  ["handle_call/3", "call"],
  ["handle_cast/2", "cast"],
]);

/** What a server takes, by the tags of its clauses; what takes anything is no request of its own. */
export function requestsOf(module: ModuleFacts): readonly Request[] {
  const out = new Map<string, Request>();
  for (const clause of module.clauses) {
    const kind = clause.keyword === "def" ? KINDS.get(`${clause.name}/${clause.arity}`) : undefined;
    const [message] = clause.params;
    const key = message ? tagOf(message) : null;
    if (!kind || !message || key === null || doesNothing(clause)) continue;
    const known = out.get(`${kind} ${key}`);
    if (known) known.clauses.push(clause);
    else out.set(`${kind} ${key}`, { kind, what: shown(message), clauses: [clause] });
  }
  return [...out.values()];
}

/** True for a request that only stops the server, or answers `:ok` and calls nothing: setting how much is logged is no call. */
function doesNothing({ calls, callback }: ClauseOfModule): boolean {
  if (!callback || callback.returns.length === 0 || calls.some(({ name }) => name !== "self")) return false;
  return callback.returns.every((way) => {
    const [tag, answer] = way.kind === "tuple" ? way.items : [];
    return isAtomShape(tag, "stop") || (callback.unchanged && isAtomShape(tag, "reply") && isAtomShape(answer, "ok"));
  });
}

/** True where the message is one that the request's clauses take. */
export function matches({ clauses }: Request, message: Shape): boolean {
  return clauses.some(({ params: [pattern] }) => pattern !== undefined && canMatch(pattern, message));
}

/** `{:reply, state, state}`, `{:reply, state.lines, state}`: nothing that a test could find out. */
export function isGetter({ clauses }: Request): boolean {
  return clauses.every(({ calls, callback }) => calls.length === 0 && callback?.getter === true);
}

/** What tells requests apart: the atom, and for a tuple how many things come with it. */
function tagOf(shape: Shape): string | null {
  if (shape.kind === "atom") return shape.value;
  if (shape.kind !== "tuple") return null;
  const [tag] = shape.items;
  return tag?.kind === "atom" ? `${tag.value}/${shape.items.length}` : null;
}

/** The shape as the source might have it. */
export function shown(shape: Shape): string {
  switch (shape.kind) {
    case "atom":
      return /^(?:nil|true|false)$/.test(shape.value) ? shape.value : `:${shape.value}`;
    case "tuple":
      return `{${shape.items.map((item, i) => (item.kind === "atom" || item.kind === "tuple" || i === 0 ? shown(item) : "…")).join(", ")}}`;
    case "variable":
      return shape.name;
    case "string":
      return JSON.stringify(shape.value);
    default:
      return "…";
  }
}
