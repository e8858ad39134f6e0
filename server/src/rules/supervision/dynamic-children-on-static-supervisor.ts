import { calls, formRule, suggest } from "../../lint/rule.ts";
import { startDynamically } from "../../refactor/dynamic-child.ts";
import type { Call, Node } from "../../syntax/ast.ts";
import { boundValues } from "../../syntax/binding.ts";
import { keywordValue } from "../../syntax/flow.ts";
import { find } from "../../syntax/visit.ts";

/** The set-up of a supervisor, by hand. */
const SET_UP = /^(?:start|start_link|init|child_spec)$/;

export default formRule({
  id: "supervision/dynamic-children-on-static-supervisor",
  category: "reliability",
  severity: "information",
  since: "0.1.0",
  summary: "A child for each thing under a `Supervisor`, which keeps the specification of each for ever.",
  query: calls("Supervisor.start_child"),
  check(call, cx) {
    if (cx.form.type !== "def" || SET_UP.test(cx.form.name ?? "")) return;
    const spec = call.args[1] && resolved(call.args[1], call);
    const id = spec ? idOf(spec) : null;
    if (!id || !isMade(id) || isFoundById(cx.form)) return;
    cx.report(
      { start: call.ownStart, end: call.end },
      `\`Supervisor.start_child\` keeps the specification of every child that it was given, \`${cx.text(id)}\` after \`${cx.text(id)}\`, also when the process has ended; for children that come and go use a \`DynamicSupervisor\`.`,
      {
        fixes: [
          suggest("Call `DynamicSupervisor.start_child`, and make the supervisor one", (source) =>
            startDynamically(source),
          ),
        ],
      },
    );
  },
});

/** What a variable was bound to, when there is but one. */
function resolved(node: Node, call: Call): Node {
  const [value, another] = node.type === "variable" ? boundValues(call, node.name) : [];
  return value && !another ? value : node;
}

/** The id that a specification is given where it is written. */
function idOf(spec: Node): Node | null {
  if (spec.type === "map") return keywordValue(spec, "id");
  const overrides = spec.type === "call" && spec.module === "Supervisor" && spec.name === "child_spec";
  return overrides ? keywordValue(spec.args[1], "id") : null;
}

/** A child that has ended is started again, or taken off the list, by its id: a `DynamicSupervisor` knows none. */
function isFoundById(form: Node): boolean {
  return (
    find(form, (node) => BY_ID.test(node.type === "call" ? `${node.module}.${node.name}` : "") || isKept(node)) !== null
  );
}

const BY_ID = /^Supervisor\.(?:restart|delete)_child$/;

/** What `start_child` answers where a specification of that id is kept and its process has ended. */
function isKept(node: Node): boolean {
  return node.type === "atom" && node.value === "already_present";
}

/** An id that is another one each time: what is in it is known at run time only. */
function isMade(id: Node): boolean {
  return find(id, ({ type }) => type === "variable" || type === "field" || type === "access") !== null;
}
