import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Node, Tuple } from "../syntax/ast.ts";
import { tails } from "../syntax/flow.ts";
import { addClauses } from "./callback-clauses.ts";
import { type DefForm, defsOf, removeForms, withAttributes } from "./module-forms.ts";
import { mayAnswer } from "./request-handler.ts";

/** Makes the `GenServer.call` at the source a cast, and the clause that says `:ok` to it one of `handle_cast`. */
export function callToCast(source: FormSource): readonly Edit[] | null {
  return moved(source, { from: "call", to: "cast" }, castClause);
}

/** Makes the `GenServer.cast` at the source a call, and the clause for it one of `handle_call`, which replies with `:ok`. */
export function castToCall(source: FormSource): readonly Edit[] | null {
  return moved(source, { from: "cast", to: "call" }, callClause);
}

interface Direction {
  readonly from: "call" | "cast";
  readonly to: "call" | "cast";
}

/** Null unless one clause of the module is for the message, which no other function sends. */
function moved(source: FormSource, { from, to }: Direction, rewrite: (form: DefForm) => string | null) {
  const call = source.node(source.at);
  const message = call?.type === "call" ? call.args[1] : undefined;
  if (call?.type !== "call" || !message || call.piped || call.args.length !== 2) return null;
  const forms = source.siblings();
  const arity = from === "call" ? 3 : 2;
  const clauses = defsOf(forms).filter(({ def }) => def.name === `handle_${from}` && def.params.length === arity);
  const [clause, other] = clauses.filter(({ def }) => def.params[0] && mayAnswer(def.params[0], message));
  const text = clause && !other ? rewrite(clause) : null;
  if (!clause || text === null) return null;
  const renamed = source.replace(nameOf(call), to);
  const name = `handle_${to}`;
  const only = clauses.length === 1 && !defsOf(forms).some(({ def }) => def.name === name);
  // The only clause of its kind becomes the only one of the other kind, where it stands.
  if (only) return [renamed, clause.source.replace(clause.def, text)];
  const added = addClauses(clause.source, name, to === "call" ? 3 : 2, [text]);
  const next = forms[forms.indexOf(clause.source) + 1]?.ast;
  const gone = new Set([clause.source]);
  const kept = next?.type === "def" && next.name === clause.def.name;
  return added ? [renamed, added, ...removeForms(forms, kept ? gone : withAttributes(forms, gone))] : null;
}

/** Where the name of the function stands in `GenServer.call`. */
function nameOf(call: Call): { readonly start: number; readonly end: number } {
  return { start: call.calleeEnd - call.name.length, end: call.calleeEnd };
}

function castClause(form: DefForm): string | null {
  const { source, def } = form;
  const [message, from, state] = def.params;
  if (!message || from?.type !== "variable" || !from.name.startsWith("_") || !state) return null;
  const changes = waysOf(form, "reply", 3).map((way): Change => {
    const [, , next] = way.items;
    return { at: way, text: next ? `{:noreply, ${source.text(next)}}` : "" };
  });
  if (changes.length !== tailsOf(form).length) return null;
  return written(form, "handle_cast", [{ at: { start: message.end, end: from.end }, text: "" }, ...changes]);
}

function callClause(form: DefForm): string | null {
  const { source, def } = form;
  const [message, state] = def.params;
  if (!message || !state) return null;
  const changes = waysOf(form, "noreply", 2).map((way): Change => {
    const [, next] = way.items;
    return { at: way, text: next ? `{:reply, :ok, ${source.text(next)}}` : "" };
  });
  if (changes.length !== tailsOf(form).length) return null;
  return written(form, "handle_call", [{ at: { start: message.end, end: message.end }, text: ", _from" }, ...changes]);
}

interface Change {
  readonly at: { readonly start: number; readonly end: number };
  readonly text: string;
}

function tailsOf({ def }: DefForm): Node[] {
  return def.body && def.sections.length === 0 ? tails(def.body) : [];
}

function waysOf(form: DefForm, tag: string, size: number): Tuple[] {
  return tailsOf(form).filter((way): way is Tuple => {
    const first = way.type === "tuple" ? way.items[0] : undefined;
    return way.type === "tuple" && way.items.length === size && first?.type === "atom" && first.value === tag;
  });
}

/** The clause under its new name, with the changes. */
function written({ source, def }: DefForm, name: string, changes: readonly Change[]): string {
  let text = source.between(def.start, def.nameStart) + name;
  let at = def.nameStart + (def.name ?? "").length;
  for (const change of [...changes].sort((a, b) => a.at.start - b.at.start)) {
    text += source.between(at, change.at.start) + change.text;
    at = change.at.end;
  }
  return text + source.between(at, def.end);
}
