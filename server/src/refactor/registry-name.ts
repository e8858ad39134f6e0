import type { Edit, FormSource } from "../lint/rule.ts";
import { visit } from "../syntax/visit.ts";

/**
 * `{:via, Registry, {Shop.Registry, key}}` for the atom that the diagnostic is on, made from one variable or field; in every
 * place of the module that writes the same atom. The registry is another child of the application.
 */
export function nameByRegistry(source: FormSource): readonly Edit[] | null {
  const atom = source.text(source.at);
  const parts = [...atom.matchAll(/#\{\s*(\w+(?:\.\w+)*)\s*\}/g)].map((part) => part[1]);
  const plain = /^String\.to_atom\(\s*(\w+(?:\.\w+)*)\s*\)$/.exec(atom)?.[1];
  const [key, another] = plain ? [plain] : parts;
  const root = source.env.module.split(".")[0];
  if (!key || another || !root) return null;
  const name = `{:via, Registry, {${root}.Registry, {__MODULE__, ${key}}}}`;
  return source.siblings().flatMap((form) => {
    const edits: Edit[] = [];
    visit(form.ast, (node) => {
      if (form.text(node) !== atom || node.type === "block") return true;
      edits.push(form.replace(node, name));
      return false;
    });
    return edits;
  });
}
