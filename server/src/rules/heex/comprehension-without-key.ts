import type { ClauseOfModule, ModuleFacts, UnkeyedLoop } from "../../facts/facts.ts";
import { anchor, type Fix, fix, moduleRule, type ViewContext } from "../../lint/rule.ts";
import { effects } from "../../project/effects/effects.ts";
import { type AssignFlow, assignFlow } from "../../project/live/assign-flow.ts";
import { isReordered } from "../../project/live/kept-lists.ts";

/** Modules whose templates become a string once, and such as controllers render. */
const RENDERS_ONCE = /Email|Mailer|Notifier|PDF|(?:HTML|View)$/;

export default moduleRule({
  id: "heex/comprehension-without-key",
  category: "performance",
  severity: "hint",
  since: "0.1.0",
  summary: "A `:for` without `:key` is tracked by position: a new first element sends all others again.",
  requires: { phoenix_live_view: "1.1.0" },
  check(module, cx) {
    if (RENDERS_ONCE.test(module.name)) return;
    for (const clause of module.clauses)
      for (const loop of clause.template?.unkeyed ?? []) {
        if (staysInOrder(loop, clause, module, cx)) continue;
        cx.report(
          anchor(module, clause, loop.at),
          `\`:for\` without \`:key\` tells elements by their position: one that is added or moved sends all after it again; \`:key={${loop.key}}\` tells them apart.`,
          { fixes: [fix(`Add \`:key={${loop.key}}\``, addKey(loop.key))] },
        );
      }
  },
});

/** True where the page, as far as it sets the list itself, never adds, moves or takes away single elements. */
function staysInOrder({ assign }: UnkeyedLoop, clause: ClauseOfModule, module: ModuleFacts, cx: ViewContext): boolean {
  const flow = cx.about(assignFlow, module);
  if (!flow) return false;
  const known = cx.about(effects, module);
  const lists = keysOf(assign, clause, flow).flatMap((key) => flow.keys.get(key) ?? []);
  if (lists.every(({ sets }) => sets.length === 0)) return false;
  return !lists.some((list) => isReordered(list, flow, (call) => known.of(call, "db-write") !== null));
}

/** The assigns of the page that a loop goes through: of a function component those that it is given under that name. */
function keysOf(assign: string, clause: ClauseOfModule, flow: AssignFlow): readonly string[] {
  if (flow.clauses.includes(clause)) return [assign];
  return flow.clauses.flatMap(({ assigns }) =>
    (assigns?.components ?? [])
      .filter(({ name, live }) => live === null && name === clause.name)
      .flatMap(({ passes }) => passes.flatMap(([attribute, key]) => (attribute === assign ? [key] : []))),
  );
}

function addKey(key: string): Fix["edits"] {
  return (source) => {
    const isOnOwnLine = /\n[ \t]*$/.test(source.between(source.ast.start, source.at.start));
    const gap = isOnOwnLine ? `\n${source.indentation(source.at)}` : " ";
    return [source.insertAfter(source.at, `${gap}:key={${key}}`)];
  };
}
