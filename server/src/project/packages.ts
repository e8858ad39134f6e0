import type { Anchor, ModuleFacts } from "../facts/facts.ts";
import type { View } from "./project.ts";

/** A `mix.exs` of the project. */
export interface MixFile {
  readonly path: string;
  /** True when it describes a package for others, which Hex would take. */
  readonly published: boolean;
  /** True where the whole project is a part of another one, whose tools it is looked after with. */
  readonly nested: boolean;
  /** True for what is there to be read, copied or tested. */
  readonly example: boolean;
  /** True where the project has no code: one that only builds documentation or a release. */
  readonly empty: boolean;
  /** The first function that lists packages, and its list where that is written out; null where there is none. */
  readonly deps: { readonly at: Anchor; readonly list: Anchor | null } | null;
}

export interface Packages {
  /** The project's own `mix.exs`, above those of an umbrella's apps; null where none was read. */
  readonly mix: MixFile | null;
  /** The packages that any `mix.exs` of the project names, in order. */
  readonly names: readonly string[];
  /** New databases are made from a dump of the structure: no migration of the past ever runs again. */
  readonly structure: boolean;
}

const EXAMPLE =
  /\/(?:examples?(?:_\w+)?|samples?|demos?|dev|templates?|fixtures?|integration_tests?|deps)\/(?:[^/]+\/){0,2}mix\.exs$/;
const NONE: Packages = { mix: null, names: [], structure: false };

/** What the project depends on, by its `mix.exs` files. */
export const packages: View<Packages> = {
  name: "packages",
  slices: ["packages", "uses"],
  compute(facts, previous) {
    const modules = facts.where(isMixFile);
    const [top] = [...modules].sort((a, b) => a.path.split("/").length - b.path.split("/").length);
    const names = new Set(modules.flatMap(({ clauses }) => clauses.flatMap((clause) => clause.packages?.names ?? [])));
    const next = top
      ? {
          mix: { ...mixFile(top), nested: facts.settings.nested, empty: facts.where(isCode).length === 0 },
          names: [...names].sort(),
          structure: modules.some(({ clauses }) => clauses.some((clause) => clause.packages?.structure)),
        }
      : NONE;
    return previous && JSON.stringify(previous) === JSON.stringify(next) ? previous : next;
  },
};

function isMixFile({ path, uses }: ModuleFacts): boolean {
  return path.endsWith("/mix.exs") && uses.some((use) => use.module === "Mix.Project");
}

function isCode({ fileClass }: ModuleFacts): boolean {
  return fileClass === "code";
}

function mixFile(module: ModuleFacts): Omit<MixFile, "nested" | "empty"> {
  const clause = module.clauses.find(({ packages }) => packages !== null && packages.names.length > 0);
  const list = clause?.packages?.list ?? null;
  const at = (ordinal: number): Anchor => ({ path: module.path, form: clause?.form ?? 0, at: ordinal });
  const deps = clause ? { at: at(clause.at), list: list === null ? null : at(list) } : null;
  return {
    path: module.path,
    published: module.byName.has("package") && module.clauses.every((own) => own.packages?.unpublishable !== true),
    example: EXAMPLE.test(module.path),
    deps,
  };
}
