import { anchor, formRule, type Query } from "../../lint/rule.ts";
import { listQuestions } from "../../project/database/list-questions.ts";
import { evidence, nameOfCall } from "../../project/effects/witness.ts";
import { isOneOff, isTool, prints } from "../../project/tools.ts";
import { exists, loadLess } from "../../refactor/load-less.ts";
import type { Binary, Call, Node } from "../../syntax/ast.ts";
import { boundValues, singleUseValue } from "../../syntax/binding.ts";
import { keywordValue } from "../../syntax/flow.ts";
import { ASKING, isFirst, listQuestion } from "../../syntax/list-question.ts";
import { readQuery } from "../../syntax/query.ts";
import { asksForAny, translates } from "../../syntax/sql-expression.ts";
import { find } from "../../syntax/visit.ts";

/** `Repo.exists?` */
const EXISTS = { ecto: "3.0.0" };
const SMALL = 100;
/** So many variables deep a query is followed. */
const DEPTH = 3;

const query: Query<Call | Binary> = { callees: ASKING, types: ["binary"] };

export default formRule({
  id: "ecto/filter-in-memory",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "All rows are loaded, then filtered, sorted or counted in Elixir, where the database could do it.",
  query,
  check(node, cx) {
    const question = listQuestion(node);
    const loaded = question && loadedBy(question.rows, node);
    const source = loaded?.all.args[0];
    if (!loaded || !source || isData(source) || isBounded(source, node)) return;
    // Whole rows are never nil: of them a query has nothing to ask.
    if (node.type === "call" && asksForAny(node.args[1]) && !find(source, (n) => says(n, "select") !== null)) return;
    // Ecto refuses to aggregate a grouped query, which one that comes from elsewhere may be.
    const { instead } = question;
    const words = isWhole(source) ? instead : instead.replace("Repo.aggregate(", "Repo.aggregate(subquery(…), ");
    const callee = (call: Call): string => cx.text({ start: call.calleeStart, end: call.calleeEnd });
    const what = node.type === "binary" ? "comparing with `[]`" : `\`${callee(node)}\``;
    const at = node.type === "binary" ? node : { start: node.ownStart, end: node.end };
    const negation = node.parent?.type === "unary" && /^(not|!)$/.test(node.parent.operator) ? node.parent : null;
    const empty = node.type === "binary" ? node.operator === "==" : node.name === "empty?";
    const asks =
      loaded.direct && (node.type === "binary" || ((empty || node.name === "any?") && node.args.length === 1));
    cx.report(
      at,
      `\`${callee(loaded.all)}\` loads every row for ${what} to work on in memory; let the database do it with ${words}.`,
      {
        requires: words.includes("exists?") ? EXISTS : {},
        related: [
          { at: { start: loaded.all.calleeStart, end: loaded.all.calleeEnd }, message: "The rows are loaded here" },
        ],
        fixes: asks
          ? exists(negation ?? node, loaded.all, empty !== (negation !== null))
          : node.type === "binary"
            ? []
            : loadLess({ ...loaded, consumer: node }, { env: cx.env, text: (n) => cx.text(n) }),
      },
    );
  },
  across(module, cx) {
    if (isTool(module) || isOneOff(module)) return;
    for (const { clause, fact, list } of cx.about(listQuestions, module)) {
      const { hops, declares, isWhole } = list;
      // Rows of one owner, by a function that others have use for: whether there are any costs little more than a query of its own.
      if (prints(clause) || (!isWhole && !fact.fields && fact.instead.includes("exists?"))) continue;
      const rows = isWhole && declares.source ? `every row of \`${declares.source}\`` : "all rows that match";
      const [first, ...way] = hops.map(({ call }) => `\`${nameOfCall(call)}\``);
      const through = way.length > 1 ? ` through ${way.slice(0, -1).join(" and ")}` : "";
      const fields = (fact.fields ?? []).map((name) => `\`${name}\``).join(" and ");
      const works = `\`${fact.by}\` works on them in memory${fields && `, by ${fields}`}`;
      const use = fact.by === "[]" ? "they are compared with `[]`" : works;
      cx.report(
        anchor(module, clause, fact.at),
        `${first} loads ${rows} by ${way.at(-1)}${through}, and ${use}; let the database do it with ${fact.instead}, in a query of its own.`,
        {
          ...(isWhole ? {} : { severity: "information" as const }),
          requires: fact.instead.includes("exists?") ? EXISTS : {},
          related: evidence({ effect: "db-read", hops }),
        },
      );
    }
  },
});

