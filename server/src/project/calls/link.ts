import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";

const NO_NAMES: readonly string[] = [];
/** The targets of links that are new. */
export const NOT_SOUGHT: readonly Target[] = [];

/** The facts of a module as they are now: the graph puts new ones in the place of the former, for all that stands in it. */
export interface Owner {
  module: ModuleFacts;
}

/** A clause that a call may run. */
export class Target {
  constructor(
    private readonly owner: Owner,
    readonly clause: ClauseOfModule,
    /** False when the clause is for one kind of value, and whether the call passes that kind is not known. */
    readonly certain: boolean,
    /** By argument of the call, the parameter that gets it. */
    readonly parameters: readonly number[],
  ) {}

  get module(): ModuleFacts {
    return this.owner.module;
  }
}

/** A call, where it stands, and what it may run. */
export class Link {
  /** The names of modules on which the targets depend. */
  names: readonly string[] = NO_NAMES;
  targets: readonly Target[] = NOT_SOUGHT;

  constructor(
    private readonly owner: Owner,
    readonly clause: ClauseOfModule,
    readonly call: CallFact,
    /** The macro whose `quote` defines the clause; null for those of the module itself. */
    readonly macro: ClauseOfModule | null,
  ) {}

  get module(): ModuleFacts {
    return this.owner.module;
  }
}
