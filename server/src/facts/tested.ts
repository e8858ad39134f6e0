import type { Call, Node } from "../syntax/ast.ts";
import type { Env } from "../syntax/env.ts";
import { visit } from "../syntax/visit.ts";
import { errorOf } from "./error.ts";
import type { TestFacts, TestMessage } from "./facts.ts";
import { KERNEL, PURE_MODULES } from "./pure.ts";
import { shapeOf } from "./shape.ts";

/** Functions that are given the name of another one to put something in its place, or to ask how it was called. */
const DOUBLES = /expect|stub|patch|mock|replace|called|num_calls|history|reject/;
/** Modules whose calls say nothing of the project. */
const TOOLS =
  /^(?:ExUnit|Phoenix\.(?:ConnTest|LiveViewTest|ChannelTest)|Ecto\.Adapters\.SQL\.Sandbox|Mox|Mimic|Plug\.Conn)/;
/** Imports that bring in no function of the project. */
const LIBRARIES = /^(?:ExUnit|Phoenix|Plug|Ecto|Mox|Mock|Mimic|Swoosh|Oban|Kernel|Bitwise|Logger)(?:\.|$)/;
const SENDS = new Map<string, TestMessage["kind"]>([
  ["GenServer.call", "call"],
  [":gen_server.call", "call"],
  ["GenServer.cast", "cast"],
  [":gen_server.cast", "cast"],
  ["send", "info"],
  ["Process.send", "info"],
  ["Process.send_after", "info"],
]);
/** A test may call a callback itself. */
const CALLBACKS = new Map<string, TestMessage["kind"]>([
  ["handle_call", "call"],
  ["handle_cast", "cast"],
  ["handle_info", "info"],
]);

/** What the tests in a form of a test file do to the project's code: calls, messages, modules named, errors expected. */
export function testedIn(form: Node, env: Env): TestFacts | null {
  const calls = new Set<string>();
  const mentions = new Set<string>();
  const messages = new Map<string, TestMessage>();
  const errors = new Set<string>();
  const imports = env.imports.some(({ module }) => !LIBRARIES.test(module));
  const call = (node: Call): void => {
    const { module, name } = node;
    const full = module === null ? name : `${module}.${name}`;
    const kind = SENDS.get(full) ?? (module === null ? undefined : CALLBACKS.get(name));
    if (kind) {
      const message = { kind, message: shapeOf(node.args[SENDS.has(full) ? 1 : 0], 1) };
      messages.set(JSON.stringify(message), message);
    }
    const arity = node.args.length + (node.sections.length > 0 ? 1 : 0);
    if (isOfProject(module, name, imports)) calls.add(`${full}/${arity}`);
    const applied = DOUBLES.test(name) ? null : appliedIn(node);
    if (applied) calls.add(applied);
  };
  visit(form, (node) => {
    if (node.type === "call") {
      if (node.module === null && /^(?:alias|import|require|use)$/.test(node.name)) return false;
      if (node.name !== "" && (!node.target || node.module !== null)) call(node);
    } else if (node.type === "function-reference") {
      if (isOfProject(node.module, node.name, imports))
        calls.add(`${node.module ? `${node.module}.` : ""}${node.name}/${node.arity}`);
    } else if (node.type === "alias") mentions.add(node.module);
    else if (node.type === "tuple") {
      const error = errorOf(shapeOf(node, 2));
      if (error !== null) errors.add(error);
    }
    return true;
  });
  if (calls.size + mentions.size + messages.size + errors.size === 0) return null;
  return { calls: [...calls], mentions: [...mentions], messages: [...messages.values()], errors: [...errors] };
}

/** `:erpc.call(node, Depot.Scales, :weigh, [parcel])`: a function by its module, name and arguments. */
function appliedIn({ args }: Call): string | null {
  const at = args.findIndex((arg, i) => arg.type === "alias" && args[i + 1]?.type === "atom");
  const [module, name, given] = at < 0 ? [] : args.slice(at);
  if (module?.type !== "alias" || name?.type !== "atom" || PURE_MODULES.has(module.module)) return null;
  const arity = given === undefined ? 0 : given.type === "list" ? given.items.length : null;
  return arity === null ? null : `${module.module}.${name.value}/${arity}`;
}

function isOfProject(module: string | null, name: string, imports: boolean): boolean {
  if (module === null && name === "doctest") return true;
  if (module === null) return imports && !KERNEL.has(name) && !/^(?:test|describe|setup|assert|refute)/.test(name);
  return !PURE_MODULES.has(module) && !TOOLS.test(module);
}
