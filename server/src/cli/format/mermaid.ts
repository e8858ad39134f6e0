import type { Graph, GraphNode } from "../../lint/session.ts";

/** How a node is drawn, by what it is. */
const SHAPES: Readonly<Record<string, readonly [string, string]>> = {
  effect: ["([", "])"],
  primitive: ["([", "])"],
  supervisor: ["[[", "]]"],
};

/** The graph as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html). */
export function formatMermaid({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map((node, i) => [node.id, `n${i}`]));
  const lines = nodes.map((node) => {
    const [open, close] = SHAPES[node.kind] ?? ["[", "]"];
    return `  ${ids.get(node.id)}${open}"${escaped(text(node, "<br/>"))}"${close}`;
  });
  for (const { from, to, label, kind } of edges) {
    const [a, b] = [ids.get(from), ids.get(to)];
    if (!a || !b) continue;
    const arrow = kind === "elsewhere" || kind === "association" ? "-.->" : "-->";
    lines.push(label ? `  ${a} ${arrow}|"${escaped(label)}"| ${b}` : `  ${a} ${arrow} ${b}`);
  }
  return `flowchart LR\n${lines.join("\n")}\n`;
}

function text({ label, details = {} }: GraphNode, separator: string): string {
  return [label, ...Object.entries(details).map(([name, value]) => `${name}: ${value}`)].join(separator);
}

function escaped(label: string): string {
  return label.replaceAll('"', "#quot;");
}
