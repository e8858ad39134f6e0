import type { Anchor, ChildrenPart, ClauseOfModule, ModuleFacts, SupervisorFact } from "../../facts/facts.ts";
import { entry, isAtomShape, nameOf, type Shape } from "../../facts/shape.ts";
import { clausesIn } from "../calls/clauses.ts";
import type { View } from "../project.ts";

/** A child of a supervisor, in its place. */
export interface Child {
  /** The module whose specification it is. */
  readonly module: string;
  readonly arg: Shape;
  /** The literal `name:` that it is given. */
  readonly name: string | null;
  readonly id: Shape | null;
  readonly restart: string | null;
  readonly shutdown: string | null;
  readonly type: string | null;
  /** The conditions under which it is there; see `exclude`. */
  readonly branch: readonly string[];
  /** It is in a list that is made for tests alone: `defp children(:test)`. */
  readonly forTests: boolean;
  readonly at: Anchor;
}

/** A supervisor of the project, with the children that its module's own functions add to its list. */
export interface Supervisor {
  /** The module that makes it, and in which function. */
  readonly module: string;
  readonly function: string;
  readonly at: Anchor;
  /** True for the top of an application's tree. */
  readonly application: boolean;
  readonly strategy: string | null;
  readonly strategyAt: Anchor | null;
  readonly maxRestarts: string | null;
  /** In the order in which they start. */
  readonly children: readonly Child[];
  /** False when a part of the list could not be read. */
  readonly complete: boolean;
}

/** All supervisors of the project that have a list of children, in the order of their files. */
export const supervisors: View<readonly Supervisor[]> = {
  name: "supervisors",
  slices: ["functions", "uses"],
  compute: (facts) => facts.collect(supervisorsOf),
};

/** True when no run of the program has both children: they stand in different ways of one choice. */
export function exclude(a: Child, b: Child): boolean {
  return a.branch.some((mine) => {
    const choice = mine.slice(0, mine.lastIndexOf(".") + 1);
    return b.branch.some((other) => other.startsWith(choice) && other !== mine);
  });
}

const NONE: readonly Supervisor[] = [];

/** The supervisors that one module makes. */
export function supervisorsOf(module: ModuleFacts): readonly Supervisor[] {
  const supervising = module.clauses.filter(({ supervision }) => supervision !== null);
  const own = supervising.flatMap((clause) =>
    (clause.supervision?.supervisors ?? []).map((fact) => supervisorOf(module, clause, fact)),
  );
  return own.length > 0 ? own : NONE;
}

function supervisorOf(module: ModuleFacts, clause: ClauseOfModule, fact: SupervisorFact): Supervisor {
  const place = (at: number): Anchor => ({ path: module.path, form: clause.form, at });
  const list = new Resolver(module);
  const children = list.resolve(fact.children, clause, [], "");
  return {
    module: module.name,
    function: clause.name,
    at: place(fact.at),
    application: clause.name === "start" && module.uses.some((use) => use.module === "Application"),
    strategy: fact.strategy,
    strategyAt: fact.strategyAt === null ? null : place(fact.strategyAt),
    maxRestarts: fact.maxRestarts,
    children,
    complete: list.complete,
  };
}

/** How many functions deep a list may be put together. */
const DEPTH = 6;

/** Puts the children of local functions in the place of their calls. */
class Resolver {
  complete = true;
  private calls = 0;

  constructor(private readonly module: ModuleFacts) {}

  /** `scope` keeps the choices of one call of a function apart from those of another. */
  resolve(
    parts: readonly ChildrenPart[],
    clause: ClauseOfModule,
    outer: readonly string[],
    scope: string,
    depth = 0,
  ): Child[] {
    return parts.flatMap((part): Child[] => {
      const branch = [...outer, ...part.branch.map((way) => `${scope}${way}`)];
      if (part.kind === "child") {
        const at = { path: this.module.path, form: clause.form, at: part.at };
        const { module, arg, id, restart, shutdown, type } = part;
        const name = nameOf(entry(arg, "name"));
        return [{ module, arg, name, id, restart, shutdown, type, branch, forTests: false, at }];
      }
      if (part.kind === "unknown" || depth > DEPTH) {
        this.complete = false;
        return [];
      }
      const call = `${this.calls++}:`;
      const targets = clausesIn(this.module, part.name, part.args.length, part.args);
      if (targets.length === 0) this.complete = false;
      return targets.flatMap(({ clause: target }, i) => {
        const way = targets.length > 1 ? [...branch, `${scope}${call}.${i}`] : branch;
        const returns = target.supervision?.returns ?? null;
        if (returns === null) this.complete = false;
        const children = returns ? this.resolve(returns, target, way, `${scope}${call}`, depth + 1) : [];
        const forTests = target.params.some((param) => isAtomShape(param, "test"));
        return forTests ? children.map((child) => ({ ...child, forTests })) : children;
      });
    });
  }
}
