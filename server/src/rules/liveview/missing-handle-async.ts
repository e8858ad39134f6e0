import type { Shape } from "../../facts/shape.ts";
import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { asyncHooks, injectsHandleAsync, letsPagesCrash, unhandledTasks } from "../../project/live/async-results.ts";
import { behavesAs } from "../../project/processes/servers.ts";
import { handleAsync } from "../../refactor/handle-async.ts";

export default moduleRule({
  id: "liveview/missing-handle-async",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "No clause of `handle_async` takes what a task of `start_async` gives: the page crashes when it ends.",
  requires: { phoenix_live_view: "0.20.0" },
  check(module, cx) {
    if (!behavesAs(module, "Phoenix.LiveView", "Phoenix.LiveComponent")) return;
    const unhandled = unhandledTasks(module);
    if (unhandled.length === 0 || cx.read(asyncHooks) || injectsHandleAsync(module, cx)) return;
    for (const { clause, call, name, missing } of unhandled) {
      if (missing === "exit" && cx.read(letsPagesCrash)) continue;
      const written = textOf(name);
      cx.report(
        anchor(module, clause, call.at),
        missing === "any"
          ? `No clause of \`handle_async/3\` takes the result of \`${written}\`, so that the page crashes when the task ends; add one for \`{:ok, result}\` and one for \`{:exit, reason}\`.`
          : `No clause of \`handle_async/3\` takes \`{:exit, reason}\` of \`${written}\`, so that the page crashes when the task does; add one.`,
        {
          ...(missing === "exit" ? { severity: "information" as const } : {}),
          fixes: [suggest("Add the clauses of `handle_async`", handleAsync(written, titleOf(name), missing))],
        },
      );
    }
  },
});

function textOf(shape: Shape): string {
  if (shape.kind === "atom") return `:${shape.value}`;
  if (shape.kind === "tuple") return `{${shape.items.map(textOf).join(", ")}}`;
  return shape.kind === "string" ? `"${shape.value}"` : "_";
}

/** `:import_rows` is "Import rows". */
function titleOf(name: Shape): string {
  const head = name.kind === "tuple" ? name.items[0] : name;
  const words = head && "value" in head ? head.value.replaceAll("_", " ") : "";
  return words.charAt(0).toUpperCase() + words.slice(1);
}
