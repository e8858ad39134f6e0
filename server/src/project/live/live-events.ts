import type { ClauseFacts, ClauseOfModule, EventFact, ModuleFacts } from "../../facts/facts.ts";
import { quotingClauses } from "../calls/injected.ts";
import type { ClauseMemo } from "../clause-memo.ts";
import { behavesAs } from "../processes/servers.ts";
import type { Facts, View } from "../project.ts";

/** Which events of the browser are handled anywhere in the project. */
export interface LiveEvents {
  readonly names: ReadonlySet<string>;
  /** Some LiveView or LiveComponent takes events by computed names, or all of them. */
  readonly catchAll: boolean;
  /** Hooks take events before the LiveViews that they are attached to. */
  readonly hooked: boolean;
  /** The files of LiveViews and LiveComponents: templates beside them are theirs. */
  readonly paths: ReadonlySet<string>;
}

/** What one module says: an event that it handles (null for any) or that its macro would, a hook, or that it is live. */
type Statement =
  | { readonly event: string | null; readonly injected: boolean }
  | { readonly hook: true }
  | { readonly live: string };

const NONE: readonly Statement[] = [];
const HOOK: readonly Statement[] = [{ hook: true }];
const NO_CLAUSES: readonly ClauseFacts[] = [];

class Known implements LiveEvents {
  readonly names = new Set<string>();
  readonly paths = new Set<string>();
  readonly catchAll: boolean = false;
  readonly hooked: boolean = false;

  constructor(readonly statements: readonly Statement[]) {
    for (const statement of statements) {
      if ("live" in statement) this.paths.add(statement.live);
      else if ("hook" in statement) this.hooked = true;
      else if (statement.event === null) this.catchAll = true;
      else this.names.add(statement.event);
    }
  }
}

/** The events that the project handles. */
export const liveEvents: View<LiveEvents> = {
  name: "live-events",
  slices: ["functions", "uses", "quoted"],
  compute(facts, previous) {
    const statements = facts.collect(statementsOf);
    return previous instanceof Known && previous.statements === statements ? previous : new Known(statements);
  },
};

function statementsOf(module: ModuleFacts, clauses: ClauseMemo): readonly Statement[] {
  if (module.fileClass !== "code") return NONE;
  const isLive = behavesAs(module, "Phoenix.LiveView", "Phoenix.LiveComponent");
  const said = clauses.all(statementsIn, module);
  // A hook lets pass what it does not know.
  const sure = said.filter((one) => !("event" in one) || one.event !== null || isLive || one.injected);
  return isLive ? [{ live: module.path }, ...sure] : sure;
}

function statementsIn(clause: ClauseOfModule): readonly Statement[] {
  const quoted = clause.quoted?.clauses ?? NO_CLAUSES;
  if (quoted.length === 0) return statementsOfClause(clause, false);
  return [...statementsOfClause(clause, false), ...quoted.flatMap((inner) => statementsOfClause(inner, true))];
}

function statementsOfClause(clause: ClauseFacts, injected: boolean): readonly Statement[] {
  const hooks: readonly Statement[] = clause.calls.some(isEventHook) ? HOOK : NONE;
  if (clause.arity !== 3 || !/event/.test(clause.name)) return hooks;
  const event = eventOf(clause);
  return event !== null || clause.name === "handle_event" ? [...hooks, { event, injected }] : hooks;
}

function isEventHook({ name, args }: ClauseFacts["calls"][number]): boolean {
  return name === "attach_hook" && args.some((arg) => arg.kind === "atom" && arg.value === "handle_event");
}

/** The event that a clause of `handle_event` is for; null where it may be any. */
function eventOf({ params: [event] }: ClauseFacts): string | null {
  return event?.kind === "string" ? event.value : null;
}

/** What of the handling of events stands in the module itself. */
export interface OwnEvents {
  readonly names: readonly string[];
  /** It takes any event, or something that it uses may define clauses. */
  readonly open: boolean;
}

/** The events that a LiveView or LiveComponent has clauses for. */
export function eventsHandledBy(module: ModuleFacts, facts: Pick<Facts, "named">): OwnEvents {
  const clauses = module.byName.get("handle_event") ?? [];
  const names = clauses.flatMap((clause) => eventOf(clause) ?? []);
  return { names, open: names.length < clauses.length || module.uses.some((use) => mayDefine(use, facts)) };
}

/** Libraries whose `use` may define `handle_event`: those that bring whole pages or components. */
const DEFINES_PAGES = /Live|Backpex|Surface|Resource|Table|Admin/;

function mayDefine({ module, argument }: ModuleFacts["uses"][number], facts: Pick<Facts, "named">): boolean {
  if (module.startsWith("Phoenix.")) return false;
  const used = facts.named(module);
  if (used.length === 0) return DEFINES_PAGES.test(module);
  return used.some((owner) =>
    quotingClauses(owner, argument).some(({ quoted }) => quoted?.clauses.some(({ name }) => name === "handle_event")),
  );
}

/** True for an event that comes to the LiveView or component whose markup sends it. */
export function isForItself(module: ModuleFacts, { target }: EventFact): boolean {
  return target === "self" || (target === "view" && behavesAs(module, "Phoenix.LiveView"));
}
