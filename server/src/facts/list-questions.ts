import type { Binary, Call, Def, Node } from "../syntax/ast.ts";
import { singleUseValue } from "../syntax/binding.ts";
import { calleeOf, type ListQuestion, listQuestion } from "../syntax/list-question.ts";
import { keepsMost } from "../syntax/selectivity.ts";
import { fieldsOf } from "../syntax/sql-expression.ts";
import { isWithin, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { CallFact, ListQuestionFact } from "./facts.ts";
import { indexOf } from "./rows.ts";

const NONE: readonly ListQuestionFact[] = [];
const EMPTY = /[!=]=\s*\[\]|\[\]\s*[!=]=/;

/** What the function asks of lists that calls give, and that it does nothing else with. */
export function listQuestionsOf(
  def: Def,
  written: readonly Call[],
  text: string,
  calls: readonly CallFact[],
  anchors: Anchors,
): readonly ListQuestionFact[] {
  if (calls.length === 0) return NONE;
  const out: ListQuestionFact[] = [];
  for (const node of EMPTY.test(text) ? [...written, ...comparisonsIn(def)] : written) {
    const question = listQuestion(node);
    if (!question || !isAnswered(node, question)) continue;
    const list = givenBy(question.rows);
    const call = list ? indexOf(list, calls, anchors.ranges) : -1;
    const fields = question.closure && call >= 0 ? fieldsOf(question.closure) : null;
    if (call < 0 || fields?.length === 0 || isWithin(node, "template")) continue;
    const at = anchors.add({ start: node.type === "call" ? node.ownStart : node.start, end: node.end });
    out.push({ at, call, by: node.type === "call" ? calleeOf(node) : "[]", instead: question.instead, fields });
  }
  return out.length > 0 ? out : NONE;
}

/** True where a query would load less: a value, or some of the rows. */
function isAnswered(node: Call | Binary, { closure }: ListQuestion): boolean {
  if (node.type === "binary") return true;
  if (closure && /^(?:filter|reject)$/.test(node.name)) return !keepsMost(closure, node.name === "filter");
  return !/^(?:uniq|uniq_by|drop|slice|sort|frequencies|frequencies_by)$/.test(node.name);
}

/** The call whose list the node is: right there, with associations loaded, or held by a variable that is read once. */
function givenBy(rows: Node): Call | null {
  if (rows.type === "variable") {
    const value = singleUseValue(rows);
    return value && givenBy(value);
  }
  if (rows.type !== "call") return null;
  const [inner] = rows.args;
  return inner && rows.name === "preload" && /Repo$/.test(rows.module ?? "") ? givenBy(inner) : rows;
}

function comparisonsIn(def: Def): readonly Binary[] {
  const out: Binary[] = [];
  visit(def, (node) => {
    if (node.type === "binary" && /^[!=]=$/.test(node.operator)) out.push(node);
  });
  return out;
}
