import type { Call, Def, Node, Variable } from "../syntax/ast.ts";
import { isBoundOnce } from "../syntax/binding.ts";
import { isAtom } from "../syntax/literals.ts";
import { ancestors, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { StartedProcess } from "./facts.ts";

const NONE: readonly StartedProcess[] = [];

/** The processes that a function starts and knows by their pid, and what it does with them. */
export function startedIn(def: Def, written: readonly Call[], anchors: Anchors): readonly StartedProcess[] {
  const starts = written.filter(({ name }) => /^start(?:_link)?$/.test(name));
  return starts.length === 0 ? NONE : starts.flatMap((call) => startedBy(call, def, anchors) ?? []);
}

/** `{:ok, pid} = Shop.Scales.start_link()` */
function startedBy(call: Call, def: Def, anchors: Anchors): StartedProcess | null {
  const pid = pidOf(call);
  const module = call.module === "GenServer" ? moduleOf(call.args[0]) : call.module;
  if (!pid || (module === null && (call.module !== null || call.target !== null))) return null;
  const uses: Call[] = [];
  let leaves = !isBoundOnce(pid);
  visit(def, (node) => {
    if (node.type !== "variable" || node.name !== pid.name || node === pid) return;
    const { parent } = node;
    const isArgument = parent?.type === "call" && parent.args[0] === node;
    if (isArgument && closureAround(node) === closureAround(pid)) uses.push(parent);
    else leaves = true;
  });
  return {
    at: anchors.add({ start: call.ownStart, end: call.end }),
    module,
    name: call.name,
    uses: uses.map((use) => ({
      module: use.module,
      name: use.name,
      arity: use.args.length,
      known: use.target === null || use.module !== null,
    })),
    leaves,
  };
}

/** The variable that the call's pid is bound to; null where the outcome is used in another way. */
function pidOf(call: Call): Variable | null {
  const { parent } = call;
  if (parent?.type === "binary" && parent.right === call && /^(?:=|<-)$/.test(parent.operator))
    return pidIn(parent.left);
  if (parent?.type !== "call" || parent.name !== "case" || parent.args[0] !== call) return null;
  const patterns = parent.sections.flatMap(({ clauses }) => clauses.map((clause) => clause.patterns[0]));
  return patterns.map(pidIn).find((pid) => pid !== null) ?? null;
}

/** `{:ok, pid}` */
function pidIn(pattern: Node | undefined): Variable | null {
  if (pattern?.type !== "tuple" || pattern.items.length !== 2 || !isAtom(pattern.items[0], "ok")) return null;
  const pid = pattern.items[1];
  return pid?.type === "variable" ? pid : null;
}

function moduleOf(node: Node | undefined): string | null {
  return node?.type === "alias" ? node.module : null;
}

/** The closure, or the loop, around a node; null where the function itself runs it, once. */
function closureAround(node: Node): Node | null {
  for (const around of ancestors(node)) {
    if (around.type === "fn" || around.type === "capture") return around;
    if (around.type === "call" && around.module === null && around.name === "for") return around;
  }
  return null;
}
