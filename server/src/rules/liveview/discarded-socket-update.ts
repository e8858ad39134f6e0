import { type Fix, type FormContext, fix, formRule, type Query } from "../../lint/rule.ts";
import { bindStatement, hoistBinding } from "../../refactor/rebind.ts";
import type { Binary, Call, Node } from "../../syntax/ast.ts";
import { boundNames, isBranching, isDiscarded, statementsAfter } from "../../syntax/flow.ts";
import { ancestors, find, mentions } from "../../syntax/visit.ts";

/** Functions that only return a changed copy of their first argument, by module; those that send or render are left out. */
const UPDATES = new Map([
  ["Phoenix.Component", "assign assign_new update"],
  [
    "Phoenix.LiveView",
    `put_flash clear_flash stream stream_configure stream_insert stream_delete stream_delete_by_dom_id stream_async push_event
     push_patch push_navigate push_redirect redirect start_async assign_async cancel_async allow_upload disallow_upload
     cancel_upload attach_hook detach_hook put_private assign assign_new update`,
  ],
  ["Phoenix.Socket", "assign"],
  [
    "Plug.Conn",
    `assign merge_assigns put_private merge_private put_session delete_session clear_session configure_session put_status
     put_req_header delete_req_header update_req_header put_resp_header merge_resp_headers prepend_resp_headers
     delete_resp_header update_resp_header put_resp_content_type put_resp_cookie delete_resp_cookie register_before_send halt`,
  ],
  [
    "Phoenix.Controller",
    `put_flash clear_flash merge_flash put_view put_new_view put_layout put_new_layout put_root_layout put_format
     put_router_url put_static_url put_secure_browser_headers`,
  ],
  [
    "Ecto.Changeset",
    `add_error assoc_constraint cast cast_assoc cast_embed change check_constraint delete_change exclusion_constraint
     force_change foreign_key_constraint merge no_assoc_constraint optimistic_lock prepare_changes put_assoc put_change
     put_embed unique_constraint unsafe_validate_unique update_change validate_acceptance validate_change
     validate_confirmation validate_exclusion validate_format validate_inclusion validate_length validate_number
     validate_required validate_subset`,
  ],
]);
const CALLEES = [...UPDATES].flatMap(([module, names]) => names.split(/\s+/).map((name) => `${module}.${name}`));
const IS_UPDATE = new Set(CALLEES);
const query: Query<Call | Binary> = { callees: CALLEES, types: ["binary"] };

export default formRule({
  id: "liveview/discarded-socket-update",
  category: "correctness",
  severity: "error",
  since: "0.1.0",
  summary: "The changed socket, conn or changeset is thrown away, so that the update never happens.",
  query,
  check(node, cx) {
    if ([...ancestors(node)].some((n) => n.type === "call" && n.module === null && n.name === "quote")) return;
    if (node.type === "binary") checkRebinding(node, cx);
    else checkStatement(node, cx);
  },
});

function checkStatement(call: Call, cx: FormContext): void {
  if (!isDiscarded(call)) return;
  const name = subjectOf(call);
  const what = name ? `\`${name}\`` : `the ${call.module === "Ecto.Changeset" ? "changeset" : "struct"}`;
  const callee = cx.text({ start: call.calleeStart, end: call.calleeEnd });
  const bind = isForOutside(call, name)
    ? "this function cannot change the one outside"
    : name
      ? `bind it with \`${name} = …\``
      : "bind or return it";
  cx.report(
    { start: call.ownStart, end: call.end },
    `\`${callee}\` changes nothing in place: it returns a new ${what.replace(/^the /, "")}, which is thrown away here; ${bind}.`,
    { fixes: name ? bindings(call, name) : [] },
  );
}

/** In a closure that reads its outer variable no more, to bind it would be of no use. */
function isForOutside(call: Call, name: string | null): boolean {
  const closure = [...ancestors(call)].find((node) => node.type === "fn");
  if (!closure || name === null) return false;
  const isItsOwn = find(closure, (node) => {
    const patterns = node.type === "clause" ? node.patterns : node.type === "binary" ? [node.left] : [];
    return patterns.some((pattern) => boundNames(pattern).has(name));
  });
  if (isItsOwn) return false;
  const [own] = statementsAfter(call);
  return !own?.later.some((statement) => mentions(statement, new Set([name])));
}

/** Binding is right where the rest of the block reads the name, or where the `if` around can be bound as a whole. */
function bindings(call: Call, name: string): Fix[] {
  const names = new Set([name]);
  const read = [...statementsAfter(call)].map(({ later }) => later.some((statement) => mentions(statement, names)));
  if (read[0]) return [fix(`Bind the result to \`${name}\``, (source) => bindStatement(source, call, name))];
  const around = branchingAround(call);
  if (!around || !read[1]) return [];
  return [
    fix(`Bind the result of the \`${around.name}\` to \`${name}\``, (source) =>
      hoistBinding(source, around, name, call),
    ),
  ];
}

/** `socket = assign(socket, …)` within an `if` whose value is thrown away, while what follows the `if` reads `socket`. */
function checkRebinding(match: Binary, cx: FormContext): void {
  if (match.operator !== "=" || match.left.type !== "variable" || match.right.type !== "call") return;
  const { name } = match.left;
  const isUpdate = IS_UPDATE.has(`${match.right.module}.${match.right.name}`) || /^(socket|conn|changeset)$/.test(name);
  if (!isUpdate || subjectOf(match.right) !== name) return;
  const [own, ...outer] = [...statementsAfter(match)];
  const names = new Set([name]);
  if (!own || own.later.some((statement) => mentions(statement, names))) return;
  if (own.later.length === 0 && !isDiscarded(match)) return;
  const next = outer.flatMap(({ later }) => later).find((statement) => mentions(statement, names));
  if (!next || (next.type === "binary" && next.operator === "=" && !mentions(next.right, names))) return;
  const around = branchingAround(match);
  const kind = around ? `this \`${around.name}\`` : "this closure";
  cx.report(
    match,
    `\`${name}\` is bound anew inside ${kind} only: what follows reads the old one, and the update is lost.`,
    {
      related: [{ at: next, message: `This reads the \`${name}\` from before` }],
      // Before, what a branch binds could be read after it.
      requires: around ? { elixir: "1.7.0" } : {},
      fixes: around
        ? [
            fix(`Bind the result of the \`${around.name}\` to \`${name}\``, (source) =>
              hoistBinding(source, around, name, null),
            ),
          ]
        : [],
    },
  );
}

/** The `if` or `case` that is a statement and has the node as the last of a branch. */
function branchingAround(node: Node): Call | null {
  const section = node.parent?.parent?.type === "clause" ? node.parent.parent.parent : node.parent?.parent;
  const call = section?.type === "section" ? section.parent : null;
  return call?.type === "call" && isBranching(call) && call.parent?.type === "block" ? call : null;
}

/** The variable that a call or a pipe of calls changes a copy of. */
function subjectOf(call: Call): string | null {
  const first = call.args[0];
  if (first?.type === "variable") return first.name;
  return first?.type === "call" && (call.piped || IS_UPDATE.has(`${first.module}.${first.name}`))
    ? subjectOf(first)
    : null;
}
