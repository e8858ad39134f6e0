import type { ModuleFacts } from "../facts/facts.ts";
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
  readonly isAbout: (module: ModuleFacts) => boolean;
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
