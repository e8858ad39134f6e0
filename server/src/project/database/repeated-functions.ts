import type { Anchor, ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";

/** A function that orders or limits any query, which several modules write alike. */
export interface RepeatedFunction {
  /** `newest_first/2` */
  readonly name: string;
  readonly places: readonly { readonly module: string; readonly at: Anchor }[];
}

interface Composed {
  readonly module: string;
  readonly name: string;
  readonly says: string;
  readonly at: Anchor;
}

interface Repeated extends ReadonlyArray<RepeatedFunction> {
  readonly all: readonly Composed[];
}

/** The functions of one name that say the same of any query in at least two modules, in the order of their files. */
export const repeatedFunctions: View<Repeated> = {
  name: "repeated functions",
  slices: ["queries"],
  compute(facts, before) {
    const all = facts.collect(composedIn);
    if (before?.all === all) return before;
    const groups = new Map<string, Composed[]>();
    for (const one of all) {
      const key = `${one.name} ${one.says}`;
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
    const repeated = [...groups.values()].filter((group) => new Set(group.map(({ module }) => module)).size > 1);
    const found = repeated.map((places): RepeatedFunction => ({ name: places[0]?.name ?? "", places }));
    return Object.assign(found, { all });
  },
};

function composedIn({ name: module, path, fileClass, clauses }: ModuleFacts): readonly Composed[] {
  if (fileClass !== "code") return [];
  return clauses.flatMap(({ name, arity, composes, form, at }) =>
    composes === null ? [] : [{ module, name: `${name}/${arity}`, says: composes, at: { path, form, at } }],
  );
}
