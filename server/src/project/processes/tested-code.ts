import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { Lookup } from "../lookup.ts";
import { behavesAs } from "./servers.ts";
import { type Touches, touches } from "./touches.ts";

/** Whose callbacks have other names than a GenServer's. */
const PROCESSES = [
  ":gen_statem",
  "GenStateMachine",
  "GenStage",
  "Broadway",
  "Flow",
  "ThousandIsland.Handler",
  "DBConnection",
];
const JOB = /Worker$|^Oban|Job$/;

/** Tells which functions of the project some test gets to. */
export class TestedCode {
  private readonly tests: Touches;
  private readonly known = new Map<ClauseOfModule, boolean>();

  constructor(private readonly facts: Lookup) {
    this.tests = facts.read(touches);
  }

  /** True when a test calls the clause, or anything from which calls lead to it. */
  isReached(module: ModuleFacts, clause: ClauseOfModule): boolean {
    const known = this.known.get(clause);
    if (known !== undefined) return known;
    const way = new Map([[clause, module]]);
    let found = false;
    for (const [at, owner] of way) {
      found = this.known.get(at) ?? (this.isCalled(owner, at) || this.isRun(owner, at));
      if (found) break;
      for (const link of this.facts.callers(at)) way.set(link.clause, link.module);
      // `Task.Supervisor.start_child(supervisor, __MODULE__, :collect, [path])`
      for (const other of owner.clauses) if (handsOver(other, at.name)) way.set(other, owner);
    }
    this.known.set(clause, found);
    if (!found) for (const at of way.keys()) this.known.set(at, false);
    return found;
  }

  /** True when a test calls the clause itself, or a macro that writes tests for its module may. */
  isCalled({ name }: ModuleFacts, clause: ClauseOfModule): boolean {
    if (clause.keyword === "def" && clause.arity === clause.defaults && this.tests.examples.has(name)) return true;
    for (let arity = clause.arity - clause.defaults; arity <= clause.arity; arity++)
      if (this.tests.calls.has(`${name}.${clause.name}/${arity}`)) return true;
    return false;
  }

  /** True for what a framework runs, in modules that tests touch, or that no test needs to name. */
  private isRun(module: ModuleFacts, clause: ClauseOfModule): boolean {
    if (module.keyword === "template") return this.tests.dispatches;
    // Whoever calls the protocol may get here.
    if (module.keyword === "defimpl") return true;
    // A process that runs beside the tests gets there by what they do to others.
    if (clause.callback !== null || behavesAs(module, ...PROCESSES)) return true;
    // So does a handler of `:gen_event` or of telemetry, which runs with whatever is noted.
    if (clause.name === "handle_event" && (clause.arity === 2 || clause.arity === 4)) return true;
    // So does a job, and whoever is configured with the implementation of a behaviour.
    if (
      module.behaviours.some((behaviour) => behaviour !== "GenServer") ||
      module.uses.some(({ module: used }) => JOB.test(used))
    )
      return true;
    // So does what a module that it uses asks of it.
    if (module.uses.some((use) => this.facts.named(use.module).some((used) => declares(used, clause)))) return true;
    if (behavesAs(module, "GenServer")) return false;
    const { uses, name } = module;
    if (uses.length === 0) return false;
    if (behavesAs(module, "Application", "Supervisor") || this.tests.modules.has(name)) return true;
    return this.tests.dispatches && /Web(?:\.|$)|Controller|Live|Channel|Plug|Resolver|Schema|API|Api/.test(name);
  }
}

/** True where the module has a `@callback` that the clause implements. */
function declares({ callbacks }: ModuleFacts, { name, arity }: ClauseOfModule): boolean {
  return callbacks.length > 0 && callbacks.includes(`${name}/${arity}`);
}

function handsOver({ calls }: ClauseOfModule, name: string): boolean {
  return calls.some(({ args }) => args.some((arg) => arg.kind === "atom" && arg.value === name));
}
