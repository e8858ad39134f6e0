import { type Edit, type Fix, type FormSource, fix, type Requirements, suggest } from "../lint/rule.ts";
import type { Call, MapLiteral, Node, Pair } from "../syntax/ast.ts";
import { type Env, importedFrom } from "../syntax/env.ts";
import { find } from "../syntax/visit.ts";

const SINCE: Requirements = { phoenix_live_view: "0.18.0" };

const INSTEAD: ReadonlyMap<string, string> = new Map([
  ["put", "assign"],
  ["merge", "assign"],
  ["into", "assign"],
  ["put_in", "assign"],
  ["put_new", "assign_new"],
  ["put_new_lazy", "assign_new"],
  ["update!", "update"],
  ["update_in", "update"],
]);

/** The ways out of a change at the reported place, by the function that makes it; null for a map update. */
export function assignInsteadAt(by: string | null): Fix[] {
  const name = by === null ? "assign" : INSTEAD.get(by.slice(by.lastIndexOf(".") + 1));
  if (name === undefined) return [];
  const edits =
    (kind: Fix["kind"]): Fix["edits"] =>
    (source) => {
      const { start, end } = source.at;
      const change = find(
        source.ast,
        (node) =>
          node.end === end &&
          (node.type === "call" ? node.ownStart === start : node.type === "map" && node.start === start),
      );
      const [known] = change?.type === "call" || change?.type === "map" ? assignInstead(change, source.env) : [];
      return known?.kind === kind ? known.edits(source) : null;
    };
  const title = `Use \`${name}\``;
  return name === "assign" && by?.endsWith("into")
    ? [fix(title, edits("fix"), SINCE), suggest(`${title}, whose keys have to be atoms`, edits("suggestion"), SINCE)]
    : [fix(title, edits("fix"), SINCE)];
}

/** The same change through `assign`, `assign_new` or `update`; none where there is no such counterpart. */
function assignInstead(change: Call | MapLiteral, env: Env): Fix[] {
  const named = (name: string): string =>
    importedFrom(env, name) === "Phoenix.Component" ? name : `Phoenix.Component.${name}`;
  const use = (name: string, edits: Fix["edits"]): Fix => fix(`Use \`${name}\``, edits, SINCE);
  if (change.type === "map") {
    const { base } = change;
    if (base?.type !== "variable" || !base.name.startsWith("assigns")) return [];
    return [
      use("assign", (source) => [source.replace(change, `${named("assign")}(${base.name}, ${pairs(source, change)})`)]),
    ];
  }
  const [first, second, third] = change.args;
  if (!first || !second || !change.parens) return [];
  if (change.module === "Map" && !isAssignsOf(first)) {
    // `Map.put(socket, :assigns, …)`
    if (second.type === "atom" && second.value === "assigns") return [];
  }
  const rename = (name: string, ...more: Edit[]): Fix[] => [
    use(name, (source) => [callee(source, change, named(name)), ...more]),
  ];
  switch (change.module === null ? change.name : `${change.module}.${change.name}`) {
    case "Map.put":
      return rename("assign");
    case "Map.merge":
      return change.args.length === 2 ? rename("assign") : [];
    case "Map.put_new_lazy":
      return rename("assign_new");
    case "Map.update!":
      return rename("update");
    case "Map.put_new":
      if (!third) return [];
      return [
        use("assign_new", (source) => [
          callee(source, change, named("assign_new")),
          source.replace(third, `fn -> ${source.text(third)} end`),
        ]),
      ];
    case "Enum.into": {
      if (change.piped || change.args.length !== 2 || second.type !== "variable") return [];
      const edits = (source: FormSource): Edit[] => [
        source.replace(change, `${named("assign")}(${second.name}, ${source.text(first)})`),
      ];
      return [
        first.type === "list" || first.type === "map" ? use("assign", edits) : suggest("Use `assign`", edits, SINCE),
      ];
    }
    case "put_in":
      return change.args.length === 2 ? putIn(change, first, second, named("assign"), "assign", use) : [];
    case "update_in":
      return change.args.length === 2 ? putIn(change, first, second, named("update"), "update", use) : [];
    default:
      return [];
  }
}

/** `put_in(assigns.key, value)` and `put_in(socket.assigns.key, value)`; deeper paths stay. */
function putIn(
  change: Call,
  path: Node,
  value: Node,
  callee: string,
  name: string,
  use: (name: string, edits: Fix["edits"]) => Fix,
): Fix[] {
  if (change.piped || (path.type !== "field" && path.type !== "access")) return [];
  const key = path.type === "field" ? `:${path.name}` : path.key.type === "atom" ? `:${path.key.value}` : null;
  const of = path.object;
  const subject = of.type === "field" && of.name === "assigns" ? of.object : of;
  if (key === null || subject.type !== "variable" || (subject === of && subject.name !== "assigns")) return [];
  return [use(name, (source) => [source.replace(change, `${callee}(${subject.name}, ${key}, ${source.text(value)})`)])];
}

function isAssignsOf(node: Node): boolean {
  return node.type === "variable" && node.name === "assigns";
}

function callee(source: FormSource, { calleeStart: start, calleeEnd: end }: Call, name: string): Edit {
  return source.replace({ start, end }, name);
}

/** The new values of `%{assigns | …}`: as keywords where they are such, else as a map. */
function pairs(source: FormSource, { items }: MapLiteral): string {
  const [first, last] = [items[0], items.at(-1)];
  const text = first && last ? source.between(first.start, last.end) : "";
  const keywords = items.every(
    (item): item is Pair => item.type === "pair" && /:\s*$/.test(source.between(item.start, item.value.start)),
  );
  return keywords ? text : `%{${text}}`;
}
