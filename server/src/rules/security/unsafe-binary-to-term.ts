import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { taint, wayTo } from "../../project/security/taint.ts";
import { originOf } from "../../project/security/untrusted.ts";
import { nonExecutable } from "../../refactor/non-executable.ts";

/** Decoding what was written as text: a cookie, a parameter, a header. */
const DECODES = /^(?:url_)?decode(?:16|32|64)!?$/;

export default moduleRule({
  id: "security/unsafe-binary-to-term",
  category: "security",
  severity: "warning",
  since: "0.1.0",
  summary: "Terms are read from data that others may have written: it can bring functions to be called, and new atoms.",
  check(module, cx) {
    for (const { clause, call, sink, hops, ofParameter } of cx.about(taint, module)) {
      if (sink.kind !== "term") continue;
      const [data] = call.args;
      const isText = data?.kind === "call" && data.module === "Base" && DECODES.test(data.name);
      if (!hops && !(isText && ofParameter)) continue;
      const origin = hops ? `from ${originOf(hops)}` : "decoded from a text, as it is kept where clients can write it";
      cx.report(
        anchor(module, clause, call.at),
        `\`binary_to_term\` makes terms of data ${origin}: it can hold functions that \`Enum\` calls, and atoms that are never freed; use \`Plug.Crypto.non_executable_binary_to_term/2\` with \`[:safe]\`.`,
        {
          related: hops ? wayTo(hops) : [],
          fixes: [
            suggest("Read with `Plug.Crypto.non_executable_binary_to_term`", nonExecutable, { plug_crypto: "1.0.0" }),
          ],
        },
      );
    }
  },
});
