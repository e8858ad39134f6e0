import { sameSet } from "../../base/same-items.ts";
import type { CallFact, ClauseOfModule, LoopFact, ModuleFacts } from "../../facts/facts.ts";
import { LITERAL, MANY } from "../../facts/list-sources.ts";
import type { Shape } from "../../facts/shape.ts";
import { isTest } from "../calls/call-graph.ts";
import type { Target } from "../calls/link.ts";
import { byModule } from "../conclusions.ts";
import type { Lookup } from "../lookup.ts";
import { type Effects, effects } from "./effects.ts";

/** The loops of a module that go through lists which are cut to a page, or which all callers have written out. */
export type ShortLoops = ReadonlySet<LoopFact>;

const NONE: ShortLoops = new Set();
/** What was cut to at most so many is a page or a sample, as for `Enum.take/2`. */
const CUT = 50;
/** How many functions away a list is followed to where it comes from, and a number to where it limits. */
const DEPTH = 4;

export const shortLoops = byModule({
  name: "short loops",
  slices: effects.slices,
  isAbout: hasLoops,
  nothing: NONE,
  conclude: shortIn,
  same: sameSet,
});

function hasLoops({ clauses }: ModuleFacts): boolean {
  return clauses.some(({ loops }) => loops.length > 0);
}

function shortIn(facts: Lookup, module: ModuleFacts): ShortLoops {
  const lists = new Lists(facts);
  const found = module.clauses.flatMap((clause) =>
    clause.loops.filter(({ fixed, collection }) => !fixed && lists.isShort(module, clause, collection)),
  );
  return found.length > 0 ? new Set(found) : NONE;
}

/** A function's variables that hold a number which the source code says, with it. */
type Numbers = ReadonlyMap<string, number>;

/** Follows lists to where they come from. */
class Lists {
  constructor(private readonly facts: Lookup) {}

  /** True for a list of that clause whose length the source code decides. */
  isShort(module: ModuleFacts, clause: ClauseOfModule, list: Shape | undefined, depth = DEPTH): boolean {
    if (depth === 0 || !list) return false;
    if (list.kind === "variable") {
      const source = clause.lists.find(([name]) => name === list.name)?.[1];
      if (source === LITERAL || source === MANY) return source === LITERAL;
      const call = source === undefined ? undefined : clause.calls[source];
      return call ? this.givesPage(module, clause, call) : this.isShortForAll(clause, list.name, depth);
    }
    if (list.kind !== "call") return isWrittenOut(list);
    const { module: called, name, args } = list;
    if (called !== null && /^(?:Enum|Stream)$/.test(called))
      return SAME_OR_LESS.test(name) && this.isShort(module, clause, args[0], depth);
    const call = clause.calls.find((one) => one.module === called && one.name === name);
    return call !== undefined && this.givesPage(module, clause, call);
  }

  /** True where everybody who calls the function hands in a short list in that parameter. */
  private isShortForAll(clause: ClauseOfModule, name: string, depth: number): boolean {
    const parameter = clause.params.findIndex((param) => param.kind === "variable" && param.name === name);
    if (parameter < 0) return false;
    const callers = this.facts.callers(clause).flatMap((link) => {
      const target = isTest(link.module) ? undefined : link.targets.find((one) => one.clause === clause);
      // Who hands in one `order` means the clause for `%Order{}` beside it.
      return target?.certain ? [{ ...link, module: link.module, at: target.parameters.indexOf(parameter) }] : [];
    });
    return (
      callers.length > 0 &&
      callers.every(
        ({ module, clause: caller, call, at }) =>
          caller !== clause && this.isShort(module, caller, call.args[at], depth - 1),
      )
    );
  }

  /** True where the rows that the call gives are limited by a number that the source code says. */
  private givesPage(module: ModuleFacts, clause: ClauseOfModule, call: CallFact, depth = DEPTH): boolean {
    if (depth === 0) return false;
    const targets = this.targets(module, call);
    if (targets.length === 0) return call.name === "all" && isLimitedTo(clause, NO_NUMBERS) && isOnlyQuery(clause);
    return targets.some((target) => {
      const { clause: callee, module: owner } = target;
      const given = numbersFor(target, call, NO_NUMBERS);
      if (given.size > 0 && this.limits(owner, callee, given)) return true;
      return (callee.rows?.calls ?? []).some((index) => {
        const next = callee.calls[index];
        return next !== undefined && this.givesPage(owner, callee, next, depth - 1);
      });
    });
  }

  /** True where one of the numbers that the function was given is what a query is limited to. */
  private limits(module: ModuleFacts, clause: ClauseOfModule, numbers: Numbers, depth = DEPTH): boolean {
    if (depth === 0) return false;
    if (clause.limits.some((limit) => limit.kind === "variable" && isFew(numbers.get(limit.name)))) return true;
    return clause.calls.some((call) =>
      this.targets(module, call).some((target) => {
        const given = numbersFor(target, call, numbers);
        return given.size > 0 && this.limits(target.module, target.clause, given, depth - 1);
      }),
    );
  }

  private targets(module: ModuleFacts, call: CallFact): readonly Target[] {
    return this.facts.about<ReturnType<Effects["of"]>>(effects, module).targets(call);
  }
}

const NO_NUMBERS: Numbers = new Map();
const SAME_OR_LESS = /^(?:map|filter|reject|with_index|reverse|sort|sort_by|uniq|uniq_by|shuffle|take_while|drop)$/;

/** The parameters of the function that get a number, written out or of those that are known where the call stands. */
function numbersFor({ clause, parameters }: Target, { args }: CallFact, known: Numbers): Numbers {
  const out = new Map<string, number>();
  args.forEach((arg, i) => {
    const param = clause.params[parameters[i] ?? -1];
    const number = numberOf(arg, known);
    if (param?.kind === "variable" && number !== undefined) out.set(param.name, number);
  });
  return out;
}

function numberOf(shape: Shape, known: Numbers): number | undefined {
  if (shape.kind === "variable") return known.get(shape.name);
  return shape.kind === "number" ? Number(shape.value.replaceAll("_", "")) : undefined;
}

function isLimitedTo({ limits }: ClauseOfModule, numbers: Numbers): boolean {
  return limits.some((limit) => isFew(numberOf(limit, numbers)));
}

function isFew(number: number | undefined): boolean {
  return number !== undefined && number <= CUT;
}

/** True where no other query can be the one that is limited. */
function isOnlyQuery({ calls, limits }: ClauseOfModule): boolean {
  return limits.length === 1 && calls.filter(({ name }) => name === "all").length === 1;
}

/** A list or a map that is written out where it is handed over; of `[order | orders]` nobody knows. */
function isWrittenOut(shape: Shape): boolean {
  if (shape.kind === "list")
    return shape.items.length > 1 || (shape.items[0] !== undefined && shape.items[0].kind !== "any");
  return shape.kind === "keyword" || (shape.kind === "map" && shape.struct === null && shape.keys.length > 0);
}
