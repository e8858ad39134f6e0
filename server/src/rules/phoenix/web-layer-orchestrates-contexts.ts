import { shortName } from "../../base/module-name.ts";
import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { anchor, moduleRule, type ViewContext } from "../../lint/rule.ts";
import { canBothRun } from "../../project/calls/branches.ts";
import { type Boundary, boundaries, isDomain } from "../../project/contexts/boundaries.ts";
import { effects } from "../../project/effects/effects.ts";
import { type Hop, lastHop } from "../../project/effects/witness.ts";

/** What tells others of a change, counts it, notes when somebody was there, or brings what is derived up to date, is no step of it. */
const TELLS =
  /alert|audit|telegram|slack|discord|sms|send_message|analytic|track|log|notif|mail|deliver|broadcast|publish|event|metric|telemetry|activity|enqueue|touch|cache|record_|refresh|recalculate|sync|stat(?:istic)?s?[._]|\binc(?:rement)?_|_counts?$|_last_\w+_at$|_seen(?:_at)?$/i;
/** Who is not signed in after the first step signs in. */
const SIGNS_IN = /sign_?in|auth\w*_session|session_token/;
/** What reads, and may create what is not there yet. */
const READS = /^(?:get|list|fetch|lookup|ensure|load|count|search|find(?!_or_create))(?:_|$)|_lookup$/;

interface Write {
  readonly call: CallFact;
  readonly context: Boundary;
}

export default moduleRule({
  id: "phoenix/web-layer-orchestrates-contexts",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary:
    "A controller or LiveView writes through several contexts: a step that fails leaves the ones before it done.",
  check(module, cx) {
    if (cx.about(boundaries, module)?.kind !== "web") return;
    const transacts = module.clauses.some((clause) => clause.calls.some(isTransaction));
    for (const clause of module.clauses) {
      // A private function may run within the transaction of another one.
      if (transacts && (clause.keyword === "defp" || clause.calls.some(isTransaction))) continue;
      const writes = writesOf(module, clause, cx);
      const known = cx.about(effects, module);
      const steps = together(clause, writes, (call) => known.does(call, "http"));
      const [first, ...rest] = steps;
      if (!first || rest.length === 0) continue;
      const names = steps.map(({ call }) => `\`${shortName(call.module ?? "")}.${call.name}\``);
      cx.report(
        anchor(module, clause, clause.at),
        `\`${clause.name}/${clause.arity}\` writes with ${names.slice(0, -1).join(", ")} and ${names.at(-1)}, so when a later one fails, the earlier stay done; make them one function of a context, in a transaction.`,
        {
          related: steps.map(({ call, context }) => ({
            at: anchor(module, clause, call.at),
            message: `Writes in \`${shortName(context.name)}\``,
          })),
        },
      );
    }
  },
});

function isTransaction(call: CallFact): boolean {
  return call.module === "Ecto.Multi" || /^transact(?:ion)?$/.test(call.name);
}

/** The calls of contexts that write, in the order in which they run. */
function writesOf(module: ModuleFacts, clause: ClauseOfModule, cx: ViewContext): Write[] {
  const known = cx.about(effects, module);
  return clause.calls.flatMap((call): Write[] => {
    if (call.module === null || call.runs === "elsewhere" || READS.test(call.name)) return [];
    if (TELLS.test(`${shortName(call.module)}.${call.name}`) || SIGNS_IN.test(call.name)) return [];
    const [target] = cx.named(call.module);
    const context = target ? cx.about(boundaries, target) : null;
    if (!context || !isDomain(context)) return [];
    const write = known.of(call, "db-write");
    return write && !write.hops.some(isOnFailure) && !mayOnlyRead(lastHop(write).call) ? [{ call, context }] : [];
  });
}

/** `Repo.query(sql, args)`: nothing says that it writes. */
function mayOnlyRead({ name, args: [sql] }: CallFact): boolean {
  return (
    /^query(?:_many)?!?$/.test(name) &&
    !(sql?.kind === "string" && /^\s*(?:insert|update|delete|merge|with)\b/i.test(sql.value))
  );
}

/** True for what is only done when something failed: a note of that, and no step. */
function isOnFailure({ call, clause }: Hop): boolean {
  return /error|fail/.test(call.name) || clause.branches[call.branch]?.failure === true;
}

/**
 * The first writes to several contexts that one run may do all of; none when there are none such. No transaction can hold what
 * another machine does after the first of them.
 */
function together(
  clause: ClauseOfModule,
  writes: readonly Write[],
  isRemote: (call: CallFact) => boolean,
): readonly Write[] {
  for (const write of writes) {
    const steps = [write];
    for (const other of writes) {
      const another = steps.every(
        ({ context, call }) => context !== other.context && canBothRun(clause, call, other.call),
      );
      if (another) steps.push(other);
    }
    const places = steps.map(({ call }) => clause.calls.indexOf(call));
    const afterFirst = clause.calls.slice(Math.min(...places) + 1, Math.max(...places) + 1);
    if (steps.length > 1 && !afterFirst.some(isRemote)) return steps;
  }
  return [];
}
