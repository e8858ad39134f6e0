import { formRule, type Query } from "../../lint/rule.ts";
import type { Call, Node, Tuple } from "../../syntax/ast.ts";
import { boundNames } from "../../syntax/flow.ts";
import { isWithin } from "../../syntax/visit.ts";

const query: Query<Call | Tuple> = {
  callees: ["raw", "Phoenix.HTML.raw", "html", "Phoenix.Controller.html"],
  types: ["tuple"],
};

/** Fields that hold what people write. */
const WRITTEN =
  /(?:^|_)(?:about|answer|bio|body|comment|content|message|nickname|note|notes|question|reply|review|subject|summary|text|username)$/;
/** Fields that say that they hold markup which was made, or made safe. */
const MARKUP = /(?:^|_)(?:\w*html|svg|css|safe|script|json|rendered|sanitized|markup|icon|xml)(?:_|$)/;

export default formRule({
  id: "security/raw-html",
  category: "security",
  severity: "warning",
  since: "0.1.0",
  default: "off",
  summary:
    "Text that people write is put into a page without escaping, and scripts in it run in other people's browsers.",
  query,
  check(node, cx) {
    const isPage = node.type === "call" && node.name === "html";
    const value = node.type === "tuple" ? safePart(node) : isPage ? requestPage(node) : node.args[0];
    if (!value || (node.type === "call" && !isPage && node.args.length !== 1)) return;
    const sent = isPage ? requestNames(cx.form) : new Set<string>();
    const text = writtenIn(value, sent, isPage);
    if (!text) return;
    const how = node.type === "tuple" ? "`{:safe, …}`" : `\`${node.name}\``;
    cx.report(
      node.type === "call" ? { start: node.ownStart, end: node.end } : node,
      `${how} puts \`${cx.text(text)}\` into the page without escaping: a script in it runs in the browser of whoever looks at the page; ${isPage ? "render a template" : "leave it to the template to escape"}, or sanitize it first.`,
    );
  },
});

/** `{:safe, value}` that is shown or returned; as a pattern it shows nothing. */
function safePart({ items, parent }: Tuple): Node | null {
  const [tag, value] = items;
  if (tag?.type !== "atom" || tag.value !== "safe" || items.length !== 2 || !value) return null;
  const isPattern = (parent?.type === "binary" && /^(?:=|<-)$/.test(parent.operator)) || parent?.type === "clause";
  return isPattern || parent?.type === "def" ? null : value;
}

/** What `html(conn, …)` sends. */
function requestPage({ module, args: [conn, body] }: Call): Node | null {
  if (module === null && !(conn?.type === "variable" && conn.name === "conn")) return null;
  return body ?? null;
}

/** The names that an action binds of the params of its request. */
function requestNames(form: Node): Set<string> {
  const params = form.type === "def" && form.params.length === 2 ? form.params[1] : undefined;
  return params ? boundNames(params) : new Set();
}

/** The part of a value that is what somebody wrote, as it is; null where all went through a function that may escape it. */
function writtenIn(value: Node, sent: ReadonlySet<string>, isPage: boolean): Node | null {
  const first = (parts: readonly Node[]): Node | null => {
    for (const part of parts) {
      const found = writtenIn(part, sent, isPage);
      if (found) return found;
    }
    return null;
  };
  switch (value.type) {
    case "string":
      return first(value.parts);
    case "block":
      return first(value.statements.slice(-1));
    case "binary":
      return /^(?:<>|\|\||&&)$/.test(value.operator) ? first([value.left, value.right]) : null;
    case "variable":
      return sent.has(value.name) ? value : null;
    case "access":
      return isRequest(value.object, sent) ? value : null;
    case "field":
      return isPage || isMarkup(value) || !isRecord(value.object) || !WRITTEN.test(value.name) ? null : value;
    default:
      return null;
  }
}

/** `params["q"]` of the action, `conn.params["q"]` anywhere. */
function isRequest(object: Node, sent: ReadonlySet<string>): boolean {
  if (object.type === "variable") return sent.has(object.name);
  return object.type === "field" && object.name === "params" && object.object.type === "variable";
}

/** A variable or assign, or a field of one: `@comment`, `comment`, `@post.author`. */
function isRecord(object: Node): boolean {
  if (object.type === "field") return isRecord(object.object);
  return object.type === "variable" || (object.type === "attribute" && isWithin(object, "template"));
}

function isMarkup(field: Node): boolean {
  if (field.type === "field") return MARKUP.test(field.name) || isMarkup(field.object);
  return (field.type === "variable" || field.type === "attribute") && MARKUP.test(field.name);
}
