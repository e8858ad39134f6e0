import type { Def } from "../syntax/ast.ts";
import { nativeFragment } from "../syntax/fragment.ts";
import { NATIVE_FORMS } from "../syntax/native-forms.ts";
import { visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { FragmentFact } from "./facts.ts";

const NONE: readonly FragmentFact[] = [];

/** The fragments of a function that Ecto has words for; `text` is that of its form. */
export function fragmentsOf(def: Def, text: string, anchors: Anchors): readonly FragmentFact[] {
  if (!def.body || !/\bfragment\b/.test(text)) return NONE;
  const out: FragmentFact[] = [];
  visit(def.body, (node) => {
    const native = node.type === "call" ? nativeFragment(node) : null;
    if (!native) return;
    const literals = native.literals.size > 0 ? Object.fromEntries(native.literals) : null;
    const { caution, since } = native;
    out.push({ at: anchors.add(node), form: NATIVE_FORMS.indexOf(native.form), literals, caution, since });
  });
  return out.length > 0 ? out : NONE;
}
