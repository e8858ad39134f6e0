import type { Edit, FormSource } from "../lint/rule.ts";
import { bringsBehaviour, callsModule, defsOf, removeForms, withAttributes } from "./module-forms.ts";
import { type Client, clientOf, type Handler, handlerOf, mayAnswer, plainFunction } from "./request-handler.ts";

const STARTING = /^(?:init|start|start_link|child_spec)$/;
const OTHER_CALLBACKS = /^(?:handle_cast|handle_info|handle_continue|terminate|code_change|format_status)$/;

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
    const client = clientOf(form);
    if (def.name === "handle_call" && def.params.length === 3) {
      const handler = handlerOf(form);
      if (!handler) return null;
      handlers.push(handler);
      removed.add(form.source);
    } else if (STARTING.test(def.name ?? "")) removed.add(form.source);
    else if (OTHER_CALLBACKS.test(def.name ?? "")) return null;
    else if (client) clients.push(client);
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
