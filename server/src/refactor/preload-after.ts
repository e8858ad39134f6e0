import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call } from "../syntax/ast.ts";
import { find } from "../syntax/visit.ts";

/** The call that a diagnostic's place names: of a piped one that is the part behind the `|>`. */
export function callAt(source: FormSource): Call | null {
  return find(
    source.ast,
    (n): n is Call => n.type === "call" && n.ownStart === source.at.start && n.end === source.at.end,
  );
}

/** `|> Repo.preload(:name)` behind the call that loads, which stands at the source's place. */
export function preloadAfter(source: FormSource, name: string): Edit[] | null {
  const load = callAt(source);
  const { parent } = load ?? {};
  if (!load || !parent || !load.remote || !load.parens) return null;
  const repo = source.text({ start: load.calleeStart, end: load.calleeEnd }).replace(/\.\w+[!?]?$/, "");
  const preload = `${repo}.preload(:${name})`;
  if (load.piped) {
    const pipe = source.between(load.args[0]?.end ?? load.ownStart, load.ownStart);
    return [source.insertAfter(load, `${/#/.test(pipe) ? " |> " : pipe}${preload}`)];
  }
  const [first] = load.args;
  // `a && Repo.get(…) |> …` would be read as `a && (…)`, which is what is meant; a field is read of the call only.
  if (parent.type === "field" || parent.type === "unary")
    return [source.replace(load, `${repo}.preload(${source.text(load)}, :${name})`)];
  const start = { start: load.start, end: load.calleeEnd };
  if (!first || first.type === "list" || (first.type === "call" && !first.parens))
    return [source.replace(load, `${repo}.preload(${source.text(load)}, :${name})`)];
  const rest = load.args[1] ? source.between(load.args[1].start, load.end) : ")";
  return [source.replace(load, `${source.text(first)} |> ${source.text(start)}(${rest} |> ${preload}`)];
}
