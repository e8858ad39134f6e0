import { calls, type Fix, fix, formRule } from "../../lint/rule.ts";
import type { Call, Node } from "../../syntax/ast.ts";
import { tails } from "../../syntax/flow.ts";

/** Functions of a repository that never give `{:ok, _}` or `{:error, _}`. */
const REPO =
  /^(?:(?:insert|update|delete|insert_or_update|get|get_by|one)!|get|get_by|one|all|all_by|aggregate|exists\?|reload!?|preload|insert_all|update_all|delete_all|stream|load)$/;
const LISTS = /^(?:map|filter|reject|flat_map|sort|sort_by|uniq|to_list|each|count|sum|into|group_by|map_join|join)$/;

export default formRule({
  id: "ecto/multi-run-return",
  category: "correctness",
  severity: "error",
  since: "0.2.0",
  summary:
    "A function of `Multi.run` or `Repo.transact` gives neither `{:ok, _}` nor `{:error, _}`: the transaction raises.",
  query: calls("Ecto.Multi.run", "*.transact"),
  check(call, cx) {
    if (call.module !== "Ecto.Multi" && !isRepo(call)) return;
    const name = `\`${cx.text({ start: call.calleeStart, end: call.calleeEnd })}\``;
    for (const tail of waysOut(call.args[call.module === "Ecto.Multi" ? 2 : 0])) {
      const value = tail.type === "binary" && tail.operator === "=" ? tail.right : tail;
      const gives = wrongValue(value);
      // Many a repository has a `transact` of its own, from before Ecto had one, that takes `:ok` too.
      if (gives === null || (call.module !== "Ecto.Multi" && value.type === "atom")) continue;
      cx.report(
        tail,
        `The function of ${name} gives ${gives} here, where it must give \`{:ok, value}\` or \`{:error, reason}\`, so the transaction raises; return it in \`{:ok, …}\`.`,
        { fixes: [fix("Return it in `{:ok, …}`", wrap)] },
      );
    }
  },
});

/** What the closure evaluates to, one node for each way out. */
function waysOut(closure: Node | undefined): readonly Node[] {
  if (closure?.type === "capture") return tails(closure.body);
  return closure?.type === "fn" ? closure.clauses.flatMap(({ body }) => tails(body)) : [];
}

function isRepo({ module, target }: Call): boolean {
  return /(?:^|\.)\w*Repo$/.test(module ?? "") || (target?.type === "variable" && target.name === "repo");
}

/** What the expression surely is, in words, when that is no result; null when it may be one. */
function wrongValue(node: Node): string | null {
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
      return wrongCall(node);
    default:
      return null;
  }
}

function wrongCall(call: Call): string | null {
  const { module, name } = call;
  const named = `what \`${name}\` gives`;
  if (isRepo(call)) return REPO.test(name) ? named : null;
  if (module === "Enum") return LISTS.test(name) ? named : null;
  if (module === "Phoenix.PubSub") return /^(?:local_)?broadcast/.test(name) ? "`:ok`" : null;
  if (module === "Logger") return "`:ok`";
  return module === "IO" && /^(?:puts|write)$/.test(name) ? "`:ok`" : null;
}

const wrap: Fix["edits"] = (source) => {
  const node = source.node(source.at);
  if (!node || (node.type === "call" && !node.parens)) return null;
  return [source.insertBefore(node, "{:ok, "), source.insertAfter(node, "}")];
};
