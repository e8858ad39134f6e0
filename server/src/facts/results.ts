import type { Call, Node } from "../syntax/ast.ts";
import { boundNames, isBranching, isDiscarded } from "../syntax/flow.ts";
import { visit } from "../syntax/visit.ts";
import type { CallFact } from "./facts.ts";

const NONE: readonly number[] = [];

/** Which calls' results the variables of a clause hold; calls by their index. What a failure leaves counts for nothing. */
export class Results {
  private readonly holders = new Map<string, readonly number[]>();

  /** The calls whose results the variables in the node hold. */
  of(node: Node): readonly number[] {
    if (this.holders.size === 0) return NONE;
    let out = NONE;
    visit(node, (n) => {
      if (n.type === "variable") out = union(out, this.holders.get(n.name) ?? NONE);
    });
    return out;
  }

  /** The calls from that index on whose results are worth following. */
  among(calls: readonly CallFact[], from: number): readonly number[] {
    const out: number[] = [];
    for (let i = from; i < calls.length; i++) if (saysItWrites(calls[i]?.name ?? "")) out.push(i);
    return out.length > 0 ? out : NONE;
  }

  /** The names of the pattern hold results of the calls from now on. */
  bind(pattern: Node, calls: readonly number[]): void {
    const held = isError(pattern) ? NONE : calls;
    for (const name of boundNames(pattern)) {
      if (held.length > 0) this.holders.set(name, held);
      else this.holders.delete(name);
    }
  }
}

const WRITES =
  /^(?:do_)?(?:create|insert|update|upsert|delete|remove|add|set|save|store|put|assign|attach|link|unlink|move|replace|rename|archive|activate|deactivate|enable|disable|cancel|close)(?:_|!|$)/;

/** True for names of functions that say they write, and so may fail and leave something behind; `get_or_create_…` need not. */
export function saysItWrites(name: string): boolean {
  return WRITES.test(name);
}

/** Both lists as one without duplicates; one of them itself where the other adds nothing. */
export function union(a: readonly number[], b: readonly number[]): readonly number[] {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  const more = b.filter((index) => !a.includes(index));
  return more.length === 0 ? a : [...a, ...more];
}

/** What becomes of the value of a call. */
export function outcomeOf(call: Call): CallFact["outcome"] {
  const { parent } = call;
  if (parent?.type === "binary" && parent.right === call) {
    if (parent.operator === "=" && startsAlone(call) && holds(parent.left)) return "held";
    if (parent.operator === "=" && isSuccess(parent.left)) return "asserted";
    if (parent.operator === "<-" && isError(parent.left)) return "failed";
    if (parent.operator === "<-") return isSuccess(parent.left) ? "checked" : "asked";
  }
  if (parent?.type === "call" && isBranching(parent) && parent.args[0] === call) {
    const patterns = parent.sections.flatMap((section) => section.clauses.flatMap((clause) => clause.patterns));
    if (call.name.startsWith("start") && patterns.some(isStarted)) return "adopted";
    return patterns.some(isSuccess) ? "checked" : "asked";
  }
  if (parent?.type === "tuple" && parent.items.length === 2 && parent.items[1] === call && isSuccess(parent))
    return "assumed";
  // `_ = call`, `_task = call`
  const ignored = parent?.type === "binary" && parent.operator === "=" && isIgnored(parent.left);
  return isDiscarded(ignored ? parent : call) ? "discarded" : "kept";
}

function startsAlone({ module, name }: Call): boolean {
  return module === null ? name === "spawn" : module === "Task" && name === "start";
}

/** True for a pattern that gives a name to what is read later: the compiler warns of others. */
function holds(pattern: Node): boolean {
  return [...boundNames(pattern)].some((name) => !name.startsWith("_"));
}

function isIgnored(pattern: Node): boolean {
  return pattern.type === "variable" && pattern.name.startsWith("_");
}

/** `{:error, {:already_started, pid}}` */
function isStarted(pattern: Node): boolean {
  const reason = pattern.type === "tuple" && isError(pattern) ? pattern.items[1] : undefined;
  return reason !== undefined && tagOf(reason) === "already_started";
}

/** `{:ok, …}` or `:ok` */
function isSuccess(pattern: Node): boolean {
  return tagOf(pattern) === "ok";
}

/** `{:error, …}` or `:error` */
export function isError(pattern: Node): boolean {
  return tagOf(pattern) === "error";
}

function tagOf(pattern: Node): string | null {
  if (pattern.type === "binary" && pattern.operator === "=") return tagOf(pattern.left) ?? tagOf(pattern.right);
  const tag = pattern.type === "tuple" ? pattern.items[0] : pattern;
  return tag?.type === "atom" ? tag.value : null;
}
