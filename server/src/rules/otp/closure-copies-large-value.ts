import { calls, type Fix, fix, formRule, suggest } from "../../lint/rule.ts";
import { bindBefore } from "../../refactor/bind-before.ts";
import { hoisted } from "../../refactor/hoist.ts";
import { type CopiedReads, copiedReads } from "../../syntax/copied-reads.ts";
import { fullName, SPAWNING, spawnedBy } from "../../syntax/spawning.ts";

/** What goes by these names holds a connection, a page or a server with all that belongs to it. */
const LARGE = ["conn", "socket", "assigns", "state"];

export default formRule({
  id: "otp/closure-copies-large-value",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A closure for another process reads a field of a connection, socket or state: all of it is copied.",
  query: calls(...SPAWNING),
  check(call, cx) {
    for (const { closure } of spawnedBy(call)) {
      for (const name of LARGE) {
        const reads = copiedReads(closure, name);
        const [first] = reads?.paths.values() ?? [];
        const [place] = first?.places ?? [];
        if (!reads || !place) continue;
        const paths = [...reads.paths.keys()].map((path) => `\`${path}\``);
        const times = fullName(call).includes("async_stream") ? ", once for each element" : "";
        cx.report(
          place,
          `The closure reads only ${paths.join(", ")}, but \`${fullName(call)}\` copies all of \`${name}\` into the new process${times}; bind ${paths.length > 1 ? "them" : "it"} to a variable before.`,
          {
            fixes: [hoist({ start: call.start, end: call.end }, reads)],
            // What a server keeps may be little.
            ...(name === "state" ? ({ severity: "information" } as const) : {}),
          },
        );
      }
    }
  },
});

/** Where a read may not happen at all, to read before may fail where the closure would not. */
function hoist(call: { readonly start: number; readonly end: number }, reads: CopiedReads): Fix {
  const kind = reads.always ? fix : suggest;
  return kind("Bind what is read before the closure", (source) => {
    const node = source.node(call);
    const bindings = hoisted(source.ast, reads);
    return node && bindings && bindBefore(source, node, bindings, [reads.variable]);
  });
}
