import { type FormContext, fix, formRule, nodes, suggest } from "../../lint/rule.ts";
import { stringKeys } from "../../refactor/string-keys.ts";
import type { Atom, Call, Def, MapLiteral, Node, Pair } from "../../syntax/ast.ts";
import { uses } from "../../syntax/env.ts";
import { boundNames, keywordValue } from "../../syntax/flow.ts";
import { ancestors, visit } from "../../syntax/visit.ts";

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
  for (const map of pattern ? mapsIn(pattern) : []) {
    const pair = map.items.find(hasAtomKey);
    if (pair)
      report(map, `${pair.key.value}:`, {
        fixes: [fix("Match on string keys", (source) => stringKeys(source, [map]))],
      });
  }
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
    if (node.type === "binary" && node.operator === "=" && isArgs(node.right))
      for (const map of mapsIn(node.left)) {
        const pair = map.items.find(hasAtomKey);
        if (pair)
          report(map, `${pair.key.value}:`, {
            fixes: [fix("Match on string keys", (source) => stringKeys(source, [map]))],
          });
      }
  });
}

/** What `perform` knows the args by. Null where they are not the raw ones: bound anew, or made ready by another worker. */
function jobArgs(def: Def): { pattern: Node | null; name: string | null; job: string | null } | null {
  const [param] = def.params;
  const sides = param?.type === "binary" && param.operator === "=" ? [param.left, param.right] : [param];
  const map = sides.find((side) => side?.type === "map");
  const variable = sides.find((side) => side?.type === "variable");
  const args = keywordValue(map, "args");
  const parts = args?.type === "binary" && args.operator === "=" ? [args.left, args.right] : [args];
  const pattern = parts.find((part) => part?.type === "map") ?? null;
  const name = parts.find((part) => part?.type === "variable");
  const names = [name, variable].flatMap((node) => (node?.type === "variable" ? [node.name] : []));
  let again = false;
  if (def.body)
    visit(def.body, (node) => {
      if (node.type === "binary" && node.operator === "=" && names.some((n) => boundNames(node.left).has(n)))
        again = true;
    });
  if (again) return null;
  return {
    pattern,
    name: name?.type === "variable" ? name.name : null,
    job: variable?.type === "variable" ? variable.name : null,
  };
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

const INSERTS = /^insert(?:_all)?!?$/;

/** `Worker.new(%{user: user})` with what JSON cannot bring back. */
function checkNew(call: Call, cx: FormContext): void {
  const [args] = call.args;
  if (call.name !== "new" || call.module === null || args?.type !== "map" || args.struct || !isJob(call)) return;
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

function isJob(call: Call): boolean {
  if (call.module === "Oban.Job" || /(?:Worker|Job)s?$/.test(call.module ?? "")) return true;
  for (const outer of ancestors(call)) {
    if (outer.type === "call") return outer.module === "Oban" && INSERTS.test(outer.name);
    if (outer.type === "block") return false;
  }
  return false;
}

function lostInJson(value: Node, form: Node): string | null {
  if (value.type === "map" && value.struct?.type === "alias")
    return VALUES.test(value.struct.module) ? null : `a \`%${value.struct.short}{}\``;
  if (value.type === "tuple") return "a tuple";
  if (value.type === "fn" || value.type === "capture" || value.type === "function-reference") return "a function";
  if (value.type === "call") return value.module === null && value.name === "self" ? "a pid" : null;
  if (value.type !== "variable" || form.type !== "def") return null;
  const struct = form.params.map((param) => structOf(param, value.name)).find((module) => module !== null);
  return struct ? `\`${value.name}\`, a \`%${struct}{}\`,` : null;
}

/** Structs that are written as one value: strings, and back again from them. */
const VALUES = /^(?:Date|Time|DateTime|NaiveDateTime|Decimal|URI|Version)$/;

/** The struct that a parameter says the variable is: `%Order{} = order`. */
function structOf(param: Node, name: string): string | null {
  if (param.type !== "binary" || param.operator !== "=") return null;
  const [map, variable] = param.left.type === "map" ? [param.left, param.right] : [param.right, param.left];
  if (variable.type !== "variable" || variable.name !== name || map.type !== "map") return null;
  return map.struct?.type === "alias" && !VALUES.test(map.struct.module) ? map.struct.short : null;
}
