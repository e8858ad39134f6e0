import type { Fix } from "../lint/rule.ts";
import { importedFrom } from "../syntax/env.ts";
import { find, mentions } from "../syntax/visit.ts";

/**
 * Makes `assign(socket, :key, CALL)` an `assign_async`, or `stream(socket, :key, CALL)` a `stream_async`, where the diagnostic is on
 * the call. Null where the value needs the socket, which the task would get a copy of.
 */
export function loadAsync(by: "assign" | "stream"): Fix["edits"] {
  return (source) => {
    const { start, end } = source.at;
    const value = find(source.ast, (n) => n.type === "call" && n.ownStart === start && n.end === end);
    const call = value?.parent;
    if (!value || call?.type !== "call" || call.name !== by || call.args[2] !== value || call.args.length !== 3)
      return null;
    const [, key] = call.args;
    if (key?.type !== "atom" || mentions(value, new Set(["socket"])) || find(value, (n) => n.type === "unknown"))
      return null;
    const result = by === "assign" ? `{:ok, %{${key.value}: ${source.text(value)}}}` : `{:ok, ${source.text(value)}}`;
    const callee = `${by}_async`;
    const imported = importedFrom(source.env, callee) !== null;
    return [
      source.replace(
        { start: call.calleeStart, end: call.calleeEnd },
        imported ? callee : `Phoenix.LiveView.${callee}`,
      ),
      source.replace(value, `fn -> ${result} end`),
    ];
  };
}
