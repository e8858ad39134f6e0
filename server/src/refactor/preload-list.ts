import type { Fix } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { iterationAround } from "../syntax/iteration.ts";

/**
 * Where a loop does nothing but preload each element, `Repo.preload` of the whole list is the same, order included. Null where
 * it does more, leaves elements out, or gives a stream.
 */
export const preloadWholeList: Fix["edits"] = (source) => {
  const call = source.node(source.at);
  const loop = call && iterationAround(call);
  if (call?.type !== "call" || !loop) return null;
  const { node, collection, body } = loop;
  const alone = body === call.parent ? body.type === "capture" : isSoleExpression(call, body);
  const plain = loop.kind === "Enum.map" || (loop.kind === "for" && node.args.length === 1);
  if (!alone || !plain || producesStream(collection)) return null;
  const callee = source.text({ start: call.calleeStart, end: call.calleeEnd });
  const [, first] = call.args;
  const last = call.args.at(-1);
  if (!first || !last) return null;
  const options = source.between(first.start, last.end);
  if (node.piped) return [source.replace({ start: node.ownStart, end: node.end }, `${callee}(${options})`)];
  return [source.replace(node, `${callee}(${source.text(collection)}, ${options})`)];
};

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
    around.patterns[0]?.type === "variable"
  );
}

function producesStream(node: Node): boolean {
  return node.type === "call" && (node.name === "stream" || node.module === "Stream");
}
