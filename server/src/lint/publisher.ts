import picomatch from "picomatch";
import type { Diagnostic } from "../base/diagnostic.ts";
import type { ActiveRules } from "./active-rules.ts";
import { diagnosticsOf, type FileState, inOrder, labelAt, linesOf, linterComments } from "./analysis.ts";
import { type BaselineEntry, entryKey, snippetHash } from "./baseline.ts";
import type { Config } from "./config.ts";
import type { ViewFinding } from "./run-views.ts";
import { type ProjectSettings, relativeTo } from "./settings.ts";
import { applySuppressions, suppressionsIn } from "./suppress.ts";

/** Makes the diagnostics of a file out of what was found in it: without those that comments, the configuration or a baseline hide. */
export class Publisher {
  private readonly isIncluded: (path: string) => boolean;

  constructor(
    private readonly settings: ProjectSettings,
    private readonly rules: ActiveRules,
    private readonly files: ReadonlyMap<string, FileState>,
  ) {
    this.isIncluded = globs(settings.config);
  }

  /** @param views what view rules have found in the file */
  diagnosticsOf(file: FileState, views: readonly ViewFinding[]): Diagnostic[] {
    if (!this.isIncluded(relativeTo(this.settings.root, file.path))) return [];
    const found = diagnosticsOf(file, views, this.files, (rule, own) => this.rules.severityOf(rule, own));
    return this.withoutBaseline(file, inOrder(this.withoutSuppressed(file, found)));
  }

  /** What a baseline records of a diagnostic. */
  baselineEntry(file: FileState, diagnostic: Diagnostic): BaselineEntry {
    return {
      rule: diagnostic.rule,
      path: relativeTo(this.settings.root, file.path),
      anchor: labelAt(file, diagnostic.start),
      snippet: snippetHash(file.forms.text.slice(diagnostic.start, diagnostic.end)),
    };
  }

  private withoutSuppressed(file: FileState, found: Diagnostic[]): Diagnostic[] {
    const comments = linterComments(file);
    if (comments.length === 0) return found;
    const lines = linesOf(file);
    const active = new Set(this.rules.byId.keys());
    return applySuppressions(found, suppressionsIn(comments, lines), lines, this.rules.all, active);
  }

  private withoutBaseline(file: FileState, diagnostics: Diagnostic[]): Diagnostic[] {
    if (this.settings.baseline.size === 0) return diagnostics;
    const left = new Map(this.settings.baseline);
    return diagnostics.filter((diagnostic) => {
      const key = entryKey(this.baselineEntry(file, diagnostic));
      const count = left.get(key) ?? 0;
      if (count > 0) left.set(key, count - 1);
      return count === 0;
    });
  }
}

function globs(config: Config): (path: string) => boolean {
  const included = config.include.length > 0 ? picomatch([...config.include], { dot: true }) : () => true;
  const excluded = config.exclude.length > 0 ? picomatch([...config.exclude], { dot: true }) : () => false;
  return (path) => included(path) && !excluded(path);
}
