import { shortName } from "../../base/module-name.ts";
import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { isTest } from "../calls/call-graph.ts";
import { effects } from "../effects/effects.ts";
import type { Facts } from "../project.ts";
import { type Graph, GraphBuilder } from "./graph.ts";

/**
 * Who calls whom: modules, each edge with the number of calls. With a focus: the functions of that module, what they call
 * and who calls them.
 */
export function callsGraph(facts: Facts, focus: string | null): Graph {
  const { graph } = facts.read(effects);
  const out = new GraphBuilder();
  const counts = new Map<string, number>();
  for (const module of facts.modules()) {
    if (isTest(module)) continue;
    for (const links of graph.clausesOf(module).values()) {
      for (const link of links) {
        for (const target of link.targets) {
          if (focus !== null) {
            if (module.name !== focus && target.module.name !== focus) continue;
            const [from, to] = [
              functionNode(out, module, link.clause),
              functionNode(out, target.module, target.clause),
            ];
            out.edge({ from, to, kind: link.call.runs === "elsewhere" ? "elsewhere" : "calls" });
          } else if (target.module !== module) {
            const key = `${module.name}\n${target.module.name}`;
            counts.set(key, (counts.get(key) ?? 0) + 1);
          }
        }
      }
    }
  }
  for (const [key, count] of counts) {
    const [from = "", to = ""] = key.split("\n");
    for (const id of [from, to]) out.node({ id, label: id, kind: "module" });
    out.edge({ from, to, kind: "calls", label: String(count) });
  }
  return out.build();
}

/** Adds the node of a function, and gives its id. */
export function functionNode(out: GraphBuilder, module: ModuleFacts, { name, arity }: ClauseOfModule): string {
  const id = `${module.name}.${name}/${arity}`;
  out.node({ id, label: `${shortName(module.name)}.${name}/${arity}`, kind: "function" });
  return id;
}
