import { calls, fix, formRule } from "../../lint/rule.ts";

export default formRule({
  id: "ecto/deprecated-literal",
  category: "design",
  severity: "hint",
  since: "0.1.0",
  summary: "`literal/1` in a fragment is deprecated since Ecto 3.13: `identifier/1` says what it does.",
  requires: { ecto: ">=3.13.0" },
  query: calls("literal"),
  check(call, cx) {
    const outer = call.parent;
    if (call.args.length !== 1 || outer?.type !== "call" || outer.name !== "fragment") return;
    if (outer.module === "Ecto.Migration" || outer.args[0] === call) return;
    const [value] = call.args;
    if (value?.type !== "unary" || value.operator !== "^") return;
    cx.report(
      { start: call.ownStart, end: call.end },
      `\`${cx.text(call)}\` is deprecated since Ecto 3.13; \`identifier(${cx.text(value)})\` does the same and says that a name is quoted.`,
      {
        tags: ["deprecated"],
        fixes: [
          fix("Use `identifier/1`", (source) => [
            source.replace({ start: call.calleeStart, end: call.calleeEnd }, "identifier"),
          ]),
        ],
      },
    );
  },
});
