import * as vscode from "vscode";
import { eventually } from "./harness.ts";

/** A finding of Lintel as the editor has it. */
export interface Finding {
  readonly uri: vscode.Uri;
  readonly rule: string;
  readonly diagnostic: vscode.Diagnostic;
}

/** All findings of Lintel in the workspace, or in one file. */
export function findings(uri?: vscode.Uri): Finding[] {
  const entries: [vscode.Uri, readonly vscode.Diagnostic[]][] =
    uri === undefined ? vscode.languages.getDiagnostics() : [[uri, vscode.languages.getDiagnostics(uri)]];
  return entries.flatMap(([uri, diagnostics]) =>
    diagnostics
      .filter(({ source }) => source === "lintel")
      .map((diagnostic) => ({ uri, rule: ruleOf(diagnostic), diagnostic })),
  );
}

/** The first finding of a rule, once there is one. */
export function findingOf(rule: string): Promise<Finding> {
  return eventually(`a finding of ${rule}`, () => findings().find((finding) => finding.rule === rule));
}

/** Waits until a file has so many findings of a rule. */
export async function waitForCount(uri: vscode.Uri, rule: string, count: number): Promise<void> {
  const actual = () => findings(uri).filter((finding) => finding.rule === rule).length;
  await eventually(`${count} × ${rule}`, () => actual() === count);
}

/** The quick fixes that the editor offers for a finding. */
export async function quickFixes({ uri, diagnostic }: Finding): Promise<vscode.CodeAction[]> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    uri,
    diagnostic.range,
    vscode.CodeActionKind.QuickFix.value,
  );
  return actions.filter(({ edit }) => edit !== undefined);
}

function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}
