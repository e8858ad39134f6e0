import type { Anchor, ChildrenPart, ClauseOfModule, ModuleFacts, SupervisorFact } from "../../facts/facts.ts";
import { entry, isAtomShape, nameOf, type Shape } from "../../facts/shape.ts";
import { type Bindings, clausesIn, substitute } from "../calls/clauses.ts";
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
  const children = list.children(fact.children, clause);
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

/** Where a part of a list comes from: the clause, the conditions around its call, and what it was called with. */
interface Origin {
  readonly clause: ClauseOfModule;
  readonly bindings: Bindings;
  readonly branch: readonly string[];
  /** Keeps the choices of one call of a function apart from those of another. */
  readonly scope: string;
  /** The clauses by which it was come to, this one included. */
  readonly way: readonly ClauseOfModule[];
}

/** Puts the children of local functions in the place of their calls. */
class Resolver {
  complete = true;
  private calls = 0;

  constructor(private readonly module: ModuleFacts) {}

  /** The children that the parts of a list come to, which the clause writes itself. */
  children(parts: readonly ChildrenPart[], clause: ClauseOfModule): Child[] {
    return this.resolve(parts, { clause, bindings: new Map(), branch: [], scope: "", way: [clause] });
  }

  private resolve(parts: readonly ChildrenPart[], from: Origin): Child[] {
    return parts.flatMap((part): Child[] => {
      const branch = [...from.branch, ...part.branch.map((way) => `${from.scope}${way}`)];
      if (part.kind === "child") {
        const at = { path: this.module.path, form: from.clause.form, at: part.at };
        const { module, arg, id, restart, shutdown, type } = part;
        const name = nameOf(entry(arg, "name"));
        return [{ module, arg, name, id, restart, shutdown, type, branch, forTests: false, at }];
      }
      if (part.kind === "unknown" || from.way.length > DEPTH) {
        this.complete = false;
        return [];
      }
      return this.called(part, from, branch);
    });
  }

  /** What the clauses give that the call may run: each an alternative to the others. */
  private called(part: Extract<ChildrenPart, { kind: "function" }>, from: Origin, branch: readonly string[]): Child[] {
    const call = `${this.calls++}:`;
    const args = part.args.map((arg) => substitute(arg, from.bindings));
    const targets = clausesIn(this.module, part.name, args.length, args);
    if (targets.length === 0) this.complete = false;
    return targets.flatMap(({ clause, bindings }, i) => {
      const returns = clause.supervision?.returns ?? null;
      // What calls itself builds its list turn by turn.
      if (returns === null || from.way.includes(clause)) {
        this.complete = false;
        return [];
      }
      const children = this.resolve(returns, {
        clause,
        bindings,
        branch: targets.length > 1 ? [...branch, `${from.scope}${call}.${i}`] : branch,
        scope: `${from.scope}${call}`,
        way: [...from.way, clause],
      });
      const forTests = clause.params.some((param) => isAtomShape(param, "test"));
      return forTests ? children.map((child) => ({ ...child, forTests })) : children;
    });
  }
}
