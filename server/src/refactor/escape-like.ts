import type { Range } from "../base/range.ts";
import type { Edit, FormSource } from "../lint/rule.ts";
import { likesIn } from "../syntax/like-pattern.ts";
import { defsOf } from "./module-forms.ts";

const NAME = "escape_like";

/** Wraps what the patterns of the function are made of, as far as the report speaks of it, and adds the function that it is wrapped in. */
export function escapeLike(source: FormSource): readonly Edit[] | null {
  const likes = likesIn(source.ast);
  const textsOf = (parts: readonly Range[]): string => parts.map((part) => source.text(part)).join("\n");
  const reported = likes.find(({ pattern }) => pattern.start === source.at.start);
  const forms = source.siblings();
  const last = forms.at(-1);
  if (!reported || !last) return null;
  const same = likes.filter(({ parts }) => textsOf(parts) === textsOf(reported.parts)).flatMap(({ parts }) => parts);
  const wrapped = [...new Map(same.map((part) => [part.start, part])).values()].map((part) =>
    source.replace(part, `${NAME}(${source.text(part)})`),
  );
  if (defsOf(forms).some(({ def }) => def.name === NAME)) return wrapped;
  const indent = last.indentation(last.ast);
  const helper = String.raw`defp ${NAME}(text), do: String.replace(text, ["\\", "%", "_"], &("\\" <> &1))`;
  return [...wrapped, last.insertAfter(last.ast, `\n\n${indent}${helper}`)];
}
