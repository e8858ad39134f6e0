import { shortName } from "../../base/module-name.ts";
import { projectRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { LEAST, type RepeatedCondition, repeatedConditions } from "../../project/database/repeated-conditions.ts";
import { type RepeatedFunction, repeatedFunctions } from "../../project/database/repeated-functions.ts";
import { extractCondition } from "../../refactor/extract-condition.ts";

const SHOWN = 8;

export default projectRule({
  id: "ecto/repeated-where-clause",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary:
    "The same condition is written by hand in several queries of a schema: a change of the rule misses one of them.",
  options: {
    places: { description: "How many places must say the same.", default: LEAST, minimum: LEAST },
  },
  check(cx) {
    for (const group of cx.read(repeatedFunctions)) reportFunction(cx, group);
    for (const group of cx.read(repeatedConditions)) {
      const { places, parts, existing, schema } = group;
      if (places.length + (existing ? 1 : 0) < cx.option("places")) continue;
      const name = shortName(schema);
      const condition = parts.map((part) => withoutParentheses(part, parts)).join(" and ");
      const instead = existing
        ? `\`${shortName(existing.module)}.${existing.name}\` says it already; use that`
        : `give it a name, in a query function of \`${name}\``;
      for (const { at } of places) {
        const others = places.filter((place) => place.at !== at);
        cx.report(
          at,
          `Queries of \`${name}\` say \`${condition}\` in ${places.length} places, which drift apart when the rule changes; ${instead}.`,
          {
            related: [
              ...(existing ? [{ at: existing.at, message: `\`${existing.name}\` says the same` }] : []),
              ...others.slice(0, SHOWN).map((place) => ({ at: place.at, message: "The same condition" })),
            ],
            fixes: [suggest(titleOf(group), (source) => extractCondition(source, group))],
          },
        );
      }
    }
  },
});

/** Each of the functions that schemas have of their own, though it says nothing of one of them. */
function reportFunction(cx: ViewContext, { name, places }: RepeatedFunction): void {
  if (places.length < cx.option("places")) return;
  for (const { at } of places) {
    const others = places.filter((place) => place.at !== at);
    cx.report(
      at,
      `\`${name}\` says the same of any query in ${places.length} modules; write it once, in a module that the others import.`,
      {
        related: others.slice(0, SHOWN).map((place) => ({ at: place.at, message: `\`${place.module}\` has the same` })),
      },
    );
  }
}

/** The `or` of one part keeps its parentheses beside other parts. */
function withoutParentheses(part: string, { length }: readonly string[]): string {
  return length > 1 && part.includes(" or ") ? part : part.replace(/^\((.*)\)$/, "$1");
}

function titleOf({ existing, places }: RepeatedCondition): string {
  return existing
    ? `Use \`${existing.name}\` in all ${places.length} places`
    : `Extract a query function and use it in all ${places.length} places`;
}
