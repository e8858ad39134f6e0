import type { Edit, FormSource } from "../lint/rule.ts";
import type { Node } from "../syntax/ast.ts";
import { keywordValue } from "../syntax/flow.ts";

/**
 * `DynamicSupervisor.start_child(supervisor, {Module, argument})` for the call that the diagnostic is on. A specification that
 * says more than how to start is left as it is: a dynamic supervisor takes no notice of its id.
 */
export function startDynamically(source: FormSource): readonly Edit[] | null {
  const call = source.node(source.at);
  if (call?.type !== "call") return null;
  const callee = source.replace({ start: call.calleeStart, end: call.calleeEnd }, "DynamicSupervisor.start_child");
  const spec = call.args[1];
  const short = spec ? shortSpec(spec, source) : null;
  return spec && short !== null ? [callee, source.replace(spec, short)] : [callee];
}

/** `{Module, argument}` for `%{id: …, start: {Module, :start_link, [argument]}}`. */
function shortSpec(spec: Node, source: FormSource): string | null {
  const start = spec.type === "map" && spec.items.length === 2 ? keywordValue(spec, "start") : null;
  const [module, name, args] = start?.type === "tuple" ? start.items : [];
  if (module?.type !== "alias" || name?.type !== "atom" || name.value !== "start_link" || args?.type !== "list")
    return null;
  const [argument, another] = args.items;
  return argument && !another ? `{${source.text(module)}, ${source.text(argument)}}` : null;
}
