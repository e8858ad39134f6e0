import { formRule, nodes, suggest } from "../../lint/rule.ts";
import { bindReduce } from "../../refactor/bind-reduce.ts";
import { hoistBinding } from "../../refactor/rebind.ts";
import type { Binary, Call, Node } from "../../syntax/ast.ts";
import { boundNames, isBranching, isDiscarded } from "../../syntax/flow.ts";
import { ancestors, mentions } from "../../syntax/visit.ts";

/** Bound anew without their value being lost: what `liveview/discarded-socket-update` looks after. */
const LIVEVIEW = /^(?:socket|conn|changeset)$/;

export default formRule({
  id: "design/rebinding-in-closure",
  category: "correctness",
  severity: "error",
  since: "0.1.0",
  summary: "A variable bound anew inside a closure or branch keeps its old value outside: the new one is lost.",
  query: nodes("binary"),
  check(match, cx) {
    if (match.operator !== "=" || match.left.type !== "variable" || !isDiscarded(match)) return;
    const { name } = match.left;
    if (name.startsWith("_") || (LIVEVIEW.test(name) && match.right.type === "call")) return;
    const lost = lostBinding(match, name);
    if (!lost) return;
    const { around, read } = lost;
    const kind = around.type === "fn" ? "closure" : `\`${around.name}\``;
    const each = around.type === "fn" ? around.parent : null;
    cx.report(
      match,
      `\`${name}\` is bound anew inside this ${kind} only: what follows reads the \`${name}\` from before; make the ${kind === "closure" ? "new value the result, as with `Enum.reduce/3`" : `result of the ${kind} the new \`${name}\``}.`,
      {
        related: [{ at: read, message: `This reads the \`${name}\` from before` }],
        requires: around.type === "call" && isBranching(around) ? OWN_SCOPE : {},
        fixes:
          each?.type === "call" && each.module === "Enum" && each.name === "each"
            ? [suggest("Accumulate with `Enum.reduce`", (source) => bindReduce(source, each, match, name))]
            : around.type === "call" && isBranching(around)
              ? [
                  suggest(`Bind the result of the \`${around.name}\` to \`${name}\``, (source) =>
                    around.parent?.type === "block" ? hoistBinding(source, around, name, null) : null,
                  ),
                ]
              : [],
      },
    );
  },
});

/** Before, what a branch binds could be read after it, with a warning (Elixir 1.7, changelog, "Hard deprecations": unsafe variables). */
const OWN_SCOPE = { elixir: "1.7.0" };

type Scope = Call | Extract<Node, { type: "fn" }>;

/**
 * The closure or branch whose end loses the binding, and what reads the old value after it. Null where the inner variable
 * is read, where no outer one is bound before or read after, and inside of anything that may give names another meaning.
 */
function lostBinding(match: Binary, name: string): { around: Scope; read: Node } | null {
  const names = new Set([name]);
  let around: Scope | null = null;
  let inner: Node = match;
  let read: Node | null = null;
  for (const outer of ancestors(match)) {
    if (outer.type === "template" || outer.type === "unknown") return null;
    if (outer.type === "block") {
      const at = outer.statements.indexOf(inner);
      const next = outer.statements.slice(at + 1).find((statement) => mentions(statement, names));
      const bound = outer.statements.slice(0, at).some((statement) => binds(statement, name));
      if (!around) {
        if (next || bound) return null;
      } else {
        if (!read && next && isBoundAgain(next, names)) return null;
        read ??= next ?? null;
        if (bound) return read && { around, read };
      }
    } else if (outer.type === "clause") {
      if (outer.patterns.some((pattern) => boundNames(pattern).has(name))) return around && read && { around, read };
    } else if (outer.type === "fn") around ??= outer;
    else if (outer.type === "def")
      return around && read && outer.params.some((param) => boundNames(param).has(name)) ? { around, read } : null;
    else if (outer.type === "call") {
      if (inner.type === "section") {
        if (!isScope(outer) || outer.args.some((arg) => binds(arg, name))) return null;
        around ??= outer;
      } else if (outer.name === "quote" || (around && !isOrdinary(outer))) return null;
    }
    inner = outer;
  }
  return null;
}

/** Constructs of the language itself whose sections have a scope of their own. */
function isScope(call: Call): boolean {
  return isBranching(call) || (call.module === null && !call.target && call.name === "for");
}

/** A call that may be around a closure: macros that are not known could give its names another meaning. */
function isOrdinary(call: Call): boolean {
  return call.remote || call.piped || call.sections.length > 0 || call.parens || call.module !== null;
}

/** `name = …`, `{:ok, name} = …` and `name <- …` */
function binds(node: Node, name: string): boolean {
  return node.type === "binary" && (node.operator === "=" || node.operator === "<-") && boundNames(node.left).has(name);
}

/** `name = …` of something else. */
function isBoundAgain(statement: Node, names: ReadonlySet<string>): boolean {
  return statement.type === "binary" && statement.operator === "=" && !mentions(statement.right, names);
}
