import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { type NativeFragment, nativeFragment } from "../syntax/fragment.ts";
import { children } from "../syntax/visit.ts";

/** Writes the fragment at the report's place in Ecto's own words; null where it cannot stand there. */
export function nativeForm(source: FormSource): readonly Edit[] | null {
  const call = source.node(source.at);
  const native = call?.type === "call" ? nativeFragment(call) : null;
  if (call?.type !== "call" || !native) return null;
  if (native.form.direction) return direction(source, call, native);
  return [source.replace(call, asOperand(call, rendered(source, native)))];
}

/** The native form with the arguments' own text, in which fragments that mean the same are rewritten too. */
function rendered(source: FormSource, { form, arguments: args, literals }: NativeFragment): string {
  const filled = form.ecto.replace(/<(\w+)>/g, (_, name: string) => literals.get(name) ?? "");
  return filled.replace(/\$(\d)/g, (_, number: string, at: number) => {
    const arg = args[Number(number) - 1];
    if (arg === undefined || typeof arg === "string") return arg ?? "";
    const native = nativeOf(arg);
    const text = native ? rendered(source, native) : textOf(source, arg);
    // Between parentheses, commas and after a key nothing can tear it apart.
    const alone = /(?:^|[(,[]|\w:) ?$/.test(filled.slice(0, at)) && /^\s*(?:[),\]]|$)/.test(filled.slice(at + 2));
    return !alone && (native ? isInfix(text) : isOperation(arg)) ? `(${text})` : text;
  });
}

/** The fragment's native form where that means the same. */
function nativeOf(node: Node): NativeFragment | null {
  const native = node.type === "call" ? nativeFragment(node) : null;
  return native && native.caution === null && !native.form.direction ? native : null;
}

function textOf(source: FormSource, node: Node): string {
  const native = nativeOf(node);
  if (native) return asOperand(node, rendered(source, native));
  let text = "";
  let at = node.start;
  for (const child of children(node)) {
    text += source.between(at, child.start) + textOf(source, child);
    at = child.end;
  }
  return text + source.between(at, node.end);
}

/** `(a or b)`, where an operator around the fragment would take a part of it. */
function asOperand(call: Node, text: string): string {
  const outer = call.parent;
  const isOperand =
    (outer?.type === "binary" && !/^(?:=|::|\||<-|->|\\\\|when)$/.test(outer.operator)) ||
    (outer?.type === "unary" && outer.operator !== "&") ||
    (outer?.type === "call" && outer.piped && outer.args[0] === call);
  return isOperand && isInfix(text) ? `(${text})` : text;
}

/** True for `a == b` and `not a`, false for one call, variable or literal. */
function isInfix(text: string): boolean {
  let depth = 0;
  const outside = text.replace(/"(?:[^"\\]|\\.)*"|./gs, (token) => {
    if (/[([{]/.test(token)) depth++;
    if (/[)\]}]/.test(token)) depth--;
    return depth === 0 && token.length === 1 ? token : "_";
  });
  return /^not\b|\s/.test(outside.trim());
}

function isOperation(node: Node): boolean {
  if (node.type === "binary" || (node.type === "unary" && node.operator !== "^")) return true;
  return node.type === "call" && !node.parens && node.args.length > 0;
}

/** An entry of `order_by` as `desc_nulls_last: x`; a keyword only where no other kind of entry follows. */
function direction(source: FormSource, call: Call, native: NativeFragment): readonly Edit[] {
  const text = rendered(source, native);
  const outer = call.parent;
  if (outer?.type === "pair" && outer.key.type === "atom" && outer.key.value === "asc")
    return [source.replace(outer, text)];
  if (outer?.type !== "list") return [source.replace(call, `[${text}]`)];
  const isLast = outer.items.slice(outer.items.indexOf(call) + 1).every((item) => item.type === "pair");
  return [source.replace(call, isLast ? text : `{:${text.replace(": ", ", ")}}`)];
}
