import type { Graph } from "../../lint/session.ts";

const SHAPES: Readonly<Record<string, string>> = { effect: "ellipse", primitive: "ellipse", supervisor: "box3d" };

/** The graph in the DOT language of Graphviz (https://graphviz.org/doc/info/lang.html). */
export function formatDot({ nodes, edges }: Graph): string {
  const lines = nodes.map(({ id, label, kind, details = {} }) => {
    const text = [label, ...Object.entries(details).map(([name, value]) => `${name}: ${value}`)].join("\n");
    return `  ${quoted(id)} [label=${quoted(text)}, shape=${SHAPES[kind] ?? "box"}];`;
  });
  for (const { from, to, kind, label } of edges) {
    const style = kind === "elsewhere" || kind === "association" ? ", style=dashed" : "";
    lines.push(`  ${quoted(from)} -> ${quoted(to)} [label=${quoted(label ?? "")}${style}];`);
  }
  return `digraph lintel {\n  rankdir=LR;\n${lines.join("\n")}\n}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
