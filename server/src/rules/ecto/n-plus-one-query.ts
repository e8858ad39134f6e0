import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { entry, type Shape } from "../../facts/shape.ts";
import { anchor, type Fix, moduleRule, suggest } from "../../lint/rule.ts";
import { isLocalCall } from "../../project/calls/clauses.ts";
import { adapters, isSql } from "../../project/database/adapters.ts";
import { type Schemas, schemas } from "../../project/database/schemas.ts";
import { effects, type ModuleEffects } from "../../project/effects/effects.ts";
import {
  aimsByElement,
  followsItsElement,
  isConstant,
  isDeliberate,
  isOptional,
  lacksChange,
  nameOfLoop,
  waitsLonger,
} from "../../project/effects/turns.ts";
import { evidence, lastHop, reaches, type Witness } from "../../project/effects/witness.ts";
import { behavesAs } from "../../project/processes/servers.ts";
import type { Call, Clause, Node } from "../../syntax/ast.ts";
import { keywordValue } from "../../syntax/flow.ts";
import { iterationAround } from "../../syntax/iteration.ts";
import { find } from "../../syntax/visit.ts";

/** What is done next depends on the answer. */
const DECIDES: ReadonlySet<string> = new Set(["checked", "asked"]);

/** Farther away, whether the query runs for every element depends on more than can be seen. */
const MAX_HOPS = 5;

export default moduleRule({
  id: "ecto/n-plus-one-query",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A query runs once for each element of a collection (N+1), where a preload or one `in` query would do.",
  check(module, cx) {
    const known = cx.about(effects, module);
    const functions = (name: string | null) => (name === null ? [module] : cx.named(name));
    for (const clause of module.clauses) {
      if (clause.loops.length === 0) continue;
      if (startsChildren(module, clause)) continue;
      const reported = new Set<number>();
      for (const call of clause.calls) {
        const loop = clause.loops[call.loop];
        if (!loop || isDeliberate(loop) || isConstant(loop, functions) || !known.runs(call, clause)) continue;
        if (loop.kind === "recursion" && recursesOnLiteral(module, clause)) continue;
        // What stands beside the ways counts too, in the modules that they go through.
        for (const effect of ["db-read", "db-write"] as const)
          for (const hop of known.perElement(call, effect)?.hops ?? []) cx.about(effects, hop.module);
        const witness = queryFor(known, call, clause);
        if (!witness || lacksChange(witness) || followsItsElement(known, witness) || waitsLonger(known, clause, call))
          continue;
        const { module: repo, aim } = lastHop(witness).call;
        // Other databases spread their rows over machines by the key: there one query for many keys is none the better.
        if (repo !== null && !isSql(cx.read(adapters), repo)) continue;
        if (aimsByElement(known, witness) || lastHop(witness).call.args.some((arg) => entry(arg, "prefix"))) continue;
        // A loop is mended as a whole: what else it reads for each element is mended with it.
        if (reported.has(call.loop)) continue;
        reported.add(call.loop);
        const fixes: Fix[] =
          witness.hops.length > 1 ? [] : [suggest("Preload the association", preloadInstead(cx.read(schemas)))];
        cx.report(
          anchor(module, clause, call.at),
          `This ${reaches(witness)} once for each element of ${nameOfLoop(loop, clause)} (N+1 queries); ${aim?.newest ? "fetch the first of each with one query, `distinct` by what tells them apart" : "preload, or fetch all with one `in` query"}.`,
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
  },
});

/** True where a supervisor names its children: it runs once a start, and its elements are processes, of which there are few. */
function startsChildren(module: ModuleFacts, { name, arity }: ClauseOfModule): boolean {
  if (name === "init" && arity === 1) return behavesAs(module, "Supervisor", "DynamicSupervisor");
  return name === "start" && arity === 2 && behavesAs(module, "Application");
}

/** The query that the call runs for each element, itself or through what it calls. */
function queryFor(known: ModuleEffects, call: CallFact, clause: ClauseOfModule): Witness | null {
  if (call.module === null && call.name === clause.name && call.arity === clause.arity) return null;
  const witness = known.perElement(call, "db-read");
  if (!witness || witness.hops.length > MAX_HOPS) return null;
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

/**
 * `Enum.map(users, fn user -> Map.put(user, :posts, Repo.all(from p in Post, where: p.user_id == ^user.id)) end)`, where
 * a schema declares that association with that key, is `Repo.preload(users, :posts)`. Order within the association may
 * differ, hence a suggestion.
 */
function preloadInstead(known: Schemas): Fix["edits"] {
  return (source) => {
    const query = source.node(source.at);
    const loop = query && iterationAround(query);
    const clause = loop?.kind === "Enum.map" && loop.body.type === "fn" ? loop.body.clauses[0] : undefined;
    const element = clause?.patterns[0];
    const put = clause && putAssociation(clause);
    if (!loop || query?.type !== "call" || element?.type !== "variable" || !put || put.struct !== element.name)
      return null;
    const condition = keyCondition(query, element.name);
    if (!condition || !known.hasAssociation(put.association, condition.schema, condition.key)) return null;
    const repo = source.text({ start: query.calleeStart, end: query.calleeEnd }).replace(/\.\w+[!?]?$/, "");
    const preload = `${repo}.preload(${loop.node.piped ? "" : `${source.text(loop.collection)}, `}:${put.association})`;
    return [source.replace({ start: loop.node.ownStart, end: loop.node.end }, preload)];
  };
}

/** `Map.put(struct, :association, …)` or `%{struct | association: …}` as what the closure evaluates to. */
function putAssociation(clause: Clause): { struct: string; association: string } | null {
  const last = clause.body.statements.at(-1);
  if (last?.type === "call" && last.module === "Map" && last.name === "put") {
    const [struct, key] = last.args;
    return struct?.type === "variable" && key?.type === "atom" ? { struct: struct.name, association: key.value } : null;
  }
  const item = last?.type === "map" && last.items.length === 1 ? last.items[0] : undefined;
  if (last?.type !== "map" || last.base?.type !== "variable" || item?.type !== "pair" || item.key.type !== "atom")
    return null;
  return { struct: last.base.name, association: item.key.value };
}

/** The schema and the key of a query that has `where: x.key == ^element.id` and no other condition. */
function keyCondition(query: Call, element: string): { schema: string; key: string } | null {
  const from = find(query, (n): n is Call => n.type === "call" && n.module === "Ecto.Query" && n.name === "from");
  const options = from?.args[1];
  const where = keywordValue(options, "where");
  const source = from?.args[0];
  if (options?.type !== "list" || options.items.length !== 1 || where?.type !== "binary" || where.operator !== "==")
    return null;
  if (source?.type !== "binary" || source.right.type !== "alias") return null;
  const { left, right } = where;
  return left.type === "field" && isPinnedId(right, element) ? { schema: source.right.module, key: left.name } : null;
}

function isPinnedId(node: Node, element: string): boolean {
  if (node.type !== "unary" || node.operator !== "^" || node.operand.type !== "field") return false;
  const { object, name } = node.operand;
  return name === "id" && object.type === "variable" && object.name === element;
}
