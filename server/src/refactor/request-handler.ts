import type { Range } from "../base/range.ts";
import type { Call, Node, Tuple } from "../syntax/ast.ts";
import { boundNames, isBranching, tails } from "../syntax/flow.ts";
import { find, visit } from "../syntax/visit.ts";
import { type DefForm, headOf } from "./module-forms.ts";

/** A `handle_call` clause: what it is asked, and the replies among its statements. */
export interface Handler extends DefForm {
  readonly message: Node;
  readonly statements: readonly Node[];
  readonly replies: readonly Tuple[];
  /** What stands for the table in the caller. */
  readonly texts: readonly (Range & { readonly text: string })[];
}

/** A function whose body is one `GenServer.call`. */
export interface Client extends DefForm {
  readonly message: Node;
}

/** A function as a client: null unless the `GenServer.call` of a literal name is all that it does. */
export function clientOf(form: DefForm): Client | null {
  const message = clientCall(form)?.args[1];
  return message ? { ...form, message } : null;
}

function clientCall({ def }: DefForm): Call | null {
  const only = def.body?.statements.length === 1 ? def.body.statements[0] : undefined;
  if (only?.type !== "call" || only.module !== "GenServer" || only.name !== "call") return null;
  const server = only.args[0];
  return server?.type === "alias" || server?.type === "attribute" || server?.type === "atom" ? only : null;
}

/**
 * A `handle_call` clause that answers on every way and uses neither the caller nor the state; null for any other.
 * @param table what a table that the state holds can be called as well: there, reading it is no use of the state
 */
export function handlerOf(form: DefForm, table: string | null = null): Handler | null {
  const [message, from, state] = form.def.params;
  const body = form.def.body;
  const name = state && wholeOf(state);
  if (!message || from?.type !== "variable" || !state || !name || !body || !headOf(form)) return null;
  if (table === null && state.type !== "variable") return null;
  const replies: Tuple[] = [];
  for (const tail of tails(body)) {
    const [tag, , next] = tail.type === "tuple" ? tail.items : [];
    if (tail.type !== "tuple" || tail.items.length !== 3 || tag?.type !== "atom" || tag.value !== "reply") return null;
    if (next?.type !== "variable" || next.name !== name) return null;
    replies.push(tail);
  }
  // Beyond the replies' last places, neither the caller nor the state may occur.
  const own = boundNames(state).add(from.name);
  const tables: Node[] = [];
  let occurrences = 0;
  visit(body, (node) => {
    const held = node.type === "field" ? node.object : node;
    if (table !== null && isTable(node) && held.type === "variable" && own.has(held.name)) {
      tables.push(node);
      return false;
    }
    if (node.type === "variable" && own.has(node.name)) occurrences++;
    return true;
  });
  if (occurrences !== replies.length || find(body, fallsThrough)) return null;
  const texts = tables.map((node) => ({ start: node.start, end: node.end, text: table ?? "" }));
  return { ...form, message, statements: body.statements, replies, texts };
}

/** What `state` and `%{table: table} = state` call the whole. */
function wholeOf(param: Node): string | null {
  if (param.type === "variable") return param.name;
  if (param.type !== "binary" || param.operator !== "=") return null;
  return wholeOf(param.right) ?? wholeOf(param.left);
}

/** The first argument of a function of `:ets`. */
function isTable(node: Node): boolean {
  const { parent } = node;
  return parent?.type === "call" && parent.module === ":ets" && parent.args[0] === node;
}

/** `if` and `with` without `else` may give back something that is no reply. */
function fallsThrough(node: Node): boolean {
  if (node.type !== "call" || !isBranching(node) || !/^(?:if|unless|with)$/.test(node.name)) return false;
  return tails(node).some((tail) => tail.type === "tuple") && !node.sections.some((section) => section.name === "else");
}

/** False when a request is surely not one that the pattern is for. */
export function mayAnswer(pattern: Node, message: Node): boolean {
  if (pattern.type === "atom" && message.type === "atom") return pattern.value === message.value;
  if (pattern.type === "tuple" && message.type === "tuple") {
    return (
      pattern.items.length === message.items.length &&
      pattern.items.every((item, i) => {
        const given = message.items[i];
        return given !== undefined && mayAnswer(item, given);
      })
    );
  }
  const literal = (node: Node): boolean => node.type === "atom" || node.type === "tuple";
  return !(literal(pattern) && literal(message));
}

/** The client function with the handler's body; null when a message part is anything but a parameter of its own. */
export function plainFunction(client: Client, handler: Handler): string | null {
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
function bodyOf({ source, def, statements, replies, texts }: Handler): string | null {
  const first = statements[0];
  const last = statements.at(-1);
  if (!first || !last || /^\s*#/m.test(source.between(def.nameStart, first.start))) return null;
  const cuts = replies.flatMap(({ start, end, items: [, value] }) =>
    value
      ? [
          { start, end: value.start, text: "" },
          { start: value.end, end, text: "" },
        ]
      : [],
  );
  let text = "";
  let at = first.start;
  for (const change of [...cuts, ...texts].sort((a, b) => a.start - b.start)) {
    text += source.between(at, change.start) + change.text;
    at = change.end;
  }
  return text + source.between(at, last.end);
}
