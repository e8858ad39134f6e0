import { calls, formRule, suggest } from "../../lint/rule.ts";
import { nameByRegistry } from "../../refactor/registry-name.ts";
import type { Call, Node } from "../../syntax/ast.ts";
import { boundValues } from "../../syntax/binding.ts";
import { keywordValue } from "../../syntax/flow.ts";
import { visit } from "../../syntax/visit.ts";

const MODULES = ["GenServer", "GenStage", "Agent", "Supervisor", "DynamicSupervisor", "Task.Supervisor", "Registry"];
const STARTS = MODULES.flatMap((module) => [`${module}.start_link`, `${module}.start`]);
/** What a name is made from that is there a fixed number of times: another name, a number in a pool, an environment. */
const BOUNDED =
  /^_?(?:\w*name|base|prefix|suffix|mod(?:ule)?|server|registry|supervisor|parent|opts?|options|config|env|app|node|kind|type|role|i|n|idx|index|num(?:ber)?|shard|slot|partition|worker)$/;

export default formRule({
  id: "otp/dynamic-atom-name",
  category: "reliability",
  severity: "warning",
  since: "0.1.0",
  summary:
    "A process named by an atom made at run time: atoms are never collected, and the node stops when they run out.",
  query: calls("Process.register", ...STARTS),
  check(call, cx) {
    const given = call.name === "register" ? call.args[1] : keywordValue(call.args.at(-1), "name");
    const name = given ? (atomMade(given, call) ?? null) : null;
    if (!name) return;
    cx.report(
      name,
      `\`${cx.text(name)}\` makes an atom for each process, and atoms are never collected: with enough of them the node goes down; name it \`{:via, Registry, {…}}\`.`,
      { fixes: [suggest("Name it by a `Registry`", (source) => nameByRegistry(source))] },
    );
  },
});

/** The expression, or what its variable is bound to, when that makes an atom of something that there may be any number of. */
function atomMade(node: Node, call: Call): Node | null {
  if (node.type === "variable") {
    const [value, another] = boundValues(call, node.name);
    return value && !another && value.type !== "variable" ? atomMade(value, call) : null;
  }
  const names = namesIn(node);
  return names?.some((name) => !BOUNDED.test(name)) ? node : null;
}

/** The variables and fields that an atom is made from; null for any other expression. */
function namesIn(node: Node): readonly string[] | null {
  if (node.type === "atom") return interpolated(node.value);
  if (node.type !== "call") return null;
  const makes =
    (node.module === "String" && node.name === "to_atom") ||
    (node.module === "List" && node.name === "to_atom") ||
    (node.module === "Module" && node.name === "concat") ||
    (node.module === ":erlang" && /^(?:binary|list)_to_atom$/.test(node.name));
  return makes ? node.args.flatMap(sourcesOf) : null;
}

/** What is in the `#{…}` of a quoted atom, whose parts have no syntax of their own. */
function interpolated(text: string): string[] | null {
  const parts = [...text.matchAll(/#\{([^}]*)\}/g)].map((part) => (part[1] ?? "").trim());
  return parts.length > 0 ? parts.filter((part) => !/^(?:__MODULE__|@\w+)$/.test(part)).map(lastName) : null;
}

/** `id` of `state.car.id`, `id` of `Keyword.fetch!(opts, :id)`. */
function lastName(expression: string): string {
  return /(\w+)\W*$/.exec(expression)?.[1] ?? expression;
}

/** The names of what an expression reads: `id` for `id`, `car.id`, `opts[:id]` and `Keyword.fetch!(opts, :id)`. */
function sourcesOf(node: Node): string[] {
  const out: string[] = [];
  visit(node, (inner) => {
    const key = inner.type === "access" ? inner.key : inner.type === "call" ? inner.args[1] : undefined;
    if (inner.type === "variable" || inner.type === "field") out.push(inner.name);
    else if (key?.type === "atom") out.push(key.value);
    else return true;
    return false;
  });
  return out;
}
