import { calls, type Fix, fix, formRule } from "../../lint/rule.ts";
import { isRepoCall, nonResult, waysOut } from "../../syntax/non-result.ts";

export default formRule({
  id: "ecto/multi-run-return",
  category: "correctness",
  severity: "error",
  since: "0.1.0",
  summary:
    "A function of `Multi.run` or `Repo.transact` gives neither `{:ok, _}` nor `{:error, _}`: the transaction raises.",
  query: calls("Ecto.Multi.run", "*.transact"),
  check(call, cx) {
    if (call.module !== "Ecto.Multi" && !isRepoCall(call)) return;
    const name = `\`${cx.text({ start: call.calleeStart, end: call.calleeEnd })}\``;
    for (const tail of waysOut(call.args[call.module === "Ecto.Multi" ? 2 : 0])) {
      const value = tail.type === "binary" && tail.operator === "=" ? tail.right : tail;
      const gives = nonResult(value);
      // Many a repository has a `transact` of its own, from before Ecto had one, that takes `:ok` too.
      if (gives === null || (call.module !== "Ecto.Multi" && value.type === "atom")) continue;
      cx.report(
        tail,
        `The function of ${name} gives ${gives} here, where it must give \`{:ok, value}\` or \`{:error, reason}\`, so the transaction raises; return it in \`{:ok, …}\`.`,
        { fixes: [fix("Return it in `{:ok, …}`", wrap)] },
      );
    }
  },
});

const wrap: Fix["edits"] = (source) => {
  const node = source.node(source.at);
  if (!node || (node.type === "call" && !node.parens)) return null;
  return [source.insertBefore(node, "{:ok, "), source.insertAfter(node, "}")];
};
