import type { Diagnostic } from "../base/diagnostic.ts";
import type { Range } from "../base/range.ts";
import type { LineIndex } from "../base/text.ts";
import type { Comment } from "../syntax/ast.ts";
import { unknownRule } from "./config.ts";
import type { RuleMeta } from "./rule.ts";

/** `# lintel:disable-for-next-line rule/id, other/id -- reason`; in templates `<%!-- lintel:… --%>`, in LEEx `<%# lintel:… %>` */
interface Suppression {
  readonly comment: Range;
  readonly scope: "file" | "line";
  /** Zero-based; for `line`. */
  readonly line: number;
  readonly rules: readonly { readonly id: string; readonly at: Range }[];
}

export const UNUSED = "lintel/unused-suppression";
export const UNKNOWN = "lintel/unknown-rule";

const DIRECTIVE = /^(?:#|<%!--|<%#)\s*lintel:disable-for-(next-line|previous-line|this-file)\b([\s\S]*)$/;

/** What the comments of a file switch off. Offsets of comments are those of the text. */
export function suppressionsIn(comments: readonly Comment[], lines: LineIndex): Suppression[] {
  const commentLines = new Set(comments.map((comment) => lines.lineAt(comment.start)));
  return comments.flatMap((comment) => {
    const match = DIRECTIVE.exec(comment.text);
    if (!match) return [];
    const where = match[1] as string;
    const list = (match[2] as string).split(/\s--(?:\s|$)/)[0] as string;
    const base = comment.start + comment.text.length - (match[2] as string).length;
    const rules = [...list.matchAll(/\w[\w/-]*/g)].map((name) => ({
      id: name[0],
      at: { start: base + name.index, end: base + name.index + name[0].length },
    }));
    const own = lines.lineAt(comment.start);
    let line = own + (where === "previous-line" ? -1 : 1);
    while (where === "next-line" && commentLines.has(line)) line++;
    return [{ comment, scope: where === "this-file" ? "file" : "line", line, rules } satisfies Suppression];
  });
}

/**
 * The diagnostics that the suppressions leave, and one for each suppression that does nothing: its rule finds nothing
 * there, there is no such rule, or it names none. `active` are the rules that run in the file.
 */
export function applySuppressions(
  diagnostics: readonly Diagnostic[],
  suppressions: readonly Suppression[],
  lines: LineIndex,
  rules: readonly RuleMeta[],
  active: ReadonlySet<string>,
): Diagnostic[] {
  if (suppressions.length === 0) return [...diagnostics];
  const used = new Set<Range>();
  const left = diagnostics.filter((diagnostic) => {
    const line = lines.lineAt(diagnostic.start);
    let hidden = false;
    for (const suppression of suppressions) {
      if (suppression.scope === "line" && suppression.line !== line) continue;
      for (const { id, at } of suppression.rules) {
        if (id !== diagnostic.rule) continue;
        used.add(at);
        hidden = true;
      }
    }
    return !hidden;
  });
  for (const suppression of suppressions) {
    if (suppression.rules.length === 0) {
      const message = "This comment names no rule, so it disables nothing: write the rule's id after it.";
      left.push(remark(UNKNOWN, "warning", suppression.comment, message, suppression));
    }
    for (const { id, at } of suppression.rules) {
      if (!rules.some((rule) => rule.id === id))
        left.push(remark(UNKNOWN, "warning", at, unknownRule(id, rules), suppression));
      else if (active.has(id) && !used.has(at)) {
        left.push(remark(UNUSED, "hint", at, `\`${id}\` finds nothing here: this comment can go.`, suppression));
      }
    }
  }
  return left;
}

function remark(rule: string, severity: "warning" | "hint", at: Range, message: string, from: Suppression): Diagnostic {
  const fixes =
    rule === UNUSED && from.rules.length === 1 ? [{ title: "Remove the comment", kind: "fix" as const }] : [];
  const tags = rule === UNUSED ? (["unnecessary"] as const) : [];
  const range = fixes.length > 0 ? from.comment : at;
  return { rule, severity, message, related: [], fixes, tags, start: range.start, end: range.end };
}
