import type { Call, Def, Node } from "../syntax/ast.ts";
import { inputOf, isQueryLike, isQueryMacro, partsOf, readQuery } from "../syntax/query.ts";
import { conditionParts } from "../syntax/query-condition.ts";
import type { Anchors } from "./anchors.ts";
import { composedQuery } from "./composed-query.ts";
import type { ClauseFacts, ConditionFact, JoinPreloadFact } from "./facts.ts";
import { givenQuery, queryShape } from "./loads.ts";

type QueryFacts = Pick<ClauseFacts, "gives" | "composes" | "conditions" | "joinPreloads">;

const NOTHING: QueryFacts = { gives: null, composes: null, conditions: [], joinPreloads: [] };

/** What the queries of a function say: their conditions, what they preload from joins, and the query that it gives. */
export function queryFactsOf(def: Def, written: readonly Call[], text: string, anchors: Anchors): QueryFacts {
  const macros = written.filter(isQueryMacro);
  if (macros.length === 0) {
    const gives = givenQuery(def);
    return gives ? { ...NOTHING, gives } : NOTHING;
  }
  const conditions = conditionsOf(macros, anchors);
  const joinPreloads = joinPreloadsOf(macros, anchors);
  const gives = givenQuery(def);
  if (!gives && conditions.length === 0 && joinPreloads.length === 0) return NOTHING;
  return { gives, composes: composedQuery(def, gives, text), conditions, joinPreloads };
}

function conditionsOf(macros: readonly Call[], anchors: Anchors): readonly ConditionFact[] {
  const byQuery = new Map<Call, ConditionFact["wheres"][number][]>();
  for (const call of macros.toSorted((a, b) => a.ownStart - b.ownStart)) {
    for (const part of partsOf(call)) {
      const parts = part.name === "where" ? conditionParts(part) : [];
      if (parts.length === 0) continue;
      const where = { at: anchors.add(part.value), parts: [...new Set(parts.map(({ normal }) => normal))] };
      const query = outermost(call);
      const others = byQuery.get(query);
      if (others) others.push(where);
      else byQuery.set(query, [where]);
    }
  }
  return [...byQuery].map(([call, wheres]) => ({ query: queryShape(call), wheres }));
}

/** The last macro of the pipe that the call is in: it speaks for the whole query. */
function outermost(call: Call): Call {
  const { parent } = call;
  if (isQueryMacro(parent) && inputOf(parent) === call) return outermost(parent);
  const around = parent?.parent;
  return parent?.type === "binary" && isQueryMacro(around) && inputOf(around) === call ? outermost(around) : call;
}

function joinPreloadsOf(macros: readonly Call[], anchors: Anchors): readonly JoinPreloadFact[] {
  const out: JoinPreloadFact[] = [];
  const taken = new Set<Node>();
  // The last use of a query says most about it.
  for (const call of macros.toReversed()) {
    if (outermost(call) !== call) continue;
    const preloads = readQuery(call).parts.filter(({ name, value }) => name === "preload" && !taken.has(value));
    const joined = preloads.flatMap(({ value }) => joinedIn(value, ""));
    for (const { value } of preloads) taken.add(value);
    if (joined.length === 0) continue;
    const associations = joined.map(({ name, at }) => ({ name, at: anchors.add(at) }));
    const first = preloads[0]?.value ?? call;
    out.push({ at: anchors.add(first), query: queryShape(handedThrough(call)), associations });
  }
  return out.length > 0 ? out : NOTHING.joinPreloads;
}

/** The last function that the query is piped through. */
function handedThrough(call: Call): Call {
  const { parent } = call;
  const goesOn = parent?.type === "call" && parent.piped && parent.args[0] === call && isQueryLike(parent);
  return goesOn ? handedThrough(parent) : call;
}

/** `comments: c` and `comments: {c, likes: l}`, which is `comments.likes`: what is filled from a binding of the query. */
function joinedIn(node: Node, prefix: string): { name: string; at: Node }[] {
  if (node.type !== "list") return [];
  return node.items.flatMap((item) => {
    if (item.type !== "pair" || item.key.type !== "atom") return [];
    const name = prefix + item.key.value;
    const { value } = item;
    if (value.type === "variable") return [{ name, at: item }];
    const [binding, nested] = value.type === "tuple" ? value.items : [];
    if (binding?.type !== "variable") return [];
    return [{ name, at: item }, ...(nested ? joinedIn(nested, `${name}.`) : [])];
  });
}
