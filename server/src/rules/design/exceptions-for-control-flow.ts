import { formRule, nodes, suggest } from "../../lint/rule.ts";
import { caseInstead } from "../../refactor/case-instead.ts";
import type { Section } from "../../syntax/ast.ts";
import { protectedCall } from "../../syntax/raising.ts";
import { find } from "../../syntax/visit.ts";

export default formRule({
  id: "design/exceptions-for-control-flow",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "An exception is rescued into a value where a function that returns the error as a value stands ready.",
  query: nodes("call", "def"),
  check(node, cx) {
    if (node.type === "call" && (node.module !== null || node.name !== "try" || node.target)) return;
    const rescue = node.sections.find(({ name }) => name === "rescue");
    if (!rescue || node.sections.some(({ name }) => name === "catch") || raisesAgain(rescue)) return;
    const body = node.type === "def" ? node.body : node.sections.find(({ name }) => name === "do")?.body;
    const found = body ? protectedCall(body) : null;
    if (!found || !body) return;
    const { call, twin } = found;
    const raising = cx.text({ start: call.calleeStart, end: call.calleeEnd });
    const [alternative, ...named] = [raising.replace(/[\w!?]+$/, twin.name), ...(twin.module ? [twin.module] : [])];
    const instead = named.length > 0 ? `${twin.module}.${twin.name}` : alternative;
    cx.report(
      { start: call.ownStart, end: call.end },
      `\`${raising}\` raises only for this \`rescue\` to make a value of it, which hides every other mistake of that kind too; \`${instead}\` returns the failure as a value to match on.`,
      { fixes: [suggest(`Match on \`${instead}\``, (source) => caseInstead(source, node, body, found, rescue))] },
    );
  },
});

/** Logging and raising again is no control flow, and nor is another attempt that may raise. */
function raisesAgain(rescue: Section): boolean {
  return find(rescue, (n) => n.type === "call" && /^(?:reraise|raise|throw|exit)$|!$/.test(n.name)) !== null;
}
