import type { Diagnostic } from "../../server/src/base/diagnostic.ts";
import { applyEdits, type WorkspaceEdits } from "../../server/src/base/edit.ts";
import {
  anchor,
  calls,
  type Fix,
  fix,
  formRule,
  moduleRule,
  type Requirements,
  type Rule,
  suggest,
} from "../../server/src/lint/rule.ts";
import type { Session } from "../../server/src/lint/session.ts";

const META = { category: "design", severity: "warning", since: "0.1.0", summary: "A probe." } as const;

interface ProbeOptions {
  readonly id?: string;
  readonly fixes?: readonly Fix[];
  readonly requires?: Requirements;
  readonly default?: "on" | "off";
  readonly severity?: "error" | "warning" | "information" | "hint";
}

/** A form rule that reports each call of a local function, `probe/<name>` by default. */
export function callProbe(name: string, { id = `probe/${name}`, fixes = [], ...meta }: ProbeOptions = {}): Rule {
  const rule = formRule({
    ...META,
    id,
    query: calls(name),
    check: (call, cx) => cx.report(call, `calls ${name}`, { fixes }),
    ...meta,
  });
  return { ...rule, documentation: "" };
}

/** A view rule that reports each function with the name. */
export function functionProbe(name: string, id = `probe/${name}`): Rule {
  const rule = moduleRule({
    ...META,
    id,
    check(module, cx) {
      for (const clause of module.clauses) {
        if (clause.name === name) cx.report(anchor(module, clause, clause.at), `defines ${name}`);
      }
    },
  });
  return { ...rule, documentation: "" };
}

/** Puts a text in the place of what the diagnostic covers. */
export function replaceBy(text: string, kind: "fix" | "suggestion" = "fix", requires: Requirements = {}): Fix {
  const make = kind === "fix" ? fix : suggest;
  return make(`Write ${text.trim().split("\n")[0]}`, (source) => [source.replace(source.at, text)], requires);
}

/** The diagnostics of a file as `rule "source"`. */
export function found(session: Session, path: string): string[] {
  const text = session.text(path) ?? "";
  return session.diagnostics(path).map((d) => `${d.rule} ${JSON.stringify(text.slice(d.start, d.end))}`);
}

/** The rules of the diagnostics of a file. */
export function rulesFound(session: Session, path: string): string[] {
  return session.diagnostics(path).map((d: Diagnostic) => d.rule);
}

/** Applies edits to a session's texts, by whole texts as an editor would after a code action. */
export function apply(session: Session, edits: WorkspaceEdits | null): void {
  for (const [path, list] of edits ?? []) session.update(path, applyEdits(session.text(path) ?? "", list));
  session.settle();
}
