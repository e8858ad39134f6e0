import { shortName } from "../../base/module-name.ts";
import { projectRule, type ViewContext } from "../../lint/rule.ts";
import { type Boundary, isDomain } from "../../project/contexts/boundaries.ts";
import { type CompileCycle, compileDeadlocks, compileKnots } from "../../project/contexts/compile-cycles.ts";
import { shortestPath } from "../../project/contexts/components.ts";
import { binding, type Contexts, contexts, type Edge } from "../../project/contexts/contexts.ts";
import { dataMigrations } from "../../project/database/data-migrations.ts";

const MAX_RELATED = 8;
/** Addresses and translations come from the web layer in many a mail, and broadcasts through its endpoint. */
const SHARED = /\.(?:Endpoint|Router(?:\.Helpers)?|Gettext|Presence|Telemetry)$/;
const ADDRESSES = /_(?:path|url)$/;
const RENDERS = /(?:[Mm]ail|Notif|View|Template|PDF|Html|HTML|Render)/;

export default projectRule({
  id: "phoenix/context-cycle",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "Contexts that depend on each other, or on the web layer: none can be tested, changed or understood alone.",
  check(cx) {
    const graph = cx.read(contexts);
    for (const cycle of graph.cycles) reportCycle(cx, graph, cycle);
    for (const knot of [...cx.read(compileDeadlocks), ...cx.read(compileKnots)]) reportCompileCycle(cx, knot);
    for (const edge of graph.edges) if (isDomain(edge.from) && edge.to.kind === "web") reportInversion(cx, edge);
  },
});

/** Once for contexts that all depend on each other, at the edge that is the least work to cut. */
function reportCycle(cx: ViewContext, graph: Contexts, cycle: readonly Boundary[]): void {
  const edges = graph.edges.filter((edge) => cycle.includes(edge.from) && cycle.includes(edge.to) && weight(edge) > 0);
  const ways = new Map(edges.map((edge) => [edge, wayBack(edge, edges)]));
  const way = (edge: Edge): readonly Edge[] => ways.get(edge) ?? [];
  const [weakest] = [...edges].sort(
    (a, b) => way(a).length - way(b).length || weight(a) - weight(b) || weight(back(b)) - weight(back(a)),
  );
  function back(edge: Edge): Edge {
    return way(edge)[0] ?? edge;
  }
  const [first, ...rest] = weakest ? binding(weakest) : [];
  if (!weakest || !first) return;
  const [from, to] = [shortName(weakest.from.name), shortName(weakest.to.name)];
  const steps = way(weakest);
  const others = steps.map(
    (edge) => `\`${shortName(edge.from.name)}\` on \`${shortName(edge.to.name)}\` (${places(edge)})`,
  );
  // As much hangs on the one as on the other: which of them is to be freed is for the reader to say.
  const isTie = steps.length === 1 && steps.every((edge) => weight(edge) === weight(weakest));
  const knot = cycle.length > steps.length + 1 ? ` ${cycle.length} contexts hang together like this;` : "";
  cx.report(
    first.at,
    isTie
      ? `\`${from}\` depends on \`${to}\` here, and \`${to}\` as much on \`${from}\`, so neither can be tested or changed alone;${knot} let the caller pass in what one of them needs of the other, or move it to where both may use it.`
      : `\`${from}\` depends on \`${to}\` here${rest.length > 0 ? ` and in ${rest.length} more` : ""}, ${others.join(", ")}, so neither can be tested or changed alone;${knot} let the caller pass in what \`${from}\` needs of \`${to}\`, or move it to where both may use it.`,
    {
      related: [
        ...rest.map((place) => ({ at: place.at, message: `\`${from}\` uses \`${shortName(place.to)}\`` })),
        ...steps.flatMap((edge) =>
          binding(edge).map((place) => ({
            at: place.at,
            message: `\`${shortName(edge.from.name)}\` uses \`${shortName(place.to)}\``,
          })),
        ),
      ].slice(0, MAX_RELATED),
    },
  );
}

/** Modules that no order of compilation serves, or that are all compiled again whenever one of them changes. */
function reportCompileCycle(cx: ViewContext, { at, from, to, way, kind }: CompileCycle): void {
  const [first, ...rest] = way;
  const through = rest.slice(0, -1).map((name) => `\`${name}\``);
  const by = through.length > 0 ? ` through ${through.join(" and ")}` : "";
  cx.report(
    at,
    kind === "waits"
      ? `\`${from}\` cannot be compiled before \`${to}\`, and that${by} not before \`${from}\`: the compiler finds them deadlocked; call \`${to}\` by its name here instead.`
      : `\`${from}\` is compiled with the macros of \`${to}\`, and \`${first}\` in the same file leads back to it${by}: a change of any of them compiles all of them again; move \`${to}\` to a file of its own.`,
    kind === "waits" ? { severity: "warning" } : {},
  );
}

/** The shortest way from where the edge leads to where it comes from. */
function wayBack(edge: Edge, edges: readonly Edge[]): readonly Edge[] {
  const next = (name: string): string[] => edges.flatMap(({ from, to }) => (from.name === name ? [to.name] : []));
  const path = shortestPath(edge.to.name, edge.from.name, next) ?? [];
  return path
    .slice(1)
    .flatMap((name, i) => edges.find(({ from, to }) => from.name === path[i] && to.name === name) ?? []);
}

function weight(edge: Edge): number {
  return binding(edge).length;
}

function places(edge: Edge): string {
  return weight(edge) === 1 ? "one place" : `${weight(edge)} places`;
}

/** Once for a context. */
function reportInversion(cx: ViewContext, edge: Edge): void {
  const finished = cx.read(dataMigrations);
  const [first, ...rest] = binding(edge).filter(
    ({ from, to, kind, name, at }) =>
      !SHARED.test(to) &&
      !ADDRESSES.test(name) &&
      !RENDERS.test(from + to) &&
      kind !== "compile" &&
      !finished.has(at.path),
  );
  if (!first) return;
  const what = first.name === "" ? `%${shortName(first.to)}{}` : `${shortName(first.to)}.${first.name}`;
  const name = `\`${shortName(edge.from.name)}\``;
  const [who, where] = edge.from.kind === "context" ? [`The context ${name}`, "the"] : [name, "a"];
  cx.report(
    first.at,
    `${who} uses \`${what}\` of the web layer, which is there to use the contexts; move what both need into ${where} context.`,
    {
      related: rest
        .slice(0, MAX_RELATED)
        .map((place) => ({ at: place.at, message: `Uses \`${shortName(place.to)}\` too` })),
    },
  );
}
