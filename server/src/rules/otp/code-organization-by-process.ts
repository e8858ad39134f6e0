import { shortName } from "../../base/module-name.ts";
import type { ClauseOfModule, ModuleFacts, UseForm } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import { anchor, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import type { Effect } from "../../project/effects/effect.ts";
import { effects } from "../../project/effects/effects.ts";
import { agentUses, constantAgents } from "../../project/processes/agents.ts";
import { hasConstantState } from "../../project/processes/constant-state.ts";
import { needsProcess } from "../../project/processes/needs-process.ts";
import { type RequestRun, requestRuns } from "../../project/processes/one-request.ts";
import { behavesAs, injectsCallbacks } from "../../project/processes/servers.ts";
import { plainModule } from "../../refactor/plain-module.ts";

/** Words by which a module says that one thing at a time is what it is for. */
const SERIALISES =
  /(?<![bcf])lock|mutex|limit|throttl|serial(?!i[sz]er)|queue|semaphore|sequential|one at a time|concurren|pool|worker|bottleneck/i;
/** What is only known when the program runs stands in no attribute. */
const LOADS: readonly Effect[] = ["db-read", "http", "file", "folder", "os-command"];

export default moduleRule({
  id: "otp/code-organization-by-process",
  category: "design",
  severity: "warning",
  since: "0.1.0",
  summary: "A GenServer that never uses its state: plain functions behind a mailbox, one caller at a time.",
  check(module, cx) {
    checkAgents(module, cx);
    if (!checkStateless(module, cx)) checkRequests(module, cx);
  },
});

/** Reports a server whose callbacks never use its state; true when it is one. */
function checkStateless(module: ModuleFacts, cx: ViewContext): boolean {
  if (!behavesAs(module, "GenServer") || injectsCallbacks(module, cx)) return false;
  const callbacks = module.clauses.filter((clause) => clause.callback);
  const requests = callbacks.filter((clause) => /^handle_(?:call|cast)$/.test(clause.name));
  const first = requests[0];
  const isStateless = hasConstantState(module) ? isBareStart : ignoresState;
  if (!first || !callbacks.every(isStateless) || !callbacks.every(isPassive)) return false;
  // A partition is the only one that writes what belongs to its keys.
  if (module.clauses.some(({ nameUses }) => nameUses.some(({ kind }) => kind === "PartitionSupervisor"))) return false;
  if (SERIALISES.test(module.name) || SERIALISES.test(documentation(module))) return false;
  if (module.clauses.some((clause) => !isStart(clause) && clause.calls.some(needsProcess))) return false;
  const use =
    module.useForms.find((form) => form.use.module === "GenServer") ??
    module.useForms.find((form) => isServerMacro(form, cx));
  const short = shortName(module.name);
  const answers = requests.some((clause) => clause.name === "handle_call");
  const cost = answers
    ? "the process adds nothing but a queue in which callers wait for each other"
    : "the process adds nothing but a queue that works off one message at a time";
  const simple = callbacks.every((clause) => /^(?:init|handle_call)$/.test(clause.name) && !clause.guarded);
  cx.report(
    use ? anchor(module, use, use.at) : anchor(module, first, first.at),
    `No callback of \`${short}\` uses its state, so ${cost}; make ${answers ? "these plain functions" : "these functions, and run them in a `Task` where nobody waits"}.`,
    {
      related: [{ at: anchor(module, first, first.at), message: "The state is only handed back" }],
      fixes: simple
        ? [suggest(`Turn \`${short}\` into a plain module; remove it from the supervision tree`, plainModule)]
        : [],
    },
  );
  return true;
}

function isStart(clause: ClauseOfModule): boolean {
  return /^(?:start|start_link|child_spec)$/.test(clause.name);
}

function checkAgents(module: ModuleFacts, cx: ViewContext): void {
  for (const { clause, call } of constantAgents(module, cx.read(agentUses))) {
    const known = cx.about(effects, module);
    const isLoaded = clause.calls.some((other) => LOADS.some((effect) => known.does(other, effect)));
    const place = isLoaded
      ? "keep the value in `:persistent_term`, or in ETS"
      : "keep the value in the configuration, in a module attribute or in `:persistent_term`";
    cx.report(
      anchor(module, clause, call.at),
      `Nothing ever updates this agent of \`${module.name}\`: a process that holds a constant adds a mailbox, and a copy for each read; ${place}.`,
      { severity: "information" },
    );
  }
}

/** Reports a server that lives for one request, wherever it is known to be started. */
function checkRequests(module: ModuleFacts, cx: ViewContext): void {
  const runs = cx.about(requestRuns, module);
  const [first, ...others] = runs;
  const use = module.useForms.find((form) => form.use.module === "GenServer");
  if (!first || !use) return;
  const too =
    others.length > 0 ? `, as ${others.map(runName).join(", ")} ${others.length > 1 ? "do" : "does"} as well` : "";
  cx.report(
    anchor(module, use, use.at),
    `\`${shortName(module.name)}\` lives for one request: ${runName(first)} starts it, asks \`${first.asks}\` and stops it${too}; the caller waits for it all the while, so a function does the same, with arguments in place of a state and \`receive\` for messages; run it in a \`Task\` with a timeout where it has to be kept apart.`,
    {
      severity: "information",
      related: runs.map((run) => ({
        at: anchor(run.module, run.clause, run.start),
        message: "Started here for one request",
      })),
    },
  );
}

/** `Shop.Scales.weigh/1` */
function runName({ module, clause }: RequestRun): string {
  return `\`${module.name}.${clause.name}/${clause.arity}\``;
}

/** True for what neither reads nor changes the state; `init` may make up one, which then nobody looks at. */
function ignoresState(clause: ClauseOfModule): boolean {
  return clause.name === "init" ? isBareStart(clause) : clause.callback?.state !== "used";
}

/** True for an `init` that does nothing but give a state, and for all other clauses. */
function isBareStart({ name, calls, callback, params }: ClauseOfModule): boolean {
  return (
    name !== "init" || (calls.length === 0 && (callback?.returns.every((way) => isFixedStart(way, params[0])) ?? true))
  );
}

/** `{:ok, arg}` and `{:ok, literal}`. */
function isFixedStart(way: Shape, param: Shape | undefined): boolean {
  if (way.kind !== "tuple" || way.items.length !== 2) return false;
  const [tag, state] = way.items;
  if (tag?.kind !== "atom" || tag.value !== "ok" || !state) return false;
  if (state.kind === "variable") return param?.kind === "variable" && param.name === state.name;
  return state.kind !== "any" && state.kind !== "call" && state.kind !== "function";
}

/** True when the process does nothing by itself: messages, continuations and its end are not acted upon. */
function isPassive(clause: ClauseOfModule): boolean {
  if (/^handle_(?:info|continue)$|^terminate$/.test(clause.name)) return clause.calls.length === 0;
  return clause.name !== "handle_call" || (clause.callback?.returns.every(isReply) ?? true);
}

/** A reply at once: one that is given later, by `GenServer.reply`, needs the process. */
function isReply(way: Shape): boolean {
  const tag = way.kind === "tuple" ? way.items[0] : undefined;
  return tag?.kind === "atom" && tag.value === "reply";
}

function documentation(module: ModuleFacts): string {
  const text = module.attributes.get("moduledoc");
  return text?.kind === "string" ? text.value : "";
}

function isServerMacro(form: UseForm, cx: ViewContext): boolean {
  return cx
    .named(form.use.module)
    .some((used) => used.clauses.some((c) => c.quoted?.uses.some((use) => use.module === "GenServer")));
}
