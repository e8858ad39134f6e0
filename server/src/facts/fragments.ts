import type { Call } from "../syntax/ast.ts";
import { nativeFragment } from "../syntax/fragment.ts";
import { NATIVE_FORMS } from "../syntax/native-forms.ts";
import type { Anchors } from "./anchors.ts";
import type { FragmentFact } from "./facts.ts";

const NONE: readonly FragmentFact[] = [];

/** The fragments among the calls written in a function that Ecto has words for. */
export function fragmentsOf(written: readonly Call[], anchors: Anchors): readonly FragmentFact[] {
  const out: FragmentFact[] = [];
  for (const call of written) {
    const native = nativeFragment(call);
    if (!native) continue;
    const literals = native.literals.size > 0 ? Object.fromEntries(native.literals) : null;
    const { caution, since } = native;
    const [, first] = call.args;
    const column = first?.type === "field" ? first.name : null;
    out.push({ at: anchors.add(call), form: NATIVE_FORMS.indexOf(native.form), literals, column, caution, since });
  }
  return out.length > 0 ? out : NONE;
}
