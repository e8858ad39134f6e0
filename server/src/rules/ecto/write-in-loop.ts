import { isRescued } from "../../facts/branch.ts";
import type { CallFact, ClauseOfModule, LoopFact, ModuleFacts } from "../../facts/facts.ts";
import { dependence, ELEMENT, parameterFlow } from "../../facts/flow-bits.ts";
import { anchor, type Fix, moduleRule, suggest } from "../../lint/rule.ts";
import { adapters, isSql } from "../../project/database/adapters.ts";
import { takesOthersAlong, writesOthers } from "../../project/database/one-statement.ts";
import { schemas } from "../../project/database/schemas.ts";
import { transactions } from "../../project/database/transactions.ts";
import { EFFECTS, type Effect } from "../../project/effects/effect.ts";
import { effects, type ModuleEffects } from "../../project/effects/effects.ts";
import { isConstant, isDeliberate, nameOfLoop, sameTurn } from "../../project/effects/turns.ts";
import { evidence, type Hop, lastHop, reaches, type Witness } from "../../project/effects/witness.ts";
import { seeding } from "../../project/seeding.ts";
import { runsByHand } from "../../project/tools.ts";
import { deleteAllInstead } from "../../refactor/delete-all.ts";

/** Farther away, a write is one of many things that a function does for each element. */
const MAX_HOPS = 4;

/** Who does one of these for each element as well acts on it: that is more than rows to be written. */
const ACTS: readonly Effect[] = EFFECTS.filter((effect) => effect !== "db-read");

/** What `insert_all`, `update_all` and `delete_all` do for all rows at once. */
const SINGLE = /^(?:insert|update|delete)!?$/;

/** Loops that end at the first error, or build up something from each write. */
const STEPWISE = /reduce|map_reduce|scan|find/;

export default moduleRule({
  id: "ecto/write-in-loop",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  summary: "A row is written once for each element of a collection, where one statement could write all.",
  check(module, cx) {
    if (runsByHand(module)) return;
    const known = cx.about(effects, module);
    const functions = (name: string | null) => (name === null ? [module] : cx.named(name));
    for (const clause of module.clauses) {
      if (clause.loops.length === 0) continue;
      for (const call of clause.calls) {
        const loop = clause.loops[call.loop];
        if (
          !loop ||
          isDeliberate(loop) ||
          isConstant(loop, functions) ||
          STEPWISE.test(loop.kind) ||
          !known.runs(call, clause)
        )
          continue;
        // What stands beside the way counts too, in the modules that it goes through.
        for (const hop of known.perElement(call, "db-write")?.hops ?? []) cx.about(effects, hop.module);
        const witness = writeFor(known, call, clause, loop);
        if (!witness) continue;
        const { module: repo, name } = lastHop(witness).call;
        // A row in memory costs neither a round trip nor a commit.
        if (repo !== null && !isSql(cx.read(adapters), repo)) continue;
        if (cx.about(seeding, module).has(clause)) continue;
        const targets = (owner: ModuleFacts, one: CallFact) => cx.about(effects, owner).targets(one);
        if (name.startsWith("delete") && takesOthersAlong(witness.hops, targets, cx.read(schemas))) continue;
        if (writesOthers(witness.hops, targets)) continue;
        const all = `${name.replace("!", "")}_all`;
        const fixes: Fix[] =
          name.startsWith("delete") && witness.hops.length === 1
            ? [suggest("Delete all with one statement", deleteAllInstead)]
            : [];
        cx.report(
          anchor(module, clause, call.at),
          `This ${reaches(witness)} once for each element of ${nameOfLoop(loop, clause)}: a round trip a row${commits(witness, (hop) => cx.about(transactions, hop.module).has(hop.clause))}; write them together with \`${all}\`.`,
          {
            requires: all === "insert_all" ? { ecto: "2.0.0" } : {},
            related: [
              { at: anchor(module, clause, loop.at), message: `For each element of ${nameOfLoop(loop, clause)}` },
              ...evidence(witness),
            ],
            fixes,
          },
        );
      }
    }
  },
});

