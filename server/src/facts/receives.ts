import type { Call, Clause, Node } from "../syntax/ast.ts";
import { ancestors, find } from "../syntax/visit.ts";
import type { ReceiveFact } from "./facts.ts";

/** What a `receive` takes, and whether it waits without end. */
export function takenBy({ sections }: Call): Omit<ReceiveFact, "at"> {
  const isPinned = (n: Node): boolean => n.type === "unary" && n.operator === "^";
  const isOpen = (n: Node): boolean => n.type === "variable" || (n.type === "tuple" && n.items.every(isOpen));
  const patterns = sections.flatMap(({ name, clauses }) => (name === "after" ? [] : clauses.map((c) => c.patterns[0])));
  return {
    selective: patterns.every((pattern) => pattern && find(pattern, isPinned) !== null),
    open: patterns.some((pattern) => !pattern || isOpen(pattern)),
    limited: sections.some(({ name }) => name === "after"),
  };
}

/** True after `Process.cancel_timer(timer)` was asked: what it has sent already is there to be taken. */
export function isOfTimer(node: Call): boolean {
  const cancels = (n: Node): boolean => n.type === "call" && n.name === "cancel_timer";
  for (const outer of ancestors(node)) {
    if (outer.type !== "call" || !/^(?:if|unless|case|with)$/.test(outer.name)) continue;
    if (outer.args[0] && find(outer.args[0], cancels)) return true;
  }
  return false;
}

/** True for `after 0` with patterns that say what they take: nothing is waited for, and nothing else is lost. */
export function isFlush({ sections }: Call): boolean {
  const at = sections.find(({ name }) => name === "after")?.clauses[0]?.patterns[0];
  const isOpen = ({ patterns: [pattern], guard }: Clause): boolean => pattern?.type === "variable" && guard === null;
  return (
    at?.type === "number" &&
    at.text === "0" &&
    !sections.some(({ name, clauses }) => name === "do" && clauses.some(isOpen))
  );
}
