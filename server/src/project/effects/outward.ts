import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { IsRepo } from "../repos.ts";
import { clausesOf } from "./local.ts";

/** What a call does outside of the database, where no rollback reaches. */
export type Outward = "http" | "mail" | "broadcast" | "process" | "sleep" | "file";

/** Functions by what they reach, as `Module.name`; the documentation of each library is the source. */
const OUTWARD: readonly (readonly [Outward, RegExp])[] = [
  ["http", /^(?:HTTPoison|Finch|Tesla|Req|:httpc|:hackney)\.(?:request|get|post|put|patch|delete|head|options|run)!?$/],
  ["http", /^ExAws\.(?:request|stream)!?$/],
  ["mail", /(?:^|\.)\w*Mailer\.deliver(?:_now|_later|_many)?!?$/],
  ["broadcast", /^Phoenix\.PubSub\.(?:local_|direct_)?broadcast(?:_from)?!?$/],
  ["broadcast", /(?:^|\.)Endpoint\.(?:local_)?broadcast(?:_from)?!?$/],
  ["broadcast", /^(?:Phoenix\.Channel\.(?:Server\.)?broadcast(?:_from)?!?|Absinthe\.Subscription\.publish)$/],
  ["sleep", /^(?:Process|:timer)\.sleep$/],
  [
    "process",
    /^(?:GenServer\.(?:call|multi_call)|Task\.(?:await|await_many|yield|yield_many)|:rpc\.call|:erpc\.call)$/,
  ],
  ["file", /^File\.(?:write|write!|rm|rm!|rm_rf|rm_rf!|cp|cp!|cp_r|cp_r!|rename|rename!|mkdir_p|mkdir_p!)$/],
];

/** What a call does outside by itself; null when nothing is known of it. */
export function outwardEffect({ module, name }: CallFact): Outward | null {
  const full = `${module}.${name}`;
  return module === null ? null : (OUTWARD.find(([, pattern]) => pattern.test(full))?.[0] ?? null);
}

/** Gives the modules of a name: `ViewContext.named`. */
type Named = (module: string) => readonly ModuleFacts[];

/** A call, and the function that makes it. */
export interface Step {
  readonly module: ModuleFacts;
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
}

/** How a call comes to an outward effect: itself, or through functions of the project, at most `depth` calls away. */
export function wayOut(step: Step, named: Named, depth: number): Step[] | null {
  const { module, call } = step;
  if (call.runs !== "inline") return null;
  if (outwardEffect(call)) return [step];
  if (depth <= 0) return null;
  for (const target of targetsOf(module, call, named)) {
    for (const inner of target.clause.calls) {
      // What another transaction holds is that one's affair; what the caller switches off is not done.
      if (inner.transaction || (inner.branch >= 0 && switchesOff(call))) continue;
      const rest = wayOut({ ...target, call: inner }, named, depth - 1);
      if (rest) return [step, ...rest];
    }
  }
  return null;
}

/** `notify: false` among the arguments. */
function switchesOff(call: CallFact): boolean {
  return call.args.some(
    (arg) =>
      arg.kind === "keyword" && arg.entries.some(([, value]) => value.kind === "atom" && value.value === "false"),
  );
}

const DEPTH = 4;

/** Answers whether a call surely does no more than compute and ask the database, following the project's functions. */
export function staysInside(
  owner: ModuleFacts,
  call: CallFact,
  isRepo: IsRepo,
  named: Named,
  depth: number = DEPTH,
): boolean {
  if (call.module !== null && (isRepo(call.module) || /^(?:Ecto|Oban)(?:\.|$)/.test(call.module))) return true;
  const targets = targetsOf(owner, call, named);
  // A function without a module and without a clause is a macro or an import.
  if (targets.length === 0) return call.module === null;
  if (depth <= 0) return false;
  return targets.every(({ module, clause }) =>
    clause.calls.every((inner) => staysInside(module, inner, isRepo, named, depth - 1)),
  );
}

function targetsOf(owner: ModuleFacts, call: CallFact, named: Named): Omit<Step, "call">[] {
  const owners = call.module === null ? [owner] : named(call.module);
  return owners.flatMap((module) => clausesOf(module, call.name, call.arity).map((clause) => ({ module, clause })));
}
