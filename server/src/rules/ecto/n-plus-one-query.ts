import type { CallFact, ClauseOfModule, LoopFact, ModuleFacts } from "../../facts/facts.ts";
import { entry, type Shape } from "../../facts/shape.ts";
import { anchor, type Fix, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { isLocalCall } from "../../project/calls/clauses.ts";
import { adapters, isSql } from "../../project/database/adapters.ts";
import { castAssociations } from "../../project/database/cast-associations.ts";
import { schemas } from "../../project/database/schemas.ts";
import { effects, type ModuleEffects } from "../../project/effects/effects.ts";
import { isRuledOut } from "../../project/effects/ruled-out.ts";
import { shortLoops } from "../../project/effects/short-lists.ts";
import {
  aimsByElement,
  asksByKind,
  DECIDES,
  fetchesWhatItLacks,
  followsItsElement,
  isConstant,
  isDeliberate,
  isOptional,
  isStaged,
  lacksChange,
  nameOfLoop,
  updatesWhatItFinds,
  waitsLonger,
} from "../../project/effects/turns.ts";
import { evidence, lastHop, reaches, type Witness } from "../../project/effects/witness.ts";
import { behavesAs } from "../../project/processes/servers.ts";
import { seeding } from "../../project/seeding.ts";
import { isOneOff, runsByHand } from "../../project/tools.ts";
import { preloadInstead } from "../../refactor/preload-instead.ts";

/** Farther away, whether the query runs for every element depends on more than can be seen. */
const MAX_HOPS = 5;

export default moduleRule({
  id: "ecto/n-plus-one-query",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A query runs once for each element of a collection (N+1), where a preload or one `in` query would do.",
  check(module, cx) {
    if (runsByHand(module)) return;
    const known = cx.about(effects, module);
    const isAssociation = (name: string, schema: string, key: string): boolean =>
      cx.read(schemas).hasAssociation(name, schema, key) !== null;
    const functions = (name: string | null) => (name === null ? [module] : cx.named(name));
    for (const clause of module.clauses) {
      if (clause.loops.length === 0) continue;
      if (startsChildren(module, clause) || isOneOff(clause)) continue;
      const reported = new Set<number>();
      for (const call of clause.calls) {
        const loop = clause.loops[call.loop];
        if (!loop || isDeliberate(loop) || isConstant(loop, functions) || !known.runs(call, clause)) continue;
        if (loop.kind === "recursion" && recursesOnLiteral(module, clause)) continue;
        // What stands beside the ways counts too, in the modules that they go through.
        for (const effect of ["db-read", "db-write"] as const)
          for (const hop of known.perElement(call, effect)?.hops ?? []) cx.about(effects, hop.module);
        const witness = queryFor(known, call, clause, loop);
        if (
          !witness ||
          isRuledOut(witness) ||
          lacksChange(witness) ||
          followsItsElement(known, witness) ||
          waitsLonger(known, clause, call)
        )
          continue;
        const { module: repo, aim } = lastHop(witness).call;
        // Other databases spread their rows over machines by the key: there one query for many keys is none the better.
        if (repo !== null && !isSql(cx.read(adapters), repo)) continue;
        if (aimsByElement(known, witness) || lastHop(witness).call.args.some((arg) => entry(arg, "prefix"))) continue;
        // A loop is mended as a whole: what else it reads for each element is mended with it.
        if (reported.has(call.loop) || cx.about(shortLoops, module).has(loop)) continue;
        if (cx.about(seeding, module).has(clause)) continue;
        reported.add(call.loop);
        const fixes: Fix[] =
          witness.hops.length > 1 ? [] : [suggest("Preload the association", preloadInstead(isAssociation))];
        cx.report(
          anchor(module, clause, call.at),
          `This ${reaches(witness)} once for each element of ${nameOfLoop(loop, clause)} (N+1 queries); ${instead(aim)}.`,
          {
            related: [
              { at: anchor(module, clause, loop.at), message: `For each element of ${nameOfLoop(loop, clause)}` },
              ...evidence(witness),
            ],
            fixes,
            // Concurrent queries are as many, but nobody waits for all of them in turn.
            ...(loop.kind.startsWith("Task.") ? { severity: "information" as const } : {}),
            ...(module.name.startsWith("Mix.Tasks.") ? { severity: "hint" as const } : {}),
          },
        );
      }
    }
    changesetQueries(module, known, cx);
  },
});

/** How one query gives what all of them do. */
function instead(aim: CallFact["aim"]): string {
  if (aim?.newest) return "fetch the first of each with one query, `distinct` by what tells them apart";
  if (aim?.few) return "fetch the first few of each with one query, by a lateral join or `row_number()`";
  return "preload, or fetch all with one `in` query";
}

/** Queries of a `changeset/2` that `cast_assoc` calls for each of many. */
function changesetQueries(module: ModuleFacts, known: ModuleEffects, cx: ViewContext): void {
  const cast = module.schema ? cx.read(castAssociations).of(module.name) : undefined;
  if (!cast) return;
  for (const clause of module.byName.get("changeset") ?? []) {
    if (clause.arity !== 2) continue;
    for (const call of clause.calls) {
      // Which rows there are already is asked for each of them on purpose.
      if (call.name === "unsafe_validate_unique" || !known.runs(call, clause)) continue;
      const witness = known.perArgument(call, "db-read");
      if (!witness || witness.hops.length > MAX_HOPS) continue;
      cx.report(
        anchor(module, clause, call.at),
        `This ${reaches(witness)} once for each of the \`${cast.association}\` that are cast (N+1 queries): \`cast_assoc\` calls \`changeset/2\` for each; fetch what they need with one query before, and hand it to them by \`with:\`.`,
        {
          related: [
            { at: cast.at, message: `Casts all \`${cast.association}\`, each by \`${module.name}.changeset/2\`` },
            ...evidence(witness),
          ],
        },
      );
      break;
    }
  }
}

/** True where a supervisor names its children: it runs once a start, and its elements are processes, of which there are few. */
function startsChildren(module: ModuleFacts, { name, arity }: ClauseOfModule): boolean {
  if (name === "init" && arity === 1) return behavesAs(module, "Supervisor", "DynamicSupervisor");
  return name === "start" && arity === 2 && behavesAs(module, "Application");
}

/** The query that the call runs for each element, itself or through what it calls. */
function queryFor(known: ModuleEffects, call: CallFact, clause: ClauseOfModule, loop: LoopFact): Witness | null {
  if (call.module === null && call.name === clause.name && call.arity === clause.arity) return null;
  const witness = known.perElement(call, "db-read");
  if (!witness || witness.hops.length > MAX_HOPS || updatesWhatItFinds(known, witness)) return null;
  if (witness.hops.length > 1 && isStaged(loop)) return null;
  if (asksByKind(known, witness) || fetchesWhatItLacks(known, witness)) return null;
  return witness.hops.length > 1 && actsOnElement(known, call, witness) ? null : witness;
}

/** True for a function that reads what it then writes, unless it only asks whether there is something to insert. */
function actsOnElement(known: ModuleEffects, call: CallFact, { hops }: Witness): boolean {
  const write = known.perElement(call, "db-write");
  if (!write || write.hops.slice(1, 3).some((hop) => isOptional(known, hop.call))) return false;
  return !lastHop(write).call.name.startsWith("insert") || !hops.slice(1).some((hop) => DECIDES.has(hop.call.outcome));
}

/** True when the list that the function goes along is one of the source code: the default of its parameter, or what all calls give. */
function recursesOnLiteral(module: ModuleFacts, clause: ClauseOfModule): boolean {
  const list = clause.params.findIndex((param) => param.kind === "list");
  const isLiteral = (shape: Shape | null | undefined): boolean =>
    shape?.kind === "keyword" || (shape?.kind === "list" && shape.items.length > 0);
  const same = module.clauses.filter((other) => other.name === clause.name && other.arity === clause.arity);
  if (same.some((other) => isLiteral(other.defaultValues[list]))) return true;
  const calls = module.clauses.flatMap((other) =>
    same.includes(other)
      ? []
      : other.calls.filter(
          (call) => isLocalCall(module, call) && call.name === clause.name && call.arity === clause.arity,
        ),
  );
  return calls.length > 0 && calls.every((call) => isLiteral(call.args[list]));
}
