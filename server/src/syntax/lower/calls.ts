import type { Call, Node, Section } from "../ast.ts";
import { importedFrom } from "../env.ts";
import { make } from "../make.ts";
import { isDefinition, lowerDefinition } from "./definition.ts";
import type { Lowering } from "./lowering.ts";
import { addArguments } from "./sections.ts";

/** A call with its arguments and sections; what is no call to a reader, fields and definitions, becomes what it is. */
export function lowerCall(lowering: Lowering, i: number): Node {
  return callOf(lowering, i, null);
}

/** `value |> right`; null where the right side is nothing that can be called. */
export function lowerPipe(lowering: Lowering, value: Node, right: number): Node | null {
  const kind = lowering.cst.kind(right);
  if (kind === "call") return callOf(lowering, right, value);
  if (kind !== "identifier") return null;
  const name = lowering.source(right);
  const start = lowering.start(right);
  const end = lowering.end(right);
  return make<Call>({
    type: "call",
    parent: null,
    start: value.start,
    end,
    module: importedFrom(lowering.env, name),
    name,
    args: [value],
    piped: true,
    ownStart: start,
    calleeStart: start,
    calleeEnd: end,
    target: null,
    sections: [],
    remote: false,
    parens: false,
  });
}

function callOf(lowering: Lowering, i: number, piped: Node | null): Node {
  const { cst } = lowering;
  let targetAt = -1;
  let argumentsAt = -1;
  let blockAt = -1;
  for (const child of cst.children(i)) {
    const kind = cst.kind(child);
    if (targetAt < 0) targetAt = child;
    else if (kind === "arguments") argumentsAt = child;
    else if (kind === "do_block") blockAt = child;
  }
  if (targetAt < 0) return lowering.unknown(i);
  const callee = calleeOf(lowering, targetAt);
  const parens = argumentsAt >= 0 && lowering.text.charCodeAt(cst.start(argumentsAt)) === 40;
  if (callee.field && argumentsAt < 0 && blockAt < 0 && !piped) {
    const { object, name, nameStart } = callee.field;
    return make({
      type: "field",
      parent: null,
      start: lowering.start(i),
      end: lowering.end(i),
      object,
      name,
      nameStart,
    });
  }
  if (callee.module === null && !callee.target && isDefinition(callee.name) && !piped) {
    return lowerDefinition(lowering, i, callee.name, argumentsAt, blockAt);
  }
  const args = piped ? [piped] : [];
  const sections: Section[] = [];
  addArguments(lowering, argumentsAt, blockAt, args, sections);
  return make<Call>({
    type: "call",
    parent: null,
    start: piped ? piped.start : lowering.start(i),
    end: lowering.end(i),
    module: callee.module,
    name: callee.name,
    args,
    piped: piped !== null,
    ownStart: lowering.start(i),
    calleeStart: lowering.start(targetAt),
    calleeEnd: lowering.end(targetAt),
    target: callee.target,
    sections,
    remote: callee.remote,
    parens,
  });
}

/** What a call calls. `field` is set where `object.name` may as well be a map field. */
interface Callee {
  readonly module: string | null;
  readonly name: string;
  readonly target: Node | null;
  readonly remote: boolean;
  readonly field?: { readonly object: Node; readonly name: string; readonly nameStart: number };
}

function calleeOf(lowering: Lowering, i: number): Callee {
  const { cst } = lowering;
  const kind = cst.kind(i);
  if (kind === "identifier") {
    const name = lowering.source(i);
    return { module: importedFrom(lowering.env, name), name, target: null, remote: false };
  }
  if (kind !== "dot") return { module: null, name: "", target: lowering.node(i), remote: false };
  const [left, right] = cst.children(i);
  if (left === undefined) return { module: null, name: "", target: lowering.unknown(i), remote: false };
  const object = lowering.node(left);
  if (right === undefined) return { module: null, name: "", target: object, remote: false };
  const name = lowering.source(right).replace(/^"|"$/g, "");
  const module = moduleOf(object);
  if (module !== null) return { module, name, target: null, remote: true };
  const nameStart = lowering.start(right);
  return { module: null, name, target: object, remote: true, field: { object, name, nameStart } };
}

/** The module that `object` in `object.f()` stands for, or null. */
function moduleOf(object: Node): string | null {
  if (object.type === "alias") return object.module;
  if (object.type === "atom") return object.value.startsWith("Elixir.") ? object.value.slice(7) : `:${object.value}`;
  if (object.type === "attribute" && object.value) return moduleOf(object.value);
  return null;
}