/** True for a query whose source and clauses all stand here. */
function isWhole(query: Node): boolean {
  const { source, through } = readQuery(query);
  return through.length === 0 && source !== null && /^(?:alias|string|tuple)$/.test(source.type);
}

/** The `Repo.all` whose rows the node is: called right there, preloaded, picked one field of, or by a variable read once. */
function loadedBy(rows: Node, consumer: Node, direct = true): { all: Call; direct: boolean } | null {
  if (rows.type === "variable") {
    const value = singleUseValue(rows);
    return value && loadedBy(value, consumer, false);
  }
  if (rows.type !== "call") return null;
  const inner = rows.args[0];
  if (inner && isRepo(rows) && rows.name === "preload") return loadedBy(inner, consumer, false);
  const picks = /^(Enum|Stream)$/.test(rows.module ?? "") && rows.name === "map" && translates(rows.args[1]);
  if (inner && picks && consumer.type === "call" && /^(sum|min|max|uniq|frequencies)$/.test(consumer.name)) {
    return loadedBy(inner, consumer, false);
  }
  return isRepo(rows) && rows.name === "all" && inner ? { all: rows, direct } : null;
}

function isRepo(call: Call): boolean {
  return /Repo$/.test(call.module ?? "") || (call.target?.type === "variable" && call.target.name === "repo");
}

/**
 * True when the query has a limit or is grouped: what is done to a page of rows cannot move into its `where`, and groups
 * are few. `hd` without an order says that there is one row.
 */
function isBounded(query: Node, consumer: Node): boolean {
  const parts =
    query.type === "variable" ? boundValues(query, query.name).filter((value) => !isAround(value, query)) : [query];
  if (parts.some((part) => isLimited(part))) return true;
  if (consumer.type !== "call") return false;
  // What a fragment computes may have no name to sort by.
  if (
    consumer.name === "sort" &&
    parts.some((part) => find(part, (n) => n.type === "call" && n.name === "fragment") !== null)
  )
    return true;
  const isOrdered = parts.some((part) => find(part, (n) => says(n, "order_by") !== null) !== null);
  // PostgreSQL sorts by what is to be distinct first: the rows would come in another order.
  if (consumer.name.startsWith("uniq") && isOrdered) return true;
  if (isOrdered || query.type === "alias") return false;
  // Who takes the first of what has no order, and asks for one value of a column, expects no more than one row.
  return consumer.name === "hd" || (isFirst(consumer) && parts.some((part) => find(part, isEqual) !== null));
}

/** True where the query, or one that it is made of, has a limit or is grouped. */
function isLimited(query: Node, depth = DEPTH): boolean {
  const holds = (n: Node): boolean =>
    n.type === "variable" &&
    depth > 0 &&
    boundValues(n, n.name).some((value) => !isAround(value, n) && isLimited(value, depth - 1));
  return find(query, (n) => bounds(n) || holds(n)) !== null;
}

function isEqual(node: Node): boolean {
  return node.type === "binary" && node.operator === "==";
}

/** True for what is no query: a module that is called like a repository, and is none, is asked with options. */
function isData(source: Node): boolean {
  return source.type === "list" || (source.type === "call" && /^(?:Enum|Map|Keyword|List)$/.test(source.module ?? ""));
}

function isAround(outer: Node, inner: Node): boolean {
  return find(outer, (n) => n === inner) !== null;
}

function bounds(node: Node): boolean {
  const limit = says(node, "limit");
  if (limit) return !(limit.type === "number" && Number(limit.text) > SMALL);
  const one = node.type === "call" && node.module === "Ecto.Query" && /^(first|last)$/.test(node.name);
  return one || says(node, "group_by") !== null;
}

/** What a query macro is given for a clause: `limit(q, 10)`, or `limit: 10` in a `from`. */
function says(node: Node, clause: string): Node | null {
  if (node.type !== "call" || node.module !== "Ecto.Query") return null;
  return (node.name === clause ? node.args.at(-1) : keywordValue(node.args[1], clause)) ?? null;
}
