import { formRule, nodes, suggest } from "../../lint/rule.ts";
import type { Def, Node, Tuple } from "../../syntax/ast.ts";
import { uses } from "../../syntax/env.ts";
import { boundNames, tails } from "../../syntax/flow.ts";
import { find, mentions } from "../../syntax/visit.ts";

const REPLIES = /^(?:GenServer|:gen_server|:gen|:gen_statem)$/;

export default formRule({
  id: "otp/missing-reply",
  category: "correctness",
  severity: "error",
  since: "0.1.0",
  summary: "A `handle_call` clause answers nobody: it returns `:noreply` and has let go of the caller.",
  query: nodes("def"),
  check(def, cx) {
    const [, from] = def.params;
    if (def.name !== "handle_call" || def.params.length !== 3 || !from || !def.body) return;
    if (!uses(cx.env, "GenServer") || keepsCaller(def, from)) return;
    for (const way of tails(def.body)) {
      if (!isSilent(way)) continue;
      cx.report(
        way,
        "Nobody has the caller's tag to reply with: the caller waits for an answer until its time is out, and then exits; answer `{:reply, …}`, or keep `from` and call `GenServer.reply/2`.",
        { fixes: [suggest("Reply with `:ok`", (source) => [source.replace(way, replying(source.text(way)))])] },
      );
    }
  },
});

/** True when the clause does anything with who called. */
function keepsCaller({ body, guard, sections }: Def, from: Node): boolean {
  const names = boundNames(from);
  return [body, guard, ...sections].some(
    (part) => part !== null && (mentions(part, names) || find(part, isReplying) !== null),
  );
}

function isReplying(node: Node): boolean {
  if (node.type !== "call" && node.type !== "function-reference") return false;
  return (
    (node.name === "reply" && REPLIES.test(node.module ?? "")) || (node.module === null && node.name === "binding")
  );
}

/** `{:noreply, state}`, with or without a time limit. */
function isSilent(way: Node): way is Tuple {
  const tag = way.type === "tuple" ? way.items[0] : undefined;
  return tag?.type === "atom" && tag.value === "noreply";
}

function replying(tuple: string): string {
  return tuple.replace(/^\{\s*:noreply\b/, "{:reply, :ok");
}
