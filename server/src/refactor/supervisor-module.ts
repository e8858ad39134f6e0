import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { find, mentions } from "../syntax/visit.ts";
import { bringsBehaviour, callsModule, type DefForm, defsOf, headOf } from "./module-forms.ts";

const CALLBACKS = /^(?:handle_\w+|terminate|code_change|format_status)$/;
const LINE = 98;

/**
 * Makes a GenServer that does nothing but start its children in `init` a Supervisor with a list of them. Null unless
 * `init` is only `{:ok, pid} = Module.start_link(arg)` and a state made of the pids.
 */
export function supervisorModule(source: FormSource): readonly Edit[] | null {
  const forms = source.siblings();
  const use = forms.find((form) => bringsBehaviour(form, "GenServer"));
  const inits: DefForm[] = [];
  const edits: Edit[] = [];
  let starts = false;
  for (const form of defsOf(forms)) {
    const { def } = form;
    if (CALLBACKS.test(def.name ?? "")) return null;
    if (def.name === "init" && def.params.length === 1) inits.push(form);
    else if (def.name === "start_link") {
      const call = find(def, isServerStart);
      if (!call) return null;
      starts = true;
      edits.push(form.source.replace({ start: call.calleeStart, end: call.calleeEnd }, "Supervisor.start_link"));
    } else if (callsModule(def, "GenServer")) return null;
  }
  const [init, another] = inits;
  const behaviour = use?.ast.type === "call" && use.ast.args.length === 1 ? use.ast.args[0] : undefined;
  if (!init || another || !use || !behaviour) return null;
  const children = childrenIn(init);
  const first = init.def.body?.statements[0];
  const last = init.def.body?.statements.at(-1);
  const param = init.def.params[0];
  const head = headOf(init);
  if (!children || !first || !last || !param || !head || head.inline) return null;
  if (/^\s*#/m.test(init.source.between(head.end, last.end))) return null;
  const indent = init.source.indentation(first);
  const body = `${childrenList(children, indent)}\n\n${indent}Supervisor.init(children, strategy: :one_for_one)`;
  edits.push(init.source.replace({ start: first.start, end: last.end }, body), use.replace(behaviour, "Supervisor"));
  if (!starts) {
    const start = "def start_link(arg), do: Supervisor.start_link(__MODULE__, arg, name: __MODULE__)";
    edits.push(use.insertAfter(use.ast, `\n\n${use.indentation(use.ast)}${start}`));
    if (param.type !== "variable") edits.push(init.source.replace(param, "_arg"));
  }
  return edits;
}

function isServerStart(node: Node): node is Call {
  return node.type === "call" && node.module === "GenServer" && node.name === "start_link";
}

function childrenList(children: readonly string[], indent: string): string {
  const line = `children = [${children.join(", ")}]`;
  if (indent.length + line.length <= LINE) return line;
  return `children = [\n${children.map((child) => `${indent}  ${child}`).join(",\n")}\n${indent}]`;
}

/** The child specifications that stand for the starts in `init`; null when it does anything else. */
function childrenIn({ source, def }: DefForm): string[] | null {
  const statements = def.body?.statements ?? [];
  const last = statements.at(-1);
  const pids = new Set<string>();
  const modules = new Set<string>();
  const out: string[] = [];
  for (const statement of statements.slice(0, -1)) {
    if (trapsExits(statement)) continue;
    const start = startIn(statement);
    if (!start?.call.module || modules.has(start.call.module) || start.call.args.some((arg) => mentions(arg, pids)))
      return null;
    modules.add(start.call.module);
    pids.add(start.pid);
    out.push(childSpec(start.call, source));
  }
  const [tag, state, more] = last?.type === "tuple" ? last.items : [];
  if (tag?.type !== "atom" || tag.value !== "ok" || !state || more || out.length === 0) return null;
  return holdsOnly(state, pids) ? out : null;
}

/** A supervisor does so by itself. */
function trapsExits(node: Node): boolean {
  if (node.type !== "call" || node.module !== "Process" || node.name !== "flag") return false;
  const [flag] = node.args;
  return flag?.type === "atom" && flag.value === "trap_exit";
}

/** `{:ok, pid} = Module.start_link(arg)` */
function startIn(node: Node): { call: Call; pid: string } | null {
  if (node.type !== "binary" || node.operator !== "=" || node.left.type !== "tuple" || node.right.type !== "call")
    return null;
  const [tag, pid] = node.left.items;
  const call = node.right;
  if (tag?.type !== "atom" || tag.value !== "ok" || pid?.type !== "variable") return null;
  if (call.name !== "start_link" || call.module === null || call.target || call.piped || call.args.length > 1)
    return null;
  return { call, pid: pid.name };
}

function childSpec(call: Call, source: FormSource): string {
  const module = source.between(call.calleeStart, call.calleeEnd).replace(/\.start_link$/, "");
  const arg = call.args[0];
  if (!arg) return `%{id: ${module}, start: {${module}, :start_link, []}}`;
  if (arg.type === "list" && arg.items.length === 0) return module;
  const text = source.text(arg);
  return `{${module}, ${arg.type === "list" && arg.bare ? `[${text}]` : text}}`;
}

/** True for a map, tuple or list of pids and constants: a state that nobody needs once a supervisor has the children. */
function holdsOnly(state: Node, pids: ReadonlySet<string>): boolean {
  return (
    find(state, (n) => n.type === "call" || n.type === "fn" || (n.type === "variable" && !pids.has(n.name))) === null
  );
}
