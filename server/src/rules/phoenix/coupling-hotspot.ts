import { shortName } from "../../base/module-name.ts";
import { projectRule } from "../../lint/rule.ts";
import { binding, contexts } from "../../project/contexts/contexts.ts";

const LEAST_CONTEXTS = 6;
const LEAST_EACH_WAY = 4;
const SHARE = 0.35;
const ENOUGH_EACH_WAY = 12;

export default projectRule({
  id: "phoenix/coupling-hotspot",
  category: "design",
  severity: "hint",
  since: "0.1.0",
  summary: "A context that many depend on and that depends on many: a change anywhere reaches everywhere through it.",
  check(cx) {
    const graph = cx.read(contexts);
    const all = graph.boundaries.filter((boundary) => boundary.kind === "context");
    if (all.length < LEAST_CONTEXTS) return;
    // In a large project every context has a few neighbours.
    const least = Math.max(LEAST_EACH_WAY, Math.min(Math.ceil(all.length * SHARE), ENOUGH_EACH_WAY));
    for (const boundary of all) {
      // A namespace without a module of its name is a folder of contexts, and no context.
      if (cx.named(boundary.name).length === 0) continue;
      const { afferent, efferent } = graph.coupling(boundary);
      if (afferent < least || efferent < least) continue;
      const edges = graph.edges.filter(
        (edge) => edge.to.kind === "context" && edge.from.kind === "context" && binding(edge).length > 0,
      );
      const on = edges.filter((edge) => edge.from === boundary);
      const by = edges.filter((edge) => edge.to === boundary);
      const name = shortName(boundary.name);
      cx.report(
        boundary.at,
        `${afferent} of the other ${all.length - 1} contexts depend on \`${name}\`, and it depends on ${efferent} itself, so a change in any of them can reach all; split it, or turn its calls around with events.`,
        {
          related: [...on, ...by].flatMap((edge) => {
            const [first] = binding(edge);
            const message = `\`${shortName(edge.from.name)}\` uses \`${shortName(edge.to.name)}\` in ${binding(edge).length} places`;
            return first ? [{ at: first.at, message }] : [];
          }),
        },
      );
    }
  },
});
