import { formRule, nodes, suggest } from "../../lint/rule.ts";
import type { Node } from "../../syntax/ast.ts";
import type { Env } from "../../syntax/env.ts";
import { ancestors } from "../../syntax/visit.ts";

/** Names that say that a secret is meant, wherever they stand. */
const SECRET =
  /(?:^|_)(?:secret|secret_key|signature|hmac|api_key|password_hash|(?:access|api|auth|bearer|csrf|invite|login|reset|session|verification|verify|webhook)_token)$/;
/** Names that mean a secret in the modules of `GUARDED` only: lexers have tokens, caches have digests. */
const AMBIGUOUS = /(?:^|_)(?:token|digest|mac)$/;
const GUARDED = /Web(?:\.|$)|Auth|Session|Webhook|Plug|Token|Account|Security|Signature|Hmac/;
/** Who is meant, which is no secret, whatever it was read from: `shop_id == shop_id_from_token`. */
const ID = /(?:^|_)id(?:_(?:from|in|of)_\w+)?$/;
/** What both sides of a comparison for change are called. */
const FORMER = /^(?:old|previous|prev|former|last|original|cached|stored_old)_/;

export default formRule({
  id: "security/timing-unsafe-compare",
  category: "security",
  severity: "information",
  since: "0.1.0",
  summary: "A secret is compared with an operator that stops at the first difference, which tells how much was right.",
  query: nodes("binary"),
  check(node, cx) {
    const { operator, left, right } = node;
    if (!/^[=!]==?$/.test(operator)) return;
    const [one, other] = [secretName(left, cx.env), secretName(right, cx.env)];
    const name = one ?? other;
    if (!name || isPublic(left) || isPublic(right) || isQueryOrGuard(node)) return;
    if ([left, right].some((side) => FORMER.test(nameOf(side) ?? ""))) return;
    if (isField(left) && isField(right)) return;
    if ([left, right].some((side) => ID.test(nameOf(side) ?? ""))) return;
    if (AMBIGUOUS.test(name) && !SECRET.test(name) && isOfMany(node)) return;
    if (/(?:^|_)signature$/.test(name) && isOfMany(node, PICKS)) return;
    cx.report(
      node,
      `\`${name}\` is compared with \`${operator}\`, which stops at the first byte that differs, so that response times tell how much of a guess was right; use \`Plug.Crypto.secure_compare/2\`.`,
      {
        fixes: [
          suggest("Compare with `Plug.Crypto.secure_compare`", (source) => {
            const [a, b] = [source.text(left), source.text(right)];
            const known = left.type === "call" ? b : a;
            const compare = `is_binary(${known}) and Plug.Crypto.secure_compare(${a}, ${b})`;
            const text = operator.startsWith("!") ? `not (${compare})` : isOperand(node) ? `(${compare})` : compare;
            return [source.replace(node, text)];
          }),
        ],
      },
    );
  },
});

function secretName(node: Node, env: Env): string | null {
  const name = nameOf(node);
  if (name === null || name.startsWith("_")) return null;
  return SECRET.test(name) || (AMBIGUOUS.test(name) && GUARDED.test(env.module)) ? name : null;
}

/** What an expression is called: a variable, the last field, key or function. */
function nameOf(node: Node): string | null {
  switch (node.type) {
    case "variable":
    case "field":
      return node.name;
    case "access":
      return node.key.type === "atom" || node.key.type === "string" ? node.key.value : null;
    case "call":
      return node.target || node.name === "" ? null : node.name;
    default:
      return null;
  }
}

/** What everybody knows: literals, and what a comparison of sizes or kinds has. */
function isPublic(node: Node): boolean {
  if (/^(?:atom|string|number|alias|list|tuple|map|attribute|bitstring|sigil|unknown)$/.test(node.type)) return true;
  return (
    node.type === "call" &&
    node.module === null &&
    /^(?:byte_size|length|is_\w+|nil|null|none|empty|default)$/.test(node.name)
  );
}

/** `order.token == parcel.token`: two records that belong together. */
function isField(node: Node): boolean {
  if (node.type !== "field" || node.object.type === "call") return false;
  const { object } = node;
  if (object.type === "variable") return object.name !== "params";
  return object.type === "field" && !/^(?:params|assigns)$/.test(object.name) && isField(object);
}

/** A query is answered by an index, and a guard can call no function. */
function isQueryOrGuard(node: Node): boolean {
  let inner: Node = node;
  for (const outer of ancestors(node)) {
    if (outer.type === "call" && (outer.module === "Ecto.Query" || /^(?:quote|expr)$/.test(outer.name))) return true;
    if ((outer.type === "def" || outer.type === "clause") && outer.guard === inner) return true;
    inner = outer;
  }
  return false;
}

/** `Enum.reject(parcels, &(&1.token == token))`: the token is what tells records apart. */
function isOfMany(node: Node, by = /^/): boolean {
  for (const outer of ancestors(node))
    if (outer.type === "call" && outer.module === "Enum" && by.test(outer.name)) return true;
  return false;
}

/** Gives some of the records: functions and events have signatures too, which are no secrets. `any?` may well verify one. */
const PICKS = /^(?:find|find_index|find_value|filter|reject|split_with|group_by)$/;

function isOperand({ parent }: Node): boolean {
  return parent?.type === "binary" && !/^(?:=|<-|->|when|and)$/.test(parent.operator);
}
