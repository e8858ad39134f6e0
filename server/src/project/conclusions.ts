import { sameItems } from "../base/same-items.ts";
import type { ModuleFacts } from "../facts/facts.ts";
import type { ClauseMemo } from "./clause-memo.ts";
import { Lookup } from "./lookup.ts";
import type { ByModule, Facts, Slice, View } from "./project.ts";

/** What is concluded of each subject, kept as long as all that it was concluded from stays the same. */
export class Conclusions<S extends object, T> {
  private readonly known = new WeakMap<S, { readonly value: T; readonly lookup: Lookup }>();

  /**
   * @param conclude reads the project by the lookup alone, and otherwise nothing but the subject
   * @param same where two conclusions are the same, the former object stays
   */
  constructor(
    private readonly conclude: (lookup: Lookup, subject: S) => T,
    private readonly same: (a: T, b: T) => boolean = Object.is,
  ) {}

  of(facts: Facts, subject: S): T {
    const former = this.known.get(subject);
    if (former?.lookup.holds) return former.value;
    const lookup = new Lookup(facts);
    const found = this.conclude(lookup, subject);
    const value = former && this.same(former.value, found) ? former.value : found;
    this.known.set(subject, { value, lookup });
    return value;
  }
}

/** A view of conclusions on modules. */
export interface ConclusionsByModule<T> extends ByModule<T> {
  readonly conclusions: Conclusions<ModuleFacts, T>;
}

interface Concluding<T> {
  readonly name: string;
  readonly slices: readonly Slice[];
  /** The modules that it has something to say of; of all others it says `nothing`. */
  readonly isAbout: (module: ModuleFacts, clauses: ClauseMemo) => boolean;
  readonly nothing: T;
  readonly conclude: (lookup: Lookup, module: ModuleFacts) => T;
  readonly same?: (a: T, b: T) => boolean;
}

/** A view that concludes something of each module, from it and from what it looks up. */
export function byModule<T>({
  name,
  slices,
  isAbout,
  nothing,
  conclude,
  same,
}: Concluding<T>): View<ConclusionsByModule<T>> {
  return {
    name,
    slices,
    compute(facts, previous) {
      const conclusions = previous?.conclusions ?? new Conclusions(conclude, same);
      return {
        conclusions,
        of: (module) => (facts.once(isAbout, module) ? conclusions.of(facts, module) : nothing),
        isFixed: (module) => !facts.once(isAbout, module),
      };
    },
  };
}

interface Listing<S extends object, T> {
  readonly name: string;
  readonly slices: readonly Slice[];
  readonly subjects: (facts: Facts) => readonly S[];
  /** Gives plain data. */
  readonly conclude: (lookup: Lookup, subject: S) => readonly T[];
}

interface Listed<S extends object, T> extends ReadonlyArray<T> {
  readonly conclusions: Conclusions<S, readonly T[]>;
  readonly found: readonly (readonly T[])[];
}

/** A view that lists what is concluded of some modules, supervisors or the like: the same list as long as it says the same. */
export function listOf<S extends object, T>({ name, slices, subjects, conclude }: Listing<S, T>): View<readonly T[]> {
  const view: View<Listed<S, T>> = {
    name,
    slices,
    compute(facts, before) {
      const conclusions = before?.conclusions ?? new Conclusions(conclude);
      const found = subjects(facts).map((subject, i) => {
        const now = conclusions.of(facts, subject);
        const former = before?.found[i];
        return former && sameText(former, now) ? former : now;
      });
      if (before && sameItems(before.found, found)) return before;
      return Object.assign(found.flat(), { conclusions, found });
    },
  };
  return view;
}

function sameText(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && (a.length === 0 || JSON.stringify(a) === JSON.stringify(b)));
}
