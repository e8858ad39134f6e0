import type { Anchor, CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { nameOf, type Shape } from "../../facts/shape.ts";
import { type Bindings, clausesIn, substitute } from "../calls/clauses.ts";
import { type LibraryKindOf, libraryKinds } from "../calls/library-modules.ts";
import { byModule } from "../conclusions.ts";
import { primitiveEffect } from "../effects/libraries.ts";
import type { Facts } from "../project.ts";
import { continuations, waitsFor } from "./servers.ts";

/** Something that a process asks of another while it starts. */
export interface Need {
  /** The module or name that it addresses: `Shop.Repo`, `Shop.PubSub`, `Shop.Cache`. */
  readonly target: string;
  readonly kind: "wait" | "repo" | "library" | "monitor" | "table-write";
  /** The step in which it does. */
  readonly stage: "start_link" | "init" | "handle_continue";
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

function needsOf(facts: Facts, module: ModuleFacts): readonly Need[] {
  return new NeedFinder(facts, facts.read(libraryKinds), module).needs();
}

const LIBRARY =
  /^(?:Phoenix\.PubSub\.(?:subscribe|broadcast!?|local_broadcast|broadcast_from!?)|Registry\.(?:register|dispatch|put_meta)|(?:Task\.Supervisor|DynamicSupervisor)\.(?:start_child|async\w*)|Supervisor\.start_child)$/;
const TABLE_WRITE = /^:ets\.insert(?:_new)?$/;
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

  /** `name: {:via, Registry, {name, key}}`, also by a function of the module. */
  private registrations(clause: ClauseOfModule, depth: number): void {
    for (const use of clause.nameUses)
      if (use.kind === "Registry") {
        const at = { path: this.module.path, form: clause.form, at: use.at };
        this.keep({ target: use.name, kind: "library", stage: "start_link", call: "Registry", at, givesSelf: false });
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
      if (call.runs !== "inline" || call.captured) continue;
      const args = call.args.map((arg) => substitute(arg, bindings));
      if (this.isOwn(this.module, call)) {
        if (depth >= DEPTH) continue;
        for (const next of clausesIn(this.module, call.name, call.arity, args))
          this.own(stage, next.clause, next.bindings, depth + 1, seen);
      } else this.step({ stage, clause, call }, this.module, call, bindings, HOPS);
    }
  }

  /** What a call asks for, itself or in the function of another module that it is of. */
  private step(origin: Origin, module: ModuleFacts, call: CallFact, bindings: Bindings, left: number): void {
    const [target, kind] = this.asked(call, bindings);
    if (target !== null) {
      const { clause, call: own, stage } = origin;
      this.keep({
        target,
        kind,
        stage,
        call: `${own.module}.${own.name}`,
        at: { path: this.module.path, form: clause.form, at: own.at },
        givesSelf: own.args.some(isSelf) || call.args.some(isSelf),
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
          if (inner.runs === "inline" && !inner.captured) this.step(origin, other, inner, next.bindings, left - 1);
      }
    }
  }

  private asked(call: CallFact, bindings: Bindings): readonly [string | null, Need["kind"]] {
    const name = `${call.module}.${call.name}`;
    const waits = waitsFor(call, bindings);
    if (waits !== null) return [waits, "wait"];
    if (call.module !== null && this.kindOf(call.module) === "repo" && primitiveEffect(call, this.kindOf))
      return [call.module, "repo"];
    const first = call.args[0] && nameOf(substitute(call.args[0], bindings));
    if (LIBRARY.test(name)) return [first ?? null, "library"];
    if (name === "Process.monitor" || name === "GenServer.whereis") return [first ?? null, "monitor"];
    if (TABLE_WRITE.test(name)) return [first ?? null, "table-write"];
    return [null, "wait"];
  }

  private isOwn(module: ModuleFacts, call: CallFact): boolean {
    return call.module === null || call.module === module.name;
  }

  private keep(need: Need): void {
    const key = `${need.target} ${need.kind} ${need.call} ${need.stage}`;
    if (!this.found.has(key)) this.found.set(key, need);
  }
}

function isSelf(shape: Shape): boolean {
  return shape.kind === "call" && shape.module === null && shape.name === "self";
}
