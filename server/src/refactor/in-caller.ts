import type { Edit, FormSource } from "../lint/rule.ts";
import type { Node } from "../syntax/ast.ts";
import { find } from "../syntax/visit.ts";
import { type DefForm, defsOf, removeForms, withAttributes } from "./module-forms.ts";
import { clientOf, type Handler, handlerOf, mayAnswer, plainFunction } from "./request-handler.ts";

/**
 * Moves what a `handle_call` clause does into the functions of its module that ask for it, and removes the clause. Null
 * unless it uses nothing of the server, and each function that may ask for it does nothing else.
 */
export function computeInCaller(source: FormSource): readonly Edit[] | null {
  return intoCaller(source, null);
}

/** The same for a clause that reads a table of that name. */
export function readInCaller(source: FormSource, table: string): readonly Edit[] | null {
  return intoCaller(source, table === source.env.module ? "__MODULE__" : table);
}

function intoCaller(source: FormSource, table: string | null): readonly Edit[] | null {
  const { ast } = source;
  const forms = source.siblings();
  const defs = defsOf(forms);
  const own = defs.find((form) => startOf(form.source) === startOf(source));
  const handler = own ? handlerOf(own, table) : null;
  if (ast.type !== "def" || !handler) return null;
  const clients = defs.flatMap((form) => clientOf(form) ?? []).filter((client) => asks(client.message, handler));
  const isClient = (form: DefForm): boolean => clients.some((client) => client.def === form.def);
  if (
    clients.length === 0 ||
    defs.some((form) => !isClient(form) && find(form.def, (node) => isRequest(node, handler)))
  )
    return null;
  // Another clause that may answer as well decides by more than the request's name.
  const clauses = defs.filter(({ def }) => def.name === "handle_call" && def.params.length === 3);
  const edits: Edit[] = [];
  for (const client of clients) {
    const answering = clauses.filter(({ def }) => def.params[0] && mayAnswer(def.params[0], client.message));
    const text = answering[0]?.def === handler.def ? plainFunction(client, handler) : null;
    if (text === null) return null;
    edits.push(client.source.replace(client.def, text));
  }
  return [...edits, ...removeForms(forms, gone(forms, handler.source))];
}

/** The clause with what stands before it, where that is not needed by the clause after it. */
function gone(forms: readonly FormSource[], clause: FormSource): ReadonlySet<FormSource> {
  const next = forms[forms.indexOf(clause) + 1]?.ast;
  const only = new Set([clause]);
  return next?.type === "def" && next.name === "handle_call" ? only : withAttributes(forms, only);
}

function isRequest(node: Node, handler: Handler): boolean {
  if (node.type !== "call" || node.module !== "GenServer" || node.name !== "call") return false;
  return !node.args[1] || asks(node.args[1], handler);
}

function asks(message: Node, handler: Handler): boolean {
  return mayAnswer(handler.message, message);
}

function startOf(form: FormSource): number {
  return form.replace(form.ast, "").start;
}
