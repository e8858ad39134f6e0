import { type FormContext, fix, formRule, nodes, suggest } from "../../lint/rule.ts";
import { stringKeys } from "../../refactor/string-keys.ts";
import type { Atom, Call, Def, MapLiteral, Node, Pair } from "../../syntax/ast.ts";
import { uses } from "../../syntax/env.ts";
import { isNewJob, jobArgs, lostInJson } from "../../syntax/oban.ts";
import { visit } from "../../syntax/visit.ts";

export default formRule({
  id: "design/oban-args",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "A job's args are JSON: atom keys never match in `perform/1`, and structs do not come back as structs.",
  query: nodes("def", "call"),
  check(node, cx) {
    if (node.type === "def") checkPerform(node, cx);
    else checkNew(node, cx);
  },
});

const READERS = new Set(["get", "fetch", "fetch!", "has_key?", "pop", "take"]);

function checkPerform(def: Def, cx: FormContext): void {
  if (def.name !== "perform" || def.params.length !== 1 || !isWorker(cx)) return;
  const reads = jobArgs(def);
  if (!reads) return;
  const report = (at: Node, key: string, fixes: Parameters<typeof cx.report>[2]): void =>
    cx.report(
      at,
      `The args of a job come back from the database as JSON, whose keys are strings: \`${key}\` finds nothing here; use \`"${key.replace(/:$/, "")}"\`.`,
      fixes,
    );
  const { pattern, name, job } = reads;
  const reportMatches = (pattern: Node): void => {
    for (const map of mapsIn(pattern)) {
      const pair = map.items.find(hasAtomKey);
      const fixes = [fix("Match on string keys", (source) => stringKeys(source, [map]))];
      if (pair) report(map, `${pair.key.value}:`, { fixes });
    }
  };
  if (pattern) reportMatches(pattern);
  const isArgs = (node: Node | undefined): boolean =>
    (node?.type === "variable" && node.name === name) ||
    (node?.type === "field" && node.name === "args" && node.object.type === "variable" && node.object.name === job);
  if (!def.body) return;
  visit(def.body, (node) => {
    if (node.type === "field" && isArgs(node.object))
      report(node, node.name, {
        fixes: [
          fix(`Read \`["${node.name}"]\``, (source) => [
            source.replace(node, `${source.text(node.object)}["${node.name}"]`),
          ]),
        ],
      });
    const key = node.type === "access" && isArgs(node.object) ? node.key : readKey(node, isArgs);
    if (key?.type === "atom")
      report(key, key.value, {
        fixes: [fix(`Use \`"${key.value}"\``, (source) => [source.replace(key, `"${key.value}"`)])],
      });
    if (node.type === "binary" && node.operator === "=" && isArgs(node.right)) reportMatches(node.left);
  });
}

/** The worker of Oban itself: that of Oban Pro makes structs with atom keys of args with a schema. */
function isWorker({ env }: FormContext): boolean {
  return uses(env, "Oban.Worker") && !env.uses.some(({ module }) => module.startsWith("Oban.Pro."));
}

/** The key of `Map.get(args, :key)`. */
function readKey(node: Node, isArgs: (node: Node | undefined) => boolean): Node | null {
  if (node.type !== "call" || node.module !== "Map" || !READERS.has(node.name) || !isArgs(node.args[0])) return null;
  return node.args[1] ?? null;
}

/** A map without struct, and the maps in its values. */
function mapsIn(pattern: Node): MapLiteral[] {
  if (pattern.type !== "map" || pattern.struct) return [];
  return [pattern, ...pattern.items.flatMap((item) => (item.type === "pair" ? mapsIn(item.value) : []))];
}

function hasAtomKey(item: Node): item is Pair & { readonly key: Atom } {
  return item.type === "pair" && item.key.type === "atom";
}

/** `Worker.new(%{user: user})` with what JSON cannot bring back. */
function checkNew(call: Call, cx: FormContext): void {
  const [args] = call.args;
  if (call.name !== "new" || call.module === null || args?.type !== "map" || args.struct || !isNewJob(call)) return;
  for (const item of args.items) {
    if (item.type !== "pair") continue;
    const what = lostInJson(item.value, cx.form);
    if (what === null) continue;
    const { key, value } = item;
    cx.report(
      value,
      `The args of a job are stored as JSON: ${what} does not come back from it, if it can be encoded at all; pass an id and load the rest in \`perform/1\`.`,
      value.type === "variable" && key.type === "atom"
        ? {
            fixes: [
              suggest(`Pass \`${key.value}_id: ${value.name}.id\``, (source) => [
                source.replace(item, `${key.value}_id: ${value.name}.id`),
              ]),
            ],
          }
        : {},
    );
  }
}
