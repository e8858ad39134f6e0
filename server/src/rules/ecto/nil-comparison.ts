import { calls, type Fix, fix, formRule } from "../../lint/rule.ts";
import type { Binary, Call, Node, Pair } from "../../syntax/ast.ts";
import { isAtom } from "../../syntax/literals.ts";
import { visit } from "../../syntax/visit.ts";

const CONDITIONS = "where or_where having or_having".split(" ");
const MACROS = ["from", "dynamic", "join", "select", "select_merge", ...CONDITIONS];

export default formRule({
  id: "ecto/nil-comparison",
  category: "correctness",
  severity: "error",
  since: "0.1.0",
  summary: "A comparison with `nil` in a query: SQL's `= NULL` is never true, and Ecto refuses it.",
  query: calls(...MACROS.map((name) => `Ecto.Query.${name}`), "*.get_by", "*.get_by!"),
  check(call, cx) {
    const report = (at: Pair | Binary, name: string, fixes: Fix[]): void =>
      cx.report(
        at,
        `Comparing \`${name}\` with \`nil\` in a query raises, since SQL's \`= NULL\` is never true; use \`is_nil\`.`,
        { fixes },
      );
    if (call.name.startsWith("get_by")) {
      if (/Repo$/.test(call.module ?? "")) for (const pair of nilPairs(call.args[1])) report(pair, keyOf(pair), []);
      return;
    }
    for (const arg of call.args.slice(call.name === "dynamic" ? 0 : 1)) {
      visit(arg, (node) => {
        if (node.type === "unary" && node.operator === "^") return false;
        if (node.type === "call" && node.module === "Ecto.Query") return false;
        const field = node.type === "binary" ? comparedWithNil(node) : null;
        if (node.type !== "binary" || !field) return;
        const isNil = `${node.operator === "==" ? "" : "not "}is_nil(${cx.text(field)})`;
        report(node, cx.text(field), [fix(`Replace with \`${isNil}\``, (source) => [source.replace(node, isNil)])]);
      });
    }
    for (const { list, binding } of keywordConditions(call)) {
      for (const pair of nilPairs(list)) {
        const condition = `is_nil(${binding ?? "x"}.${keyOf(pair)})`;
        const rewritten = binding ? condition : `[x], ${condition}`;
        const alone = list.type === "list" && list.items.length === 1;
        report(
          pair,
          keyOf(pair),
          alone ? [fix(`Replace with \`${condition}\``, (source) => [source.replace(list, rewritten)])] : [],
        );
      }
    }
  },
});

/** The other side of `x == nil` or `x != nil`. */
function comparedWithNil({ operator, left, right }: Binary): Node | null {
  if (operator !== "==" && operator !== "!=") return null;
  return isAtom(right, "nil") ? left : isAtom(left, "nil") ? right : null;
}

/** `where: [a: nil]` in a `from`, with the variable that `from` binds, and `where(query, a: nil)`. */
function keywordConditions(call: Call): { list: Node; binding: string | null }[] {
  const last = call.args.at(-1);
  if (!last || call.args.length < 2) return [];
  if (CONDITIONS.includes(call.name)) return call.args.length === 2 ? [{ list: last, binding: null }] : [];
  if (call.name !== "from" || last.type !== "list") return [];
  const source = call.args[0];
  const binding = source?.type === "binary" && source.left.type === "variable" ? source.left.name : null;
  if (binding === null) return [];
  return last.items.flatMap((item) =>
    item.type === "pair" && CONDITIONS.includes(keyOf(item)) ? [{ list: item.value, binding }] : [],
  );
}

function nilPairs(node: Node | undefined): Pair[] {
  if (node?.type !== "list") return [];
  return node.items.filter((item): item is Pair => item.type === "pair" && isAtom(item.value, "nil"));
}

function keyOf(pair: Pair): string {
  return pair.key.type === "atom" ? pair.key.value : "";
}
