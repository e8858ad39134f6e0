import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { isAtomShape } from "../../facts/shape.ts";
import { type Anchor, anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { optionOf, specifyingUse } from "../../project/processes/child-spec.ts";
import { childStarts } from "../../project/processes/child-starts.ts";
import { endsNode } from "../../project/processes/ends-itself.ts";
import { behavesAs } from "../../project/processes/servers.ts";
import { restartOfSpec } from "../../refactor/spec-restart.ts";
import { setUseOptions } from "../../refactor/use-options.ts";

export default moduleRule({
  id: "supervision/permanent-worker-stops-normally",
  category: "reliability",
  severity: "warning",
  since: "0.1.0",
  summary: "A server that stops when its work is done, and that its supervisor starts again each time.",
  check(module, cx) {
    const spec = specOf(module);
    if (!spec) return;
    const [stop, ...others] = spec.own ? stopsOf(module).filter(isRegularEnd) : stopsOf(module);
    if (!stop) return;
    const start = cx
      .about(childStarts, module)
      .find(({ dynamic, restart }) => restart === null && (dynamic || spec.own || !mayWantRestart(stop)));
    if (!start) return;
    const outcome = start.dynamic
      ? "each one that has finished starts again with the same argument"
      : "it starts again as soon as it has finished";
    cx.report(
      spec.at,
      `\`${module.name}\` stops with \`${reasonOf(stop)}\` in \`${stop.name}\`, but its restart is \`:permanent\` by default: ${outcome}, and when that is quick its supervisor gives up and goes down; use \`restart: :transient\` or \`:temporary\`.`,
      {
        related: [
          ...[stop, ...others].map((clause) => ({
            at: anchor(module, clause, clause.at),
            message: `It stops with \`${reasonOf(clause)}\` here`,
          })),
          { at: start.at, message: "It is started as a child here" },
        ],
        fixes: ["transient", "temporary"].map((restart) =>
          suggest(`Use \`restart: :${restart}\``, (source) =>
            spec.own ? restartOfSpec(source, restart) : setUseOptions(source, new Map([["restart", `:${restart}`]])),
          ),
        ),
      },
    );
  },
});

/** What says how a supervisor starts a module, and nothing of a restart: the module's own `child_spec/1`, or `use GenServer`. */
interface Spec {
  readonly own: boolean;
  readonly at: Anchor;
}

function specOf(module: ModuleFacts): Spec | null {
  const form = specifyingUse(module);
  if (form === null) {
    const at = ownSpec(module);
    return at && { own: true, at };
  }
  if (form.use.module !== "GenServer" || optionOf(form, "restart") !== null) return null;
  return { own: false, at: anchor(module, form, form.at) };
}

/** The `child_spec/1` of a GenServer that is a map and says nothing of a restart. */
function ownSpec(module: ModuleFacts): Anchor | null {
  const [clause, another] = module.byName.get("child_spec") ?? [];
  if (!clause || another || clause.arity !== 1 || !behavesAs(module, "GenServer")) return null;
  const [child, more] = clause.supervision?.returns ?? [];
  if (child?.kind !== "child" || more || child.module !== module.name || child.restart !== null) return null;
  return anchor(module, clause, clause.at);
}

/** With `:normal`, and not because what it depends on is gone, after which it may be meant to begin anew. */
function isRegularEnd(clause: ClauseOfModule): boolean {
  return reasonOf(clause) === ":normal" && !LOST.test(messageOf(clause));
}

const LOST = /^(?:DOWN|EXIT)$|closed?(?:_|$)|(?:^|_)(?:error|failed|disconnect(?:ed)?|down|lost|gone|expired)(?:_|$)/i;

/** The clauses that end the process by themselves; what was asked to stop was stopped by somebody who knows. */
function stopsOf(module: ModuleFacts): ClauseOfModule[] {
  return module.clauses.filter(
    (clause) =>
      /^handle_/.test(clause.name) &&
      reasonOf(clause) !== null &&
      !isAskedToStop(clause) &&
      !clause.calls.some(endsNode),
  );
}

/** The reason after which a transient worker would not be started again. */
function reasonOf(clause: ClauseOfModule): string | null {
  for (const way of clause.callback?.returns ?? []) {
    const [tag, reason] = way.kind === "tuple" ? way.items : [];
    if (tag?.kind !== "atom" || tag.value !== "stop" || !reason) continue;
    if (reason.kind === "atom" && /^(?:normal|shutdown)$/.test(reason.value)) return `:${reason.value}`;
    if (reason.kind === "tuple" && isAtomShape(reason.items[0], "shutdown")) return "{:shutdown, _}";
  }
  return null;
}

function messageOf({ params: [message] }: ClauseOfModule): string {
  const tag = message?.kind === "tuple" ? message.items[0] : message;
  return tag?.kind === "atom" || tag?.kind === "string" ? tag.value : "";
}

const STOP = /(?:^|_)(?:stop|shutdown|shut|terminate|close|kill|exit|quit|leave|restart|reset|please_die)/i;

function isAskedToStop(clause: ClauseOfModule): boolean {
  return STOP.test(messageOf(clause));
}

/** A fixed child that stops when what it depends on is gone as a rule wants to begin anew. */
function mayWantRestart(clause: ClauseOfModule): boolean {
  return clause.name !== "handle_continue";
}
