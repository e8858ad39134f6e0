import type { CallFact, LoopFact } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import { anchor, type Fix, fix, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { mayBeLoaded, preloadedBy } from "../../project/database/loaded-before.ts";
import { nestedPreloads } from "../../project/database/nested-preloads.ts";
import type { Effect } from "../../project/effects/effect.ts";
import { effects, type ModuleEffects } from "../../project/effects/effects.ts";
import { isRuledOut } from "../../project/effects/ruled-out.ts";
import { shortLoops } from "../../project/effects/short-lists.ts";
import { followsItsElement, isStaged, waitsLonger } from "../../project/effects/turns.ts";
import { evidence, type Hop, lastHop, nameOfCall, type Witness } from "../../project/effects/witness.ts";
import { isOneOff, runsByHand } from "../../project/tools.ts";
import { preloadWholeList } from "../../refactor/preload-list.ts";

/** A preload loads nothing twice: the more functions it is away from the loop, the more may have loaded it before. */
const MAX_HOPS = 5;

/** Who starts a process for each element, loads what that needs when it needs it. */
const STARTS: readonly Effect[] = ["spawn", "process-call"];

export default moduleRule({
  id: "ecto/preload-in-loop",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary:
    "`Repo.preload` called once an element: a query per association and row, where one per association would do.",
  check(module, cx) {
    if (runsByHand(module)) return;
    const known = cx.about(effects, module);
    for (const clause of module.clauses) {
      if (clause.loops.length === 0 || isOneOff(clause)) continue;
      for (const call of clause.calls) {
        const loop = clause.loops[call.loop];
        if (!loop || loop.chunked || loop.fixed || loop.kind === "recursion" || !known.runs(call, clause)) continue;
        // What stands beside the way counts too, in the modules that it goes through.
        for (const hop of known.perElement(call, "db-preload")?.hops ?? []) cx.about(effects, hop.module);
        const witness = preloadFor(known, call);
        if (!witness || (witness.hops.length > 1 && isStaged(loop))) continue;
        if (followsItsElement(known, witness) || waitsLonger(known, clause, call, STARTS)) continue;
        if (cx.about(shortLoops, module).has(loop)) continue;
        if (isRuledOut(witness) || hasComputedPreload(loop.collection)) continue;
        if (asksWhetherLoaded(lastHop(witness), (name) => cx.named(name))) continue;
        if (mayBeLoaded(witness, { clause, call }, (other) => cx.about(effects, other), cx.read(nestedPreloads)))
          continue;
        const preload = `\`${nameOfCall(lastHop(witness).call).replace(/\/\d+$/, "")}\``;
        const through = witness.hops.slice(0, -1).map((hop) => `\`${nameOfCall(hop.call)}\``);
        const how = through.length > 0 ? `${preload}, reached through ${through.join(" and ")},` : preload;
        cx.report(
          anchor(module, clause, call.at),
          `${how} runs once for each element of this \`${loop.kind}\`, a query every time; ${isStream(loop) ? "preload batches of it, which `Stream.chunk_every/2` makes" : "preload the whole list in one go"}.`,
          {
            related: [{ at: anchor(module, clause, loop.at), message: `The \`${loop.kind}\`` }, ...evidence(witness)],
            fixes: through.length > 0 || isStream(loop) ? [] : preloadAll(loop),
          },
        );
      }
    }
  },
});

/** The preload of the element, or of a part of it, that the call does or reaches. */
function preloadFor(known: ModuleEffects, call: CallFact): Witness | null {
  const witness = known.perElement(call, "db-preload");
  if (!witness || witness.hops.length > MAX_HOPS) return null;
  const last = lastHop(witness);
  if (last.call.args.length < 2) return null;
  if (witness.hops.length > 1) return witness.hops.slice(1).every(passesParameter) ? witness : null;
  const [struct, ...options] = call.flows;
  // What to preload differs from element to element: one call for all would not do the same.
  const same = options.every((flow) => (flow & 1) === 0);
  return struct && struct & 1 && same && call.args[0]?.kind !== "call" ? witness : null;
}

/** True for a preload that is only come to where a `%NotLoaded{}` was found, or where a clause before wants it loaded. */
function asksWhetherLoaded({ module, call, clause }: Hop, named: ViewContext["named"]): boolean {
  const { references, calls } = clause;
  const isNotLoaded = references.find((one) => one.module === "Ecto.Association.NotLoaded");
  if (isNotLoaded && (isNotLoaded.as === "match" || call.branch >= 0)) return true;
  if (call.branch >= 0 && calls.some(({ name }) => name === "assoc_loaded?")) return true;
  const same = named(module.name).flatMap(({ byName }) => byName.get(clause.name) ?? []);
  const before = same.slice(0, Math.max(0, same.indexOf(clause))).filter(({ arity }) => arity === clause.arity);
  const names = preloadedBy(call);
  return before.some(({ params }) =>
    params.some(
      (param) => param.kind === "map" && names.length > 0 && names.every((name) => param.keys.includes(name)),
    ),
  );
}

/** True for rows for which more was preloaded than the source says: `rows |> Repo.preload(@associations) |> Enum.map(…)`. */
function hasComputedPreload(collection: Shape | undefined): boolean {
  if (collection?.kind !== "call") return false;
  const [rows, wanted] = collection.args;
  return (collection.name === "preload" && wanted?.kind === "attribute") || hasComputedPreload(rows);
}

/** True when the call is given what its function was given, not something that was read there. */
function passesParameter({ clause, call }: Hop): boolean {
  const passed = call.name === "preload" ? call.args.slice(0, 1) : call.args;
  const given = passed.flatMap((arg) => (arg.kind === "variable" ? [arg.name] : []));
  return clause.params.some((param) =>
    param.kind === "variable"
      ? given.includes(param.name)
      : given.length > 0 &&
        param.kind === "map" &&
        // What a view is given: `%{user: user}`
        (param.struct !== null || given.some((name) => param.keys.includes(name))),
  );
}

/** A stream is not in memory as a whole, and should not come there. */
function isStream({ kind, collection }: LoopFact): boolean {
  return kind.startsWith("Stream.") || (collection.kind === "call" && collection.name === "stream");
}

/** The same for the whole list; where it may be no list, somebody has to look. */
function preloadAll({ collection }: LoopFact): Fix[] {
  const givesList = collection.kind === "call" && (collection.name === "all" || collection.module === "Enum");
  const isList = collection.kind === "list" || givesList;
  const offer = isList ? fix : suggest;
  return [offer("Preload the whole list", preloadWholeList)];
}
