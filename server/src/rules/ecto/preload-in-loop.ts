import { calls, type Fix, fix, formRule, suggest } from "../../lint/rule.ts";
import type { Call, Node } from "../../syntax/ast.ts";
import { type Iteration, iterationAround } from "../../syntax/iteration.ts";
import { mentions } from "../../syntax/visit.ts";

export default formRule({
  id: "ecto/preload-in-loop",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary:
    "`Repo.preload` called once an element: a query per association and row, where one per association would do.",
  query: calls("*.preload"),
  check(call, cx) {
    const struct = call.args[0];
    const loop = iterationAround(call);
    if (!/Repo$/.test(call.module ?? "") || !struct || call.args.length < 2 || !loop || loop.batched) return;
    if (!isElement(struct, loop)) return;
    // What to preload differs from element to element: one call for all would not do the same.
    if (call.args.slice(1).some((arg) => mentions(arg, loop.elements))) return;
    const own = { start: call.ownStart, end: call.end };
    const callee = cx.text({ start: call.calleeStart, end: call.calleeEnd });
    cx.report(
      own,
      `\`${callee}\` runs once for each element of this \`${loop.kind}\`, a query every time; preload the whole list in one go.`,
      {
        related: [{ at: { start: loop.node.calleeStart, end: loop.node.calleeEnd }, message: `The \`${loop.kind}\`` }],
        fixes: preloadAll(call, loop),
      },
    );
  },
});

/** The element itself, or a part that its pattern bound. */
function isElement(node: Node, loop: Iteration): boolean {
  return node.type === "capture-argument" || (node.type === "variable" && loop.elements.has(node.name));
}

/** Where the loop does nothing but preload, `Repo.preload` of the list is the same, order included. */
function preloadAll(call: Call, loop: Iteration): Fix[] {
  const { node, collection, body } = loop;
  const alone = body === call.parent ? body.type === "capture" : isSoleExpression(call, body);
  const plain = loop.kind === "Enum.map" || (loop.kind === "for" && node.args.length === 1);
  if (!alone || !plain || producesStream(collection)) return [];
  const offer = isList(collection) ? fix : suggest;
  return [
    offer("Preload the whole list", (source) => {
      const callee = source.text({ start: call.calleeStart, end: call.calleeEnd });
      const options = source.between((call.args[1] as Node).start, (call.args.at(-1) as Node).end);
      if (node.piped) return [source.replace({ start: node.ownStart, end: node.end }, `${callee}(${options})`)];
      return [source.replace(node, `${callee}(${source.text(collection)}, ${options})`)];
    }),
  ];
}

function isSoleExpression(call: Call, body: Node): boolean {
  const block = call.parent;
  if (block?.type !== "block" || block.statements.length !== 1) return false;
  const around = block.parent;
  if (around === body) return true;
  // One clause that takes the element as a whole: a pattern might leave elements out.
  return (
    around?.type === "clause" &&
    around.parent === body &&
    body.type === "fn" &&
    body.clauses.length === 1 &&
    around.patterns[0]?.type === "variable" &&
    around.patterns[0] !== undefined
  );
}

function isList(node: Node): boolean {
  return node.type === "list" || (node.type === "call" && (node.name === "all" || node.module === "Enum"));
}

function producesStream(node: Node): boolean {
  return node.type === "call" && (node.name === "stream" || node.module === "Stream");
}
