import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Node, Tuple } from "../syntax/ast.ts";
import { isBranching, tails } from "../syntax/flow.ts";
import { find, visit } from "../syntax/visit.ts";
import {
  bringsBehaviour,
  callsModule,
  type DefForm,
  defsOf,
  headOf,
  removeForms,
  withAttributes,
} from "./module-forms.ts";

const STARTING = /^(?:init|start|start_link|child_spec)$/;
const OTHER_CALLBACKS = /^(?:handle_cast|handle_info|handle_continue|terminate|code_change|format_status)$/;

/** A `handle_call` clause: what it is asked, and the replies among its statements. */
interface Handler extends DefForm {
  readonly message: Node;
  readonly statements: readonly Node[];
  readonly replies: readonly Tuple[];
}

/** A function whose body is one `GenServer.call`. */
interface Client extends DefForm {
  readonly message: Node;
}

/**
 * Makes a GenServer that keeps no state a module of plain functions: each function that calls the server gets the body
 * of the `handle_call` clause that answers it. Null unless every function of the module is understood.
 */
export function plainModule(source: FormSource): readonly Edit[] | null {
  const forms = source.siblings();
  const handlers: Handler[] = [];
  const clients: Client[] = [];
  const removed = new Set(forms.filter((form) => bringsBehaviour(form, "GenServer")));
  for (const form of defsOf(forms)) {
    const { def } = form;
    const call = clientCall(form);
    if (def.name === "handle_call" && def.params.length === 3) {
      const handler = handlerOf(form);
      if (!handler) return null;
      handlers.push(handler);
      removed.add(form.source);
    } else if (STARTING.test(def.name ?? "")) removed.add(form.source);
    else if (OTHER_CALLBACKS.test(def.name ?? "")) return null;
    else if (call?.args[1]) clients.push({ ...form, message: call.args[1] });
    else if (callsModule(def, "GenServer")) return null;
  }
  const used = new Set<Handler>();
  const edits: Edit[] = [];
  const texts: string[] = [];
  for (const client of clients) {
    const possible = handlers.filter((handler) => mayAnswer(handler.message, client.message));
    const handler = possible[0];
    const text = possible.length === 1 && handler ? plainFunction(client, handler) : null;
    if (!handler || text === null) return null;
    used.add(handler);
    texts.push(text);
    edits.push(client.source.replace(client.def, text));
  }
  // A clause that no function of the module asks for is asked for by somebody else.
  if (clients.length === 0 || used.size !== handlers.length) return null;
  const gone = withAttributes(forms, removed);
  for (const form of forms) if (isSpecOfStart(form)) gone.add(form);
  const kept = forms.filter((form) => !gone.has(form) && clients.every((client) => client.source !== form));
  for (const form of idleAttributes(kept, texts)) gone.add(form);
  return [...edits, ...removeForms(forms, gone)];
}

/** The `GenServer.call` of a module's own name that is all a function does. */
function clientCall({ def }: DefForm): Call | null {
  const only = def.body?.statements.length === 1 ? def.body.statements[0] : undefined;
  if (only?.type !== "call" || only.module !== "GenServer" || only.name !== "call") return null;
  const server = only.args[0];
  return server?.type === "alias" || server?.type === "attribute" || server?.type === "atom" ? only : null;
}

function handlerOf(form: DefForm): Handler | null {
  const [message, from, state] = form.def.params;
  const body = form.def.body;
  if (!message || from?.type !== "variable" || state?.type !== "variable" || !body || !headOf(form)) return null;
  const replies: Tuple[] = [];
  for (const tail of tails(body)) {
    const [tag, , next] = tail.type === "tuple" ? tail.items : [];
    if (tail.type !== "tuple" || tail.items.length !== 3 || tag?.type !== "atom" || tag.value !== "reply") return null;
    if (next?.type !== "variable" || next.name !== state.name) return null;
    replies.push(tail);
  }
  // Beyond the replies' last places, neither the caller nor the state may occur.
  let occurrences = 0;
  visit(body, (node) => {
    if (node.type === "variable" && (node.name === from.name || node.name === state.name)) occurrences++;
  });
  if (occurrences !== replies.length || find(body, fallsThrough)) return null;
  return { ...form, message, statements: body.statements, replies };
}

