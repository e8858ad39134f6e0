import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { ClauseMemo } from "../clause-memo.ts";
import type { View } from "../project.ts";

/** The names of function components that only templates of controllers render, which LiveView never renders again. */
export interface PageComponents {
  /** True for the component of that name in that module. */
  has(name: string, module: ModuleFacts): boolean;
  readonly uses: readonly ComponentCall[];
}

/** Somebody renders a component, as far as names go: components of one name are told apart only where the module is written out. */
interface ComponentCall {
  readonly name: string;
  /** The module where it is written out, in templates as it is written. */
  readonly owner: string | null;
  /** The function or file that has it in its markup; null for what is no component itself. */
  readonly from: string | null;
  /** In a template of a controller, or in a module of them. */
  readonly page: boolean;
}

export const pageComponents: View<PageComponents> = {
  name: "page components",
  slices: ["functions", "uses"],
  compute(facts, previous) {
    const uses = facts.collect(componentCalls);
    if (previous?.uses === uses) return previous;
    const byName = new Map<string, ComponentCall[]>();
    for (const use of uses) {
      const known = byName.get(use.name);
      if (known) known.push(use);
      else byName.set(use.name, [use]);
    }
    const has = (wanted: string, of: ModuleFacts): boolean => {
      const reached = new Set([wanted]);
      let isRendered = false;
      for (const component of reached)
        for (const { owner, from, page } of byName.get(component) ?? []) {
          if (component === wanted && isOther(owner, of)) continue;
          if (from !== null && byName.has(from)) reached.add(from);
          else if (page) isRendered = true;
          else return false;
        }
      return isRendered;
    };
    return { has, uses };
  },
};

/** The name of the component that a clause is, or a template file that is embedded. */
export function componentOf({ path }: ModuleFacts, { keyword, name }: ClauseOfModule): string {
  return keyword === "template" ? path.slice(path.lastIndexOf("/") + 1).replace(/\..*$/, "") : name;
}

/** True for the name of another module; which one a template file belongs to is not known, nor are its aliases. */
function isOther(owner: string | null, { name, keyword }: ModuleFacts): boolean {
  return owner !== null && keyword !== "template" && owner !== name && !name.endsWith(`.${owner}`);
}

/** Modules of templates that controllers render, by Phoenix's names. */
const OF_CONTROLLERS = /(?:HTML|View)$/;

function componentCalls(module: ModuleFacts, clauses: ClauseMemo): readonly ComponentCall[] {
  if (module.fileClass === "test") return NONE;
  const hasMarkup =
    module.uses.some((use) => use.module.startsWith("Phoenix.")) ||
    module.clauses.some(({ template, assigns }) => template !== null || assigns !== null);
  const found = clauses.all(hasMarkup ? componentsIn : capturedIn, module);
  if (found.length === 0) return NONE;
  const isOfControllers = OF_CONTROLLERS.test(module.name);
  const out = new Map<string, ComponentCall>();
  for (const { name, written, clause } of found) {
    const isFile = clause.keyword === "template";
    const page = isFile ? clause.template?.tracked === false : isOfControllers;
    const isComponent = isFile || (clause.arity === 1 && clause.name !== "render");
    const from = isComponent ? componentOf(module, clause) : null;
    const owner = written ?? (module.byName.has(name) ? module.name : null);
    out.set(`${owner} ${name} ${from} ${page}`, { name, owner, from, page });
  }
  return [...out.values()];
}

/** What one clause calls, with the module where that is written out. */
interface CallOfClause {
  readonly name: string;
  readonly written: string | null;
  readonly clause: ClauseOfModule;
}

/** Of a module with markup: its tags, and all that is called like a component. */
function componentsIn(clause: ClauseOfModule): readonly CallOfClause[] {
  const called = clause.calls.filter(
    ({ arity, args, captured }) => arity === 1 && (captured || isAssigns(args[0]?.kind)),
  );
  return callsIn(clause, [...(clause.assigns?.components ?? []), ...called]);
}

/** Of any other module: what it hands on by name. */
function capturedIn(clause: ClauseOfModule): readonly CallOfClause[] {
  const captured = clause.calls.filter((call) => call.captured && call.arity === 1);
  return captured.length > 0 ? callsIn(clause, captured) : NO_CALLS;
}

/** The `render` of a LiveView is left out: LiveView calls it. */
function callsIn(
  clause: ClauseOfModule,
  called: readonly { readonly name: string; readonly module: string | null }[],
): readonly CallOfClause[] {
  return called.flatMap(({ name, module }) => (name === "render" ? [] : [{ name, written: module, clause }]));
}

const NONE: readonly ComponentCall[] = [];
const NO_CALLS: readonly CallOfClause[] = [];

function isAssigns(kind: string | undefined): boolean {
  return kind === "variable" || kind === "map" || kind === "call" || kind === "any";
}
