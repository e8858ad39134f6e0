import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { ClauseMemo } from "../clause-memo.ts";
import type { View } from "../project.ts";

/** The names of function components that only templates of controllers render, which LiveView never renders again. */
export interface PageComponents {
  has(name: string): boolean;
  readonly uses: readonly ComponentCall[];
}

/** Somebody renders a component, as far as names go: components of one name are not told apart. */
interface ComponentCall {
  readonly name: string;
  /** The function that has it in its markup; null for a template, and for what is no component itself. */
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
    const has = (name: string): boolean => {
      const reached = new Set([name]);
      let isRendered = false;
      for (const component of reached)
        for (const { from, page } of byName.get(component) ?? []) {
          if (from !== null && byName.has(from)) reached.add(from);
          else if (page) isRendered = true;
          else return false;
        }
      return isRendered;
    };
    return { has, uses };
  },
};

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
  for (const { name, from, page } of found) {
    const use = { name, from, page: page ?? isOfControllers };
    out.set(`${name} ${from} ${use.page}`, use);
  }
  return [...out.values()];
}

/** What one clause calls; `page` is null where its module decides. */
interface CallOfClause extends Omit<ComponentCall, "page"> {
  readonly page: boolean | null;
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

function callsIn(
  { keyword, name, arity, template }: ClauseOfModule,
  called: readonly { readonly name: string }[],
): readonly CallOfClause[] {
  const isFile = keyword === "template";
  const page = isFile ? template?.tracked === false : null;
  const from = !isFile && arity === 1 && name !== "render" ? name : null;
  // The `render` of a LiveView is called by LiveView.
  return called.flatMap((one) => (one.name === "render" ? [] : [{ name: one.name, from, page }]));
}

const NONE: readonly ComponentCall[] = [];
const NO_CALLS: readonly CallOfClause[] = [];

function isAssigns(kind: string | undefined): boolean {
  return kind === "variable" || kind === "map" || kind === "call" || kind === "any";
}
