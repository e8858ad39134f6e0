import { calls, type FormContext, fix, formRule, suggest } from "../../lint/rule.ts";
import { okValue, resetRows, returned } from "../../refactor/async-result.ts";
import type { Call, MapLiteral, Node } from "../../syntax/ast.ts";
import { keywordValue } from "../../syntax/flow.ts";
import { isAtom } from "../../syntax/literals.ts";
import { nonResult, waysOut } from "../../syntax/non-result.ts";

export default formRule({
  id: "liveview/async-return-shape",
  category: "correctness",
  severity: "error",
  since: "0.1.0",
  summary: "The function of `assign_async` or `stream_async` gives what they do not take: the task raises.",
  requires: { phoenix_live_view: "0.20.0" },
  query: calls("*.assign_async", "*.stream_async", "assign_async", "stream_async"),
  check(call, cx) {
    if (call.module !== null && call.module !== "Phoenix.LiveView") return;
    const [socket, key, closure] = call.args;
    const keys = keysOf(key);
    if (socket?.type === "fn" || !keys) return;
    for (const way of waysOut(closure)) {
      const tail = way.type === "binary" && way.operator === "=" ? way.right : way;
      if (call.name === "stream_async") checkStream(tail, keys, cx);
      else checkAssigns(tail, keys, cx);
    }
    if (call.name === "stream_async") checkReset(call, cx);
  },
});

/** The keys where they are written out. */
function keysOf(node: Node | undefined): readonly string[] | null {
  const items = node?.type === "list" ? node.items : node ? [node] : [];
  const keys = items.flatMap((item) => (item.type === "atom" ? [item.value] : []));
  return keys.length > 0 && keys.length === items.length ? keys : null;
}

function checkAssigns(tail: Node, keys: readonly string[], cx: FormContext): void {
  const shape = `{:ok, %{${keys.map((key) => `${key}: …`).join(", ")}}}`;
  const held = okValue(tail);
  const gives = held ? notA("map", held) : notResult(tail);
  if (gives) {
    const fixes = keys.length === 1 ? [fix(`Return \`${shape}\``, returned(keys[0] ?? null))] : [];
    const where = held ? `gives ${gives} in \`{:ok, …}\`` : `gives ${gives}`;
    cx.report(
      tail,
      `The function of \`assign_async\` ${where} here, so the task raises and \`${keys[0]}\` never loads; return \`${shape}\` or \`{:error, reason}\`.`,
      { fixes },
    );
    return;
  }
  const given = held?.type === "map" ? keysOfMap(held) : null;
  if (!given) return;
  const missing = keys.find((key) => !given.includes(key));
  const extra = given.find((key) => !keys.includes(key));
  if (missing !== undefined)
    cx.report(
      tail,
      `The map has no \`${missing}\`, which \`assign_async\` is to load, so the task raises; return \`${shape}\`.`,
    );
  else if (extra !== undefined)
    cx.report(
      tail,
      `The map has \`${extra}\`, which is none of the keys of \`assign_async\`: the page crashes, or an assign of that name is replaced; name it among the keys.`,
      { severity: "warning" },
    );
}

function checkStream(tail: Node, [key]: readonly string[], cx: FormContext): void {
  const [, held, options] = tail.type === "tuple" ? tail.items : [];
  const ok = okValue(tail);
  const isWithOptions =
    tail.type === "tuple" && tail.items.length === 3 && isAtom(tail.items[0], "ok") && held && options;
  const gives = isWithOptions ? null : ok ? notA("list", ok) : notResult(tail);
  if (gives === null) return;
  cx.report(
    tail,
    `The function of \`stream_async\` gives ${gives}${ok ? " in `{:ok, …}`" : ""} here, so the task raises and \`${key}\` never loads; return \`{:ok, rows}\` or \`{:error, reason}\`.`,
    { fixes: ok ? [] : [fix("Return it in `{:ok, …}`", returned(null))] },
  );
}

/** `reset: true` of `stream_async` is for the state of loading; that of the rows is given with them. */
function checkReset(call: Call, cx: FormContext): void {
  const reset = keywordValue(call.args[3], "reset");
  const ways = waysOut(call.args[2]);
  if (reset?.type !== "atom" || reset.value !== "true" || ways.length === 0 || ways.some((way) => !okValue(way)))
    return;
  cx.report(
    reset,
    "`reset: true` here takes back only that the rows are loaded: the new ones are added to the old; return `{:ok, rows, reset: true}` to replace them.",
    { severity: "information", fixes: [suggest("Reset the stream with its rows", resetRows)] },
  );
}

/** What the value surely is, when that is no result. By convention, what ends in `!` gives the bare value. */
function notResult(node: Node): string | null {
  return nonResult(node) ?? (node.type === "call" && node.name.endsWith("!") ? `what \`${node.name}\` gives` : null);
}

/** The same of the value in `{:ok, …}`: no map, or nothing that can be listed. */
function notA(type: "map" | "list", node: Node): string | null {
  if (node.type === "map" || (type === "list" && (node.type === "list" || node.type === "call"))) return null;
  if (node.type === "tuple") return "a tuple";
  const isBuilt = node.type === "call" && /^(?:into|group_by)$/.test(node.name);
  return isBuilt ? null : notResult(node);
}

/** The keys of a map that is written out. */
function keysOfMap({ struct, base, items }: MapLiteral): readonly string[] | null {
  if (struct || base) return null;
  const keys = items.flatMap((item) => (item.type === "pair" && item.key.type === "atom" ? [item.key.value] : []));
  return keys.length === items.length ? keys : null;
}
