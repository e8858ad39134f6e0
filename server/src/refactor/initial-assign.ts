import type { Anchor, Fix } from "../lint/rule.ts";

/** Adds `key: nil` to the `assign` that sets the key at the place. */
export function initialAssign(key: string, beside: Anchor): Fix["edits"] {
  return (source) => {
    const form = source.elsewhere(beside);
    const at = form?.node(form.at);
    const outer = at?.parent;
    if (!form || at?.type !== "atom") return null;
    if (outer?.type === "pair") return [form.insertAfter(outer, `, ${key}: nil`)];
    const value = outer?.type === "call" ? outer.args[2] : undefined;
    if (!value || !/^[a-z_]\w*[?!]?$/.test(at.value)) return null;
    return [
      form.replace({ start: at.start, end: value.start }, `${at.value}: `),
      form.insertAfter(value, `, ${key}: nil`),
    ];
  };
}
