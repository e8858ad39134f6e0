import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { ANYBODY } from "../../facts/live-facts.ts";
import type { View } from "../project.ts";
import { componentOf } from "./page-components.ts";

/**
 * Functions and components to which all assigns have to be given: they hand them to a callback, or to a module, that only the
 * running program knows, by themselves or by what they hand them on to.
 */
export interface WholeNeeds {
  /** @param to the function or component, as a module of that name writes it; `ANYBODY` is one that needs them */
  has(to: string, of: ModuleFacts): boolean;
  readonly handers: readonly Hander[];
}

/** A function or a template file that hands all assigns on. */
interface Hander {
  readonly name: string;
  /** The module; null for a template file. */
  readonly owner: string | null;
  /** It does so where nobody knows what is read of them. */
  readonly unknown: boolean;
  /** Whom it hands them to; `Module.name` where the module is known. */
  readonly to: readonly string[];
}

export const wholeNeeds: View<WholeNeeds> = {
  name: "whole needs",
  slices: ["functions", "uses"],
  compute(facts, previous) {
    const handers = facts.collect(handersOf);
    if (previous?.handers === handers) return previous;
    const byName = new Map<string, Hander[]>();
    for (const hander of handers) {
      const known = byName.get(hander.name);
      if (known) known.push(hander);
      else byName.set(hander.name, [hander]);
    }
    const needs = (to: string, seen: Set<Hander>): boolean =>
      to === ANYBODY ||
      (byName.get(to.slice(to.lastIndexOf(".") + 1)) ?? []).some((hander) => {
        if (seen.has(hander) || !isMeant(hander, to)) return false;
        seen.add(hander);
        return hander.unknown || hander.to.some((next) => needs(next, seen));
      });
    return { handers, has: (to, of) => needs(inFull(to, of), new Set()) };
  },
};

/** Aliases are not known in markup: the end of the module's name tells. */
function isMeant({ owner, name }: Hander, to: string): boolean {
  return to === name || owner === null || `${owner}.${name}` === to || `${owner}.${name}`.endsWith(`.${to}`);
}

/** With its module, where it is one of the module's own. */
function inFull(to: string, { name, byName, keyword }: ModuleFacts): string {
  return keyword !== "template" && byName.has(to) ? `${name}.${to}` : to;
}

const NONE: readonly never[] = [];

/** What is read by these is known. */
const READS_ONE = /^Map\.(?:get|fetch!?|has_key\?)$/;

function handersOf(module: ModuleFacts): readonly Hander[] {
  if (module.fileClass === "test") return NONE;
  const out = module.clauses.flatMap((clause) => handerOf(clause, module));
  return out.length > 0 ? out : NONE;
}

function handerOf(clause: ClauseOfModule, module: ModuleFacts): readonly Hander[] {
  const { assigns, template } = clause;
  if (!assigns) return NONE;
  const [wholes, elements] = [template?.wholes ?? NONE, template?.elements ?? NONE];
  // Markup says to whom it spreads them, or is reported for it.
  const unknown = assigns.escapes && elements.length === 0 && wholes.every((whole) => READS_ONE.test(whole.to));
  const handed = assigns.handed.flatMap((one) => (one.all ? one.to.replace(/\/\d+$/, "") : NONE));
  const to = [...handed, ...elements.flat()];
  if (!unknown && to.length === 0) return NONE;
  const owner = module.keyword === "template" ? null : module.name;
  return [{ name: componentOf(module, clause), owner, unknown, to: to.map((name) => inFull(name, module)) }];
}