/** `if` and `with` without `else` may give back something that is no reply. */
function fallsThrough(node: Node): boolean {
  if (node.type !== "call" || !isBranching(node) || !/^(?:if|unless|with)$/.test(node.name)) return false;
  return tails(node).some((tail) => tail.type === "tuple") && !node.sections.some((section) => section.name === "else");
}

function mayAnswer(pattern: Node, message: Node): boolean {
  if (pattern.type === "atom" && message.type === "atom") return pattern.value === message.value;
  if (pattern.type === "tuple" && message.type === "tuple") {
    return (
      pattern.items.length === message.items.length &&
      pattern.items.every((item, i) => mayAnswer(item, message.items[i] as Node))
    );
  }
  const literal = (node: Node): boolean => node.type === "atom" || node.type === "tuple";
  return !(literal(pattern) && literal(message));
}

/** The client function with the handler's body; null when a message part is anything but a parameter of its own. */
function plainFunction(client: Client, handler: Handler): string | null {
  const { source, def } = client;
  const head = headOf(client);
  const names = head && parameterNames(client, handler);
  if (!head || !names) return null;
  let signature = source.between(def.start, def.params[0]?.start ?? head.end);
  def.params.forEach((param, i) => {
    const variable = param.type === "binary" ? param.left : param;
    signature += names.get(variable) ?? "";
    signature += source.between(variable.end, def.params[i + 1]?.start ?? head.end);
  });
  const body = bodyOf(handler);
  const indent = source.indentation(def);
  if (body === null) return null;
  const line = `${signature}, do: ${body}`;
  if (head.inline && !body.includes("\n") && indent.length + line.length <= 98) return line;
  return `${signature} do\n${indent}  ${body}\n${indent}end`;
}

/** What each parameter of the client is called in the handler. */
function parameterNames({ def, message }: Client, handler: Handler): Map<Node, string> | null {
  const values = message.type === "tuple" ? message.items : [message];
  const patterns = handler.message.type === "tuple" ? handler.message.items : [handler.message];
  const names = new Map<Node, string>();
  for (const param of def.params) {
    const variable = param.type === "binary" && param.operator === "\\\\" ? param.left : param;
    if (variable.type !== "variable") return null;
    const at = values.findIndex((value) => value.type === "variable" && value.name === variable.name);
    const pattern = patterns[at];
    if (pattern?.type !== "variable" || [...names.values()].includes(pattern.name)) return null;
    names.set(variable, pattern.name);
  }
  const variables = values.filter((value) => value.type === "variable");
  const literal = values.every(
    (value, i) => value.type === "variable" || (value.type === "atom" && patterns[i]?.type === "atom"),
  );
  return literal && variables.length === def.params.length ? names : null;
}

/** The handler's statements with each `{:reply, value, state}` replaced by its value; null when that would lose a comment. */
function bodyOf({ source, def, statements, replies }: Handler): string | null {
  const first = statements[0];
  const last = statements.at(-1);
  if (!first || !last || /^\s*#/m.test(source.between(def.nameStart, first.start))) return null;
  let text = "";
  let at = first.start;
  for (const reply of replies) {
    const value = reply.items[1];
    if (!value) return null;
    text += source.between(at, reply.start) + source.text(value);
    at = reply.end;
  }
  return text + source.between(at, last.end);
}

function isSpecOfStart(form: FormSource): boolean {
  return /^@spec\s*\(?\s*(?:start|start_link|init|child_spec)\b/.test(form.text(form.ast));
}

/** Constants such as `@server __MODULE__` that nothing reads any more. */
function idleAttributes(kept: readonly FormSource[], added: readonly string[]): FormSource[] {
  const texts = [...kept.map((form) => form.text(form.ast)), ...added];
  return kept.filter(({ ast }) => {
    if (
      ast.type !== "attribute-set" ||
      !(ast.value?.type === "alias" || ast.value?.type === "atom" || ast.value?.type === "number")
    )
      return false;
    return (
      !/doc$|behaviour/.test(ast.name) && texts.filter((text) => new RegExp(`@${ast.name}\\b`).test(text)).length < 2
    );
  });
}
