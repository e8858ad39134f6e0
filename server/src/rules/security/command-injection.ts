import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { nameOfCall } from "../../project/effects/witness.ts";
import { taint, wayTo } from "../../project/security/taint.ts";
import { originOf } from "../../project/security/untrusted.ts";
import { commandWithArguments } from "../../refactor/command-with-arguments.ts";

export default moduleRule({
  id: "security/command-injection",
  category: "security",
  severity: "warning",
  since: "0.1.0",
  summary: "A shell command or code is put together from values, which can go on with commands of their own.",
  check(module, cx) {
    for (const { clause, call, sink, hops, ofParameter } of cx.about(taint, module)) {
      if (sink.kind !== "shell" && sink.kind !== "code") continue;
      // A function that is given the whole command runs what its callers say, and they are asked.
      const isBuilt = call.args[sink.argument]?.kind === "any" && sink.kind === "shell";
      if (!hops && !(ofParameter && isBuilt)) continue;
      const what = hops ? originOf(hops) : `what \`${clause.name}/${clause.arity}\` is given`;
      const message =
        sink.kind === "code"
          ? `\`${nameOfCall(call)}\` runs ${what} as code, which may do all that this node may; parse it instead.`
          : `\`${nameOfCall(call)}\` has a shell read ${what}: a \`;\` or \`$(…)\` in it runs another command; use \`System.cmd/3\` with a list of arguments.`;
      cx.report(anchor(module, clause, call.at), message, {
        related: hops ? wayTo(hops) : [],
        fixes:
          call.name === "shell" ? [suggest("Run with `System.cmd` and a list of arguments", commandWithArguments)] : [],
      });
    }
  },
});
