import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { defsOf, withAttributes } from "./module-forms.ts";

/**
 * Gives the module at `target` a function that sends the message of the `GenServer.call` or `cast` at the source, and calls
 * it in all the places, which send the same. Null where a place says more than that, or the name is taken.
 */
export function clientFunction(
  source: FormSource,
  owner: string,
  target: FormSource | null,
  places: readonly (FormSource | null)[],
): readonly Edit[] | null {
  const own = requestAt(source);
  if (!own || !target) return null;
  const forms = target.siblings();
  const taken = defsOf(forms).some(({ def }) => def.name === own.name);
  if (taken || !/^[a-z_]\w*[?!]?$/.test(own.name)) return null;
  const params = own.parts.map((part, i) => parameter(part, i));
  if (new Set(params).size < params.length) return null;
  const edits: Edit[] = [];
  for (const at of places) {
    const request = at && requestAt(at);
    if (!at || !request) return null;
    const [process] = request.call.args;
    const module = process?.type === "alias" && process.module === owner ? at.text(process) : owner;
    const args = request.parts.map((part) => at.text(part)).join(", ");
    edits.push(at.replace(request.call, `${module}.${own.name}(${args})`));
  }
  const [process] = own.call.args;
  const name = process?.type === "alias" && process.module === owner ? "__MODULE__" : process && source.text(process);
  const message =
    params.length > 0 ? `{:${own.name}, ${params.join(", ")}}` : own.isTuple ? `{:${own.name}}` : `:${own.name}`;
  const head = params.length > 0 ? `${own.name}(${params.join(", ")})` : own.name;
  const insert = inserted(forms, `def ${head}, do: GenServer.${own.call.name}(${name}, ${message})`);
  return insert ? [insert, ...edits] : null;
}

interface Request {
  readonly call: Call;
  readonly name: string;
  readonly parts: readonly Node[];
  readonly isTuple: boolean;
}

function requestAt(source: FormSource): Request | null {
  const call = source.node(source.at);
  if (call?.type !== "call" || call.piped || call.args.length !== 2) return null;
  const [, message] = call.args;
  const [tag, ...parts] = message?.type === "tuple" ? message.items : message ? [message] : [];
  return tag?.type === "atom" ? { call, name: tag.value, parts, isTuple: message?.type === "tuple" } : null;
}

function parameter(part: Node, index: number): string {
  if (part.type === "variable") return part.name.replace(/^_+/, "");
  return part.type === "field" ? part.name : `arg${index + 1}`;
}

/** After the function that starts the process, or before its callbacks. */
function inserted(forms: readonly FormSource[], text: string): Edit | null {
  const defs = defsOf(forms);
  const start = defs.findLast(({ def }) => def.name === "start_link")?.source;
  if (start) return start.insertAfter(start.ast, `\n\n${start.indentation(start.ast)}${text}`);
  const init = defs.find(({ def }) => def.name === "init")?.source;
  const first = init && forms.find((form) => withAttributes(forms, new Set([init])).has(form));
  return first ? first.insertBefore(first.ast, `${text}\n\n${first.indentation(first.ast)}`) : null;
}
