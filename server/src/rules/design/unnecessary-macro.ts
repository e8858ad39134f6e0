import { formRule, nodes, suggest } from "../../lint/rule.ts";
import { macroToFunction } from "../../refactor/macro-to-function.ts";
import type { Def } from "../../syntax/ast.ts";
import { isPlain, OF_THE_CALLER, onlyQuote } from "../../syntax/plain-macro.ts";

export default formRule({
  id: "design/unnecessary-macro",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "A macro that does nothing a function could not do: its users must require it, and are compiled with it.",
  query: nodes("def"),
  check(def, cx) {
    // One in a `quote` is for the module that the quote makes.
    if (def !== cx.form) return;
    const quoted = onlyQuote(def);
    if (!quoted || def.name === null || OF_THE_CALLER.test(cx.text(def))) return;
    const body = quoted.sections[0]?.body;
    const params = namesOf(def);
    if (!body || params === null || !isPlain(body, params)) return;
    cx.report(
      { start: def.nameStart, end: def.nameStart + def.name.length },
      `\`${def.name}/${params.length}\` only evaluates its arguments and passes them on, as a function does; ${cost(def)} Write it with \`${def.keyword === "defmacro" ? "def" : "defp"}\`.`,
      { fixes: [suggest("Make it a function", (source) => macroToFunction(source))] },
    );
  },
});

function cost({ keyword }: Def): string {
  return keyword === "defmacro"
    ? "as a macro it makes every module that uses it `require` it and be compiled again when it changes."
    : "as a macro it cannot be captured, and what fails in it points into generated code.";
}

/** The names of the parameters, where all are plain variables. */
function namesOf({ params }: Def): readonly string[] | null {
  const names = params.flatMap((param) =>
    param.type === "variable" && !param.name.startsWith("_") ? [param.name] : [],
  );
  return names.length === params.length ? names : null;
}
