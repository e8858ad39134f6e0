import { calls, formRule, suggest } from "../../lint/rule.ts";
import { tableIntoInit } from "../../refactor/table-into-init.ts";
import type { Call, Def, Node } from "../../syntax/ast.ts";
import { type Env, uses } from "../../syntax/env.ts";
import { ancestors, find } from "../../syntax/visit.ts";

const PROCESSES = ["GenServer", "GenStage", "Agent", "Supervisor", "DynamicSupervisor", "Task"];

export default formRule({
  id: "otp/ets-new-in-start-link",
  category: "reliability",
  severity: "error",
  since: "0.1.0",
  summary: "An ETS table created in `start_link` belongs to the supervisor, and a restart fails on its name.",
  query: calls(":ets.new"),
  check(call, cx) {
    const start = cx.form;
    if (start.type !== "def" || !/^start(?:_link)?$/.test(start.name ?? "") || !isProcess(cx.env)) return;
    if (!startsProcess(start) || isGuarded(start) || runsLater(call)) return;
    const name = call.args[0];
    const table = name && name.type !== "variable" ? ` \`${cx.text(name)}\`` : "";
    const named = isNamed(call.args[1]);
    const outcome = named
      ? "when the server crashes, the table stays, and the restart fails on the name that is taken"
      : "when the server crashes, the table stays, and each restart leaves another one behind";
    cx.report(
      { start: call.ownStart, end: call.end },
      `\`${start.name}\` runs in the supervisor, which then owns the table${table}: ${outcome}; create it in \`init/1\`.`,
      {
        ...(named ? {} : { severity: "warning" as const }),
        fixes: [suggest("Create the table in `init/1`", (source) => tableIntoInit(call, source))],
      },
    );
  },
});

function isProcess(env: Env): boolean {
  return PROCESSES.some((module) => uses(env, module)) || env.behaviours.some((module) => PROCESSES.includes(module));
}

/** A `start_link` that starts nothing but returns `:ignore` leaves the table to the supervisor on purpose. */
function startsProcess(start: Def): boolean {
  return (
    find(start, (n) => n.type === "call" && n.module !== null && /^start(?:_link|_monitor|_child)?$/.test(n.name)) !==
    null
  );
}

/** Asked for before, rescued, or handed over: the author knows who owns the table. */
function isGuarded(start: Def): boolean {
  return (
    start.sections.some((section) => section.name === "rescue" || section.name === "catch") ||
    find(start, isGuard) !== null
  );
}

function isGuard(node: Node): boolean {
  if (node.type !== "call") return false;
  if (node.module === ":ets") return /^(?:whereis|info|give_away|all)$/.test(node.name);
  return node.name === "try" && node.sections.some((section) => section.name === "rescue" || section.name === "catch");
}

/** Inside a closure, such as that of `Agent.start_link`, which runs in the new process. */
function runsLater(call: Call): boolean {
  return [...ancestors(call)].some((node) => node.type === "fn" || node.type === "capture");
}

function isNamed(options: Node | undefined): boolean {
  const list = options?.type === "attribute" ? options.value : options;
  return list ? find(list, (n) => n.type === "atom" && n.value === "named_table") !== null : false;
}
