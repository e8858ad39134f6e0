import { shortName } from "../../base/module-name.ts";
import { projectRule } from "../../lint/rule.ts";
import { isPluralOf } from "../../project/contexts/boundaries.ts";
import { contexts } from "../../project/contexts/contexts.ts";

const LEAST_CONTEXTS = 5;
const SHARE = 0.7;

export default projectRule({
  id: "phoenix/context-per-table",
  category: "design",
  severity: "hint",
  since: "0.1.0",
  default: "off",
  summary: "A context for nearly every table: what needs two tables has to be put together outside of all of them.",
  check(cx) {
    const { boundaries, edges } = cx.read(contexts);
    const all = boundaries.filter((boundary) => boundary.kind === "context" && boundary.schemas.length > 0);
    const single = all.filter((boundary) => boundary.schemas.length === 1);
    const named = single.filter(({ name, schemas: [schema = ""] }) => isPluralOf(name, schema));
    if (named.length < LEAST_CONTEXTS || single.length / all.length < SHARE) return;
    const ties = edges.filter(({ from, to }) => named.includes(from) && named.includes(to));
    const [tightest] = [...ties].sort((a, b) => b.places.length - a.places.length);
    const [place] = tightest?.places ?? [];
    if (!tightest || !place) return;
    const [from, to] = [shortName(tightest.from.name), shortName(tightest.to.name)];
    cx.report(
      tightest.from.at,
      `${single.length} of ${all.length} contexts hold one table each, \`${from}\` among them, which refers to \`${to}\` in ${tightest.places.length === 1 ? "one place" : `${tightest.places.length} places`}; tables that change together, as these do, belong in one context.`,
      {
        related: [
          { at: place.at, message: `\`${from}\` refers to \`${to}\`` },
          { at: tightest.to.at, message: `\`${to}\`` },
        ],
      },
    );
  },
});
