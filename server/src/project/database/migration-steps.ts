import type { ClauseOfModule, MigrationOperation, ModuleFacts } from "../../facts/facts.ts";
import { clausesIn } from "../calls/clauses.ts";

/** A step of a migration, and the function whose source holds it. */
export interface Step {
  readonly clause: ClauseOfModule;
  readonly operation: Exclude<MigrationOperation, { kind: "helper" }>;
}

/** `down` and what it is split into: it undoes, so it says nothing about the tables there are. */
const DOWN = /(?:^|_)down(?:_|$|\d)/;

/** So that functions which call each other twice, and so on, end. */
const MOST_STEPS = 5_000;

/**
 * What the migration does going up, in the order in which it runs: from `change` and `up`, each call of a function of the
 * module replaced by the steps of the clauses that it may run; twice where it is called twice, and not again inside of
 * itself. What neither these nor `down` run, as the functions of a module that only helps migrations, comes after, by source.
 */
export function stepsUp(module: ModuleFacts): readonly Step[] {
  const walk = new Walk(module);
  for (const clause of module.clauses) if (/^(?:change|up)$/.test(clause.name)) walk.run(clause);
  const undone = new Walk(module);
  for (const clause of module.clauses) {
    if (DOWN.test(clause.name)) undone.run(clause);
    for (const operation of clause.migration) if (operation.kind === "execute") undone.take(clause, operation.undoes);
  }
  const open = module.clauses.filter(({ keyword }) => !keyword.endsWith("p"));
  for (const clause of [...open, ...module.clauses]) {
    if (!walk.reached.has(clause) && !undone.reached.has(clause)) walk.run(clause);
  }
  return walk.steps;
}

/** What `change` says in both directions: without what a function given to `execute` does, which has its own way back. */
export function stepsOfChange(module: ModuleFacts): readonly Step[] {
  const walk = new Walk(module, false);
  for (const clause of module.byName.get("change") ?? []) walk.run(clause);
  return walk.steps;
}

class Walk {
  readonly steps: Step[] = [];
  readonly reached = new Set<ClauseOfModule>();
  private readonly running = new Set<ClauseOfModule>();

  constructor(
    private readonly module: ModuleFacts,
    private readonly executes = true,
  ) {}

  run(clause: ClauseOfModule): void {
    if (this.running.has(clause) || this.steps.length > MOST_STEPS) return;
    this.reached.add(clause);
    this.running.add(clause);
    this.take(clause, clause.migration);
    this.running.delete(clause);
  }

  take(clause: ClauseOfModule, operations: readonly MigrationOperation[]): void {
    for (const operation of operations) {
      if (operation.kind === "helper") {
        const { name, args } = operation;
        for (const called of clausesIn(this.module, name, args.length, args)) this.run(called.clause);
        continue;
      }
      this.steps.push({ clause, operation });
      if (operation.kind === "execute" && this.executes) this.take(clause, operation.does);
    }
  }
}
