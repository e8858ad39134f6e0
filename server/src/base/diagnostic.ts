import type { Range } from "./range.ts";

/** How grave a diagnostic is; LSP's four levels by the names that Elixir's tools use. */
export type Severity = "error" | "warning" | "information" | "hint";

export const SEVERITIES: readonly Severity[] = ["error", "warning", "information", "hint"];

/** `fix` keeps the meaning and may run unattended; `suggestion` needs a human eye. */
export type FixKind = "fix" | "suggestion";

/** A fix that a diagnostic offers; its edits are computed when it is asked for. */
export interface FixOffer {
  readonly title: string;
  readonly kind: FixKind;
}

/** Another place that belongs to the evidence; `path` is absolute. */
export interface RelatedLocation extends Range {
  readonly path: string;
  readonly message: string;
}

/** A finding of a rule at a place of a file. */
export interface Diagnostic extends Range {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly RelatedLocation[];
  readonly fixes: readonly FixOffer[];
  readonly tags: readonly ("unnecessary" | "deprecated")[];
}
