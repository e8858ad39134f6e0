import type { CallFact, ClauseOfModule, LoopFact } from "../../facts/facts.ts";
import { anchor, type Fix, moduleRule, suggest } from "../../lint/rule.ts";
import { type Hop, isLocalCall, localEffects } from "../../project/effects/local.ts";
import { primitiveEffect } from "../../project/effects/primitives.ts";
import { repos } from "../../project/repos.ts";
import { type Schemas, schemas } from "../../project/schemas.ts";
import type { Call, Clause, Node } from "../../syntax/ast.ts";
import { keywordValue } from "../../syntax/flow.ts";
import { iterationAround } from "../../syntax/iteration.ts";
import { find } from "../../syntax/visit.ts";

/** Farther away, whether the query runs for every element depends on more than can be seen. */
const MAX_HOPS = 5;

/** Collections whose elements are databases, not rows: one query each is what is meant. */
const DATABASES = /tenant|prefix|repo|shard|schema|attempt|retr(?:y|ies)/i;

export default moduleRule({
  id: "ecto/n-plus-one-query",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A query runs once for each element of a collection (N+1), where a preload or one `in` query would do.",
  check(module, cx) {
    const isRepo = cx.read(repos);
    for (const clause of module.clauses) {
      for (const call of clause.calls) {
        const loop = clause.loops[call.loop];
        if (!loop || !call.element || call.runs !== "inline" || isDeliberate(loop)) continue;
        const hops = queryHops(call, clause);
        const last = hops?.at(-1)?.call;
        if (!hops || !last) continue;
        const query = `${shortName(last)}/${last.arity}`;
        const through = hops.slice(0, -1).map((hop) => `\`${hop.call.name}/${hop.call.arity}\``);
        const how = through.length > 0 ? `reaches \`${query}\` through ${through.join(" and ")}` : `runs \`${query}\``;
        const fixes: Fix[] =
          through.length > 0 ? [] : [suggest("Preload the association", preloadInstead(cx.read(schemas)))];
        cx.report(
          anchor(module, clause, call.at),
          `This ${how} once for each element of the \`${loop.kind}\` (N+1 queries); preload, or fetch all with one \`in\` query.`,
          {
            related: [
              { at: anchor(module, clause, loop.at), message: `The \`${loop.kind}\`` },
              ...hops.slice(1).map((hop) => ({
                at: anchor(module, hop.clause, hop.call.at),
                message:
                  hop.call === last ? `\`${query}\` runs here` : `\`${hop.clause.name}\` calls \`${hop.call.name}\``,
              })),
            ],
            fixes,
            // Concurrent queries are as many, but nobody waits for all of them in turn.
            ...(loop.kind.startsWith("Task.") ? { severity: "information" as const } : {}),
          },
        );
      }
    }

    /** From the call in the loop to the query: the call itself, and what the module's functions call on the way. */
    function queryHops(call: CallFact, clause: ClauseOfModule): readonly Hop[] | null {
      if (primitiveEffect(call, isRepo) === "db-read") return call.name === "preload" ? null : [{ clause, call }];
      if (!isLocalCall(module, call) || (call.name === clause.name && call.arity === clause.arity)) return null;
      const witness = cx.read(localEffects)(module, call.name, call.arity, "db-read");
      return witness && witness.hops.length < MAX_HOPS ? [{ clause, call }, ...witness.hops] : null;
    }
  },
});

function isDeliberate(loop: LoopFact): boolean {
  if (loop.chunked || loop.fixed) return true;
  const { collection } = loop;
  return (collection.kind === "variable" || collection.kind === "call") && DATABASES.test(collection.name);
}

function shortName(call: CallFact): string {
  return `${call.module?.split(".").at(-1)}.${call.name}`;
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
