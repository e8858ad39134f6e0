import type { Call, Node } from "./ast.ts";
import { tails } from "./flow.ts";

/** Functions of a repository that never give `{:ok, _}` or `{:error, _}`. */
const REPO =
  /^(?:(?:insert|update|delete|insert_or_update|get|get_by|one)!|get|get_by|one|all|all_by|aggregate|exists\?|reload!?|preload|insert_all|update_all|delete_all|stream|load)$/;
const LISTS = /^(?:map|filter|reject|flat_map|sort|sort_by|uniq|to_list|each|count|sum|into|group_by|map_join|join)$/;

/** What a closure evaluates to, one node for each way out; nothing where it is not written out. */
export function waysOut(closure: Node | undefined): readonly Node[] {
  if (closure?.type === "capture") return tails(closure.body);
  return closure?.type === "fn" ? closure.clauses.flatMap(({ body }) => tails(body)) : [];
}

/** True for a call of a repository, or of the `repo` that `Multi.run` hands on. */
export function isRepoCall({ module, target }: Call): boolean {
  return /(?:^|\.)\w*Repo$/.test(module ?? "") || (target?.type === "variable" && target.name === "repo");
}

/** What the expression surely is, in words, when that is neither `{:ok, _}` nor `{:error, _}`; null when it may be. */
export function nonResult(node: Node): string | null {
  switch (node.type) {
    case "atom":
      return `\`${/^(?:nil|true|false)$/.test(node.value) ? "" : ":"}${node.value}\``;
    case "string":
      return node.charlist ? "a charlist" : "a string";
    case "number":
      return "a number";
    case "list":
      return "a list";
    case "map":
      return node.struct ? "a struct" : "a map";
    case "tuple": {
      const [tag] = node.items;
      const isResult = tag?.type === "atom" && /^(?:ok|error)$/.test(tag.value) && node.items.length === 2;
      const isKnown = tag?.type === "atom" || node.items.length !== 2;
      return isResult || !isKnown ? null : "another tuple";
    }
    case "call":
      return nonResultCall(node);
    default:
      return null;
  }
}

function nonResultCall(call: Call): string | null {
  const { module, name } = call;
  const named = `what \`${name}\` gives`;
  if (isRepoCall(call)) return REPO.test(name) ? named : null;
  if (module === "Enum") return LISTS.test(name) ? named : null;
  if (module === "Phoenix.PubSub") return /^(?:local_)?broadcast/.test(name) ? "`:ok`" : null;
  if (module === "Logger") return "`:ok`";
  return module === "IO" && /^(?:puts|write)$/.test(name) ? "`:ok`" : null;
}
