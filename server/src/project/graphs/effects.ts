import type { ModuleFacts } from "../../facts/facts.ts";
import { isTest } from "../calls/call-graph.ts";
import { EFFECTS } from "../effects/effect.ts";
import { effects } from "../effects/effects.ts";
import { nameOfCall } from "../effects/witness.ts";
import type { Facts } from "../project.ts";
import { functionNode } from "./calls.ts";
import { type Graph, GraphBuilder } from "./graph.ts";

/**
 * Which module has which effects, by the number of its functions that do. With a focus: the functions of that module, and
 * the shortest way from each to each of its effects.
 */
export function effectsGraph(facts: Facts, focus: string | null): Graph {
  const out = new GraphBuilder();
  for (const module of facts.modules()) {
    if (isTest(module) || (focus !== null && module.name !== focus)) continue;
    if (focus === null) moduleEffects(out, facts, module);
    else witnesses(out, facts, module);
  }
  return out.build();
}

function moduleEffects(out: GraphBuilder, facts: Facts, module: ModuleFacts): void {
  const known = facts.read(effects).of(module);
  for (const effect of EFFECTS) {
    const functions = new Set(
      module.clauses
        .filter((clause) => known.ofClause(clause, effect) !== null)
        .map(({ name, arity }) => `${name}/${arity}`),
    );
    if (functions.size === 0) continue;
    out.node({ id: module.name, label: module.name, kind: "module" });
    out.node({ id: effect, label: effect, kind: "effect" });
    out.edge({ from: module.name, to: effect, kind: "has", label: String(functions.size) });
  }
}

function witnesses(out: GraphBuilder, facts: Facts, module: ModuleFacts): void {
  const known = facts.read(effects).of(module);
  for (const clause of module.clauses) {
    for (const effect of EFFECTS) {
      const hops = known.ofClause(clause, effect)?.hops ?? [];
      hops.forEach((hop, i) => {
        const from = functionNode(out, hop.module, hop.clause);
        const next = hops[i + 1];
        if (next) {
          out.edge({ from, to: functionNode(out, next.module, next.clause), kind: effect });
          return;
        }
        const id = nameOfCall(hop.call);
        out.node({ id, label: id, kind: "primitive", details: { effect } });
        out.edge({ from, to: id, kind: effect });
      });
    }
  }
}
