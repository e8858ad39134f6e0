import type { CallFact } from "../../facts/facts.ts";
import { anchor, type Fix, moduleRule, suggest } from "../../lint/rule.ts";
import { nameOfCall } from "../../project/effects/witness.ts";
import { taint, wayTo } from "../../project/security/taint.ts";
import { originOf } from "../../project/security/untrusted.ts";

export default moduleRule({
  id: "security/atom-exhaustion",
  category: "security",
  severity: "warning",
  since: "0.1.0",
  summary: "Atoms are made of what others send: they are never freed, and enough of them stop the node.",
  check(module, cx) {
    for (const { clause, call, sink, hops, anew } of cx.about(taint, module)) {
      if (anew) {
        const [{ clause: maker }] = anew;
        cx.report(
          anchor(module, clause, call.at),
          `${called(call)} makes another atom each time${maker.anew ? ` of what \`${maker.anew}\` gives` : ""}: atoms are never freed, and a million of them stop the node; use the value itself, a \`{:via, Registry, …}\` name, or no name at all.`,
          { related: wayTo(anew) },
        );
      }
      if (sink.kind !== "atom" || !hops) continue;
      const isDecoder = /^decode/.test(call.name);
      cx.report(
        anchor(module, clause, call.at),
        `${called(call)} makes ${isDecoder ? "an atom of each key in" : "atoms of"} ${originOf(hops)}: atoms are never freed, and a million of them stop the node; ${isDecoder ? "use `keys: :atoms!` or string keys" : "use `String.to_existing_atom/1` or look it up in a map of what is allowed"}.`,
        {
          related: wayTo(hops),
          fixes: [suggest(isDecoder ? "Use `keys: :atoms!`" : "Make only atoms that exist", existing)],
        },
      );
    }
  },
});

function called(call: CallFact): string {
  return call.name === "binary_to_atom" ? "This" : `\`${nameOfCall(call)}\``;
}

/** The call by its counterpart that makes no new atom. */
const existing: Fix["edits"] = (source) => {
  const text = source.text(source.at);
  const made = text.startsWith(':"')
    ? `String.to_existing_atom(${text.slice(1)})`
    : text.replace(
        /to_atom|\bconcat\b|keys: :atoms(?![!\w])/,
        (found) => COUNTERPARTS[found as keyof typeof COUNTERPARTS],
      );
  return made === text ? null : [source.replace(source.at, made)];
};

const COUNTERPARTS = { to_atom: "to_existing_atom", concat: "safe_concat", "keys: :atoms": "keys: :atoms!" };
