import { isCaught, isRescued } from "../../facts/branch.ts";
import type { Anchor, CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { ANY, isSelfShape, type Shape } from "../../facts/shape.ts";
import { type Bindings, clausesIn, substitute } from "../calls/clauses.ts";
import { type LibraryKindOf, libraryKinds } from "../calls/library-modules.ts";
import { byModule } from "../conclusions.ts";
import type { Facts } from "../project.ts";
import { type Addressee, addresseeOf } from "./addressee.ts";
import { reckonsWithout } from "./named-tables.ts";
import { sentToSelf } from "./own-messages.ts";
import { continuations } from "./servers.ts";

/** Something that a process asks of another while it starts. */
export interface Need extends Addressee {
  /** The step in which it does: `handle_info` of what `init` has sent itself, a measurement that a poller makes at once. */
  readonly stage: "start_link" | "init" | "handle_continue" | "handle_info" | "measurement";
  /** The call in the module itself, as `Module.function`, and where it stands. */
  readonly call: string;
  readonly at: Anchor;
  /** True when the call hands over the process itself: `Feed.subscribe(self())`. */
  readonly givesSelf: boolean;
}

const NO_NEEDS: readonly Need[] = [];

/** What the processes of a module ask of others while they start, following calls within it and one into another module. */
export const startNeeds = byModule({
  name: "start needs",
  slices: ["functions", "uses"],
  isAbout: starts,
  nothing: NO_NEEDS,
  conclude: needsOf,
});

function starts({ byName }: ModuleFacts): boolean {
  return byName.has("init") || byName.has("start_link");
}

/** What a measurement of a poller, `{Shop.Metrics, :dispatch, []}`, asks of processes. */
export function measurementNeeds(facts: Facts, measurement: Shape): readonly Need[] {
  const [owner, name, args] = measurement.kind === "tuple" ? measurement.items : [];
  if (owner?.kind !== "module" || name?.kind !== "atom" || args?.kind !== "list") return NO_NEEDS;
  return facts
    .named(owner.value)
    .flatMap((module) => new NeedFinder(facts, facts.read(libraryKinds), module).measured(name.value, args.items));
}

function needsOf(facts: Facts, module: ModuleFacts): readonly Need[] {
  return new NeedFinder(facts, facts.read(libraryKinds), module).needs();
}

/** How many functions of a module are followed. */
const DEPTH = 4;
/** How many functions of another module: its client function, and what that calls there. */
const HOPS = 3;

/** A call of the module whose needs are looked for. */
interface Origin {
  readonly stage: Need["stage"];
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
}

class NeedFinder {
  private readonly found = new Map<string, Need>();

  constructor(
    private readonly facts: Facts,
    private readonly kindOf: LibraryKindOf,
    private readonly module: ModuleFacts,
  ) {}

  needs(): readonly Need[] {
    for (const clause of this.module.byName.get("init") ?? []) {
      if (!clause.callback) continue;
      this.own("init", clause, new Map(), 0, new Set());
      for (const message of continuations(clause)) {
        for (const next of clausesIn(this.module, "handle_continue", 2, [message]))
          this.own("handle_continue", next.clause, new Map(), 0, new Set());
      }
    }
    for (const clause of this.module.byName.get("start_link") ?? []) this.registrations(clause, 0);
    return [...this.found.values()];
  }

  measured(name: string, args: readonly Shape[]): readonly Need[] {
    for (const next of clausesIn(this.module, name, args.length, args))
      this.own("measurement", next.clause, next.bindings, 0, new Set());
    return [...this.found.values()];
  }

  /** `name: {:via, Registry, {name, key}}`, also by a function of the module. */
  private registrations(clause: ClauseOfModule, depth: number): void {
    for (const use of clause.nameUses)
      if (use.kind === "Registry" || use.kind === "Horde.Registry") {
        const at = { path: this.module.path, form: clause.form, at: use.at };
        this.keep({ target: use.name, kind: "library", stage: "start_link", call: use.kind, at, givesSelf: false });
      }
    for (const call of clause.calls) {
      if (depth >= 2 || !this.isOwn(this.module, call) || call.runs !== "inline") continue;
      for (const next of clausesIn(this.module, call.name, call.arity, call.args))
        this.registrations(next.clause, depth + 1);
    }
  }

  /** Follows the module's own functions; each call in them is the origin of what it leads to. */
  private own(
    stage: Need["stage"],
    clause: ClauseOfModule,
    bindings: Bindings,
    depth: number,
    seen: Set<ClauseOfModule>,
  ): void {
    if (seen.has(clause)) return;
    seen.add(clause);
    for (const call of clause.calls) {
      if (call.runs !== "inline" || call.captured || isCaught(clause, call)) continue;
      const args = call.args.map((arg) => substitute(arg, bindings));
      const message = stage === "init" ? sentToItself(call) : null;
      if (message) {
        const [next] = clausesIn(this.module, "handle_info", 2, [message, ANY]);
        if (next) this.own("handle_info", next.clause, new Map(), 0, new Set());
      } else if (this.isOwn(this.module, call)) {
        if (depth >= DEPTH) continue;
        for (const next of clausesIn(this.module, call.name, call.arity, args))
          this.own(stage, next.clause, next.bindings, depth + 1, seen);
      } else this.step({ stage, clause, call }, this.module, clause, call, bindings, HOPS);
    }
  }

  /** What a call asks for, itself or in the function of another module that it is of. */
  private step(
    origin: Origin,
    module: ModuleFacts,
    around: ClauseOfModule,
    call: CallFact,
    bindings: Bindings,
    left: number,
  ): void {
    if (isCaught(around, call)) return;
    const addressee = addresseeOf(call, bindings, this.kindOf);
    if (addressee) {
      // A registry that is not there is an error, a process that is not there an exit.
      if (addressee.kind === "library" && isRescued(around, call)) return;
      const { clause, call: own, stage } = origin;
      if (
        addressee.kind === "table-read" &&
        (reckonsWithout(module, around, call) || reckonsWithout(this.module, clause, own))
      )
        return;
      this.keep({
        ...addressee,
        stage,
        call: `${own.module}.${own.name}`,
        at: { path: this.module.path, form: clause.form, at: own.at },
        givesSelf: own.args.some(isSelfShape) || call.args.some(isSelfShape),
      });
      return;
    }
    const owner = call.module ?? module.name;
    if (left === 0 || (owner !== module.name && module !== this.module)) return;
    const args = call.args.map((arg) => substitute(arg, bindings));
    for (const other of owner === module.name ? [module] : this.facts.named(owner)) {
      for (const next of clausesIn(other, call.name, call.arity, args)) {
        if (!/^defp?$/.test(next.clause.keyword)) continue;
        for (const inner of next.clause.calls)
          if (inner.runs === "inline" && !inner.captured)
            this.step(origin, other, next.clause, inner, next.bindings, left - 1);
      }
    }
  }

  private isOwn(module: ModuleFacts, call: CallFact): boolean {
    return call.module === null || call.module === module.name;
  }

  private keep(need: Need): void {
    const key = `${need.target} ${need.kind} ${need.call} ${need.stage}`;
    if (!this.found.has(key)) this.found.set(key, need);
  }
}

/** What a broker sends to the process that has begun to consume from a queue. */
const DELIVERY: Shape = { kind: "tuple", items: [{ kind: "atom", value: "basic_deliver" }, ANY, ANY] };

/** The message that a process finds as soon as its `init` is over: `send(self(), :load)`. */
function sentToItself(call: CallFact): Shape | null {
  const { module, name, args } = call;
  if (module === "AMQP.Basic" && name === "consume" && args.length === 2) return DELIVERY;
  const [to, message, after] = args;
  const now = after?.kind === "number" && after.value === "0";
  if (name === "send_after" && now && message && isSelfShape(to)) return message;
  return sentToSelf(call);
}
