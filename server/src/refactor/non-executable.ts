import type { Edit, FormSource } from "../lint/rule.ts";
import { find } from "../syntax/visit.ts";

/** `Plug.Crypto.non_executable_binary_to_term(data, [:safe])` for the `:erlang.binary_to_term` that the diagnostic is on. */
export function nonExecutable(source: FormSource): Edit[] | null {
  const reader = "Plug.Crypto.non_executable_binary_to_term";
  const call = find(
    source.ast,
    (n) =>
      n.type === "call" && n.ownStart === source.at.start && n.end === source.at.end && n.name === "binary_to_term",
  );
  if (call?.type !== "call") {
    const capture = source.node(source.at);
    return capture?.type === "function-reference" ? [source.replace(capture, `&${reader}(&1, [:safe])`)] : null;
  }
  const [data, options] = call.args;
  if (!data || options) return null;
  const first = call.piped ? "" : `${source.text(data)}, `;
  return [source.replace({ start: call.calleeStart, end: call.end }, `${reader}(${first}[:safe])`)];
}
