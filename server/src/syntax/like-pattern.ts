import type { Call, Node } from "./ast.ts";
import { boundValues, valueBefore } from "./binding.ts";
import { find, visit } from "./visit.ts";

/** `escape_like(text)`, and what is only there for LIKE: `safe_like_pattern(text)`, `without_wildcards(text)`. */
const ESCAPES = /escape|sanitiz|quote|(?:^|_)safe(?:_|$)|wildcard/i;
/** Names of what has neither `%` nor `_` in it, or is no text that somebody typed. */
const HARMLESS =
  /(?:^|_)(?:ids?|uuid|count|number|num|year|month|day|date|locale|prefix|extension|ext|type|domain|host)$/;

/** A pattern for LIKE that is put together of texts, and those of its parts that nobody escaped. */
export interface LikePattern {
  /** The interpolated string or the concatenation. */
  readonly pattern: Node;
  readonly parts: readonly Node[];
}

/** The functions by which queries search for a pattern. */
export const LIKES = ["like", "ilike", "fragment"] as const;

/**
 * The pattern that `like(field, ^pattern)` searches for, or `fragment("? ILIKE ?", field, ^pattern)`, where it is put together
 * here or in a variable before.
 */
export function likePatternOf(call: Call): LikePattern | null {
  const pin = call.name === "fragment" ? likedIn(call) : call.args[1];
  if (pin?.type !== "unary" || pin.operator !== "^") return null;
  const built = pin.operand.type === "variable" ? valueBefore(pin.operand) : pin.operand;
  if (!built) return null;
  const pieces = piecesOf(built);
  if (!pieces.some((piece) => piece.type === "string" && /[%_]/.test(piece.content))) return null;
  const parts = pieces
    .flatMap((piece) => (piece.type === "string" ? piece.parts : [piece]))
    .filter((part) => isTyped(part, new Set()));
  return parts.length > 0 ? { pattern: built, parts } : null;
}

/** The argument that stands for the `?` after the LIKE of a fragment. */
function likedIn({ args: [sql, ...given] }: Call): Node | undefined {
  if (sql?.type !== "string" || sql.parts.length > 0) return undefined;
  const [, before] = /^([\s\S]*?\bi?like\s+)\?/i.exec(sql.content) ?? [];
  return before === undefined ? undefined : given[before.split("?").length - 1];
}

/** The calls in a node that search for patterns with such parts, in source order. */
export function likesIn(node: Node): (LikePattern & { readonly call: Call })[] {
  const out: (LikePattern & { readonly call: Call })[] = [];
  visit(node, (n) => {
    const found = n.type === "call" && (LIKES as readonly string[]).includes(n.name) ? likePatternOf(n) : null;
    if (n.type === "call" && found) out.push({ call: n, ...found });
  });
  return out;
}

/** The operands of `<>`, or the one text. */
function piecesOf(node: Node): Node[] {
  if (node.type === "binary" && node.operator === "<>") return [...piecesOf(node.left), ...piecesOf(node.right)];
  return [node];
}

/** True for what may be any text: a parameter or what is computed of one, unless something on the way escapes it. */
function isTyped(node: Node, seen: ReadonlySet<string>): boolean {
  if (find(node, escapes)) return false;
  const [only] = node.type === "block" ? node.statements : [];
  if (only && node.type === "block" && node.statements.length === 1) return isTyped(only, seen);
  const name = node.type === "variable" || node.type === "field" ? node.name : null;
  if (name !== null && HARMLESS.test(name)) return false;
  if (node.type === "field") return isTyped(node.object, seen);
  if (node.type === "call" && isRemoteText(node)) return false;
  if (node.type === "variable") {
    if (seen.has(node.name)) return true;
    const values = boundValues(node, node.name);
    const known = new Set([...seen, node.name]);
    return values.length === 0 || values.every((value) => isTyped(value, known));
  }
  return find(node, (n) => n !== node && n.type === "variable" && isTyped(n, seen)) !== null;
}

/** `to_string(id)`, `Integer.to_string(n)`, `Enum.join(ids)`: texts that the program makes. */
function isRemoteText({ module, name }: Call): boolean {
  return (
    name === "to_string" ||
    /^(?:to_iso8601|format|strftime|inspect|join|encode\d*)!?$/.test(name) ||
    module === "Calendar"
  );
}

function escapes(node: Node): boolean {
  if (node.type === "function-reference") return ESCAPES.test(node.name);
  if (node.type !== "call") return false;
  return (
    ESCAPES.test(node.name) ||
    (node.module === "Regex" && node.name === "replace") ||
    (node.module === "String" && node.name === "replace")
  );
}