/** The single write that the call does for each element, when nobody looks at how it went. */
function writeFor(known: ModuleEffects, call: CallFact, clause: ClauseOfModule, loop: LoopFact): Witness | null {
  if (call.module === null && call.name === clause.name && call.arity === clause.arity) return null;
  const witness = known.perElement(call, "db-write");
  if (!witness || witness.hops.length > MAX_HOPS) return null;
  const last = lastHop(witness).call;
  if (!SINGLE.test(last.name) || last.module === "Oban") return null;
  if (last.name.startsWith("update") && !isUniform(call, clause, witness)) return null;
  if (last.name.startsWith("delete") && last.args[0]?.kind === "call") return null;
  if (sameTurn(clause, call).some((other) => other !== call && acts(known, other))) return null;
  if (witness.hops.slice(1).some((hop) => doesMore(known, hop))) return null;
  // One that fails does not keep the others from being written.
  if (witness.hops.some((hop, i) => isRescued(hop.clause, hop.call, i === 0 ? loop.branch : -1))) return null;
  const looksAtIt = witness.hops.some((hop) => /^(?:checked|failed|asked)$/.test(hop.call.outcome)) || !loop.discarded;
  return looksAtIt ? null : witness;
}

function acts(known: ModuleEffects, call: CallFact): boolean {
  return call.name.startsWith("transac") || ACTS.some((effect) => known.of(call, effect) !== null);
}

/** True for a function that does more than to write the row: before it by an effect, after it by any function of the project. */
function doesMore(known: ModuleEffects, { clause, call }: Hop): boolean {
  const at = clause.calls.indexOf(call);
  return clause.calls.some(
    (other, i) => i !== at && (acts(known, other) || (i > at && known.targets(other).length > 0)),
  );
}

/**
 * True when every row gets the same values: `ticket |> change(open: false) |> Repo.update!()`, and `update_ticket(ticket, params)`,
 * where only the ticket is an element.
 */
function isUniform(call: CallFact, clause: ClauseOfModule, { hops }: Witness): boolean {
  if (hops.length === 1) {
    const turn = sameTurn(clause, call).filter((other) => other !== call);
    // What another function gives may be something else each time, as a random key is.
    return turn.every(({ name }) => CHANGES.test(name)) && givesSame(turn, ELEMENT);
  }
  const [struct = 0, ...values] = call.flows;
  const [, inner] = hops;
  if (!inner || hops.length > 2 || (struct & ELEMENT) === 0 || values.some((value) => (value & ELEMENT) !== 0))
    return false;
  const row = dependence(parameterFlow(0));
  return values.length === 1
    ? inner.clause.calls.every((other) => !variesBy(other, row))
    : givesSame(inner.clause.calls, row);
}

/**
 * True for calls that put something into a changeset, none of which depends on the row. What a function makes of the row alone
 * may be something else for each.
 */
function givesSame(calls: readonly CallFact[], row: number): boolean {
  const given = calls.some(({ name, flows }) => CHANGES.test(name) && flows.length > 1);
  return given && !calls.some((call) => variesBy(call, row));
}

function variesBy({ name, flows: [, ...given] }: CallFact, row: number): boolean {
  return CHANGES.test(name) && given.some((flow) => (flow & row) !== 0);
}

/** Functions that make a changeset of a row and its new values. */
const CHANGES = /change|cast|force_|put_/;

/** Outside of a transaction, every row is a commit too. */
function commits({ hops }: Witness, isInside: (hop: Hop) => boolean): string {
  const inTransaction = hops.some(
    (hop) =>
      hop.call.transaction !== null || hop.clause.calls.some(({ name }) => /^transac/.test(name)) || isInside(hop),
  );
  return inTransaction ? "" : " and a commit each";
}
