import type * as lsp from "vscode-languageserver";
import { CodeActionKind, DiagnosticSeverity, DiagnosticTag, MarkupKind, SymbolKind } from "vscode-languageserver";
import { URI } from "vscode-uri";
import type { Diagnostic, Severity } from "../base/diagnostic.ts";
import type { WorkspaceEdits } from "../base/edit.ts";
import type { Range } from "../base/range.ts";
import { LineIndex } from "../base/text.ts";
import { normalise } from "../files/discover.ts";
import type { CallsBetween, CodeAction, FunctionItem, Inspection, Location } from "../lint/session.ts";

/** The only mapping between the engine's values and LSP's. */

export const FIX_ALL = `${CodeActionKind.SourceFixAll}.lintel`;

/** Where a rule's page can be read. */
const PAGES = "https://github.com/lintel-elixir/lintel/blob/main/server/src/rules";

const SEVERITIES: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const TAGS = { unnecessary: DiagnosticTag.Unnecessary, deprecated: DiagnosticTag.Deprecated } as const;

/** The engine's path of a document, or null when it is no file. */
export function pathOf(uri: string): string | null {
  const parsed = URI.parse(uri);
  return parsed.scheme === "file" ? normalise(parsed.fsPath) : null;
}

export function uriOf(path: string): string {
  return URI.file(path).toString();
}

/** Gives the lines of a file's text as the engine has it; built once a file within one conversion. */
export type Lines = (path: string) => LineIndex;

/** Lines looked up through `textOf`; a file that is not known counts as empty. */
export function linesFrom(textOf: (path: string) => string | null): Lines {
  const known = new Map<string, LineIndex>();
  return (path) => {
    let lines = known.get(path);
    if (!lines) {
      lines = new LineIndex(textOf(path) ?? "");
      known.set(path, lines);
    }
    return lines;
  };
}

export function rangeOf(range: Range, lines: LineIndex): lsp.Range {
  const start = lines.positionAt(range.start);
  const end = lines.positionAt(range.end);
  return {
    start: { line: start.line, character: start.column },
    end: { line: end.line, character: end.column },
  };
}

/** Offsets of a range that a client sent; past the end of a line counts as its end. */
export function offsetsOf(range: lsp.Range, lines: LineIndex): Range {
  const offset = ({ line, character }: lsp.Position): number =>
    lines.lineStart(line) + Math.min(character, lines.line(line).length);
  return { start: offset(range.start), end: offset(range.end) };
}

export function diagnosticOf(diagnostic: Diagnostic, path: string, lines: Lines): lsp.Diagnostic {
  const { rule, severity, message, related, tags } = diagnostic;
  return {
    range: rangeOf(diagnostic, lines(path)),
    severity: SEVERITIES[severity],
    code: rule,
    ...(rule.startsWith("lintel/") ? {} : { codeDescription: { href: `${PAGES}/${rule}.md` } }),
    source: "lintel",
    message,
    ...(tags.length > 0 ? { tags: tags.map((tag) => TAGS[tag]) } : {}),
    ...(related.length > 0
      ? {
          relatedInformation: related.map((place) => ({
            location: { uri: uriOf(place.path), range: rangeOf(place, lines(place.path)) },
            message: place.message,
          })),
        }
      : {}),
  };
}

export function workspaceEditOf(edits: WorkspaceEdits, lines: Lines): lsp.WorkspaceEdit {
  const changes: Record<string, lsp.TextEdit[]> = {};
  for (const [path, list] of edits) {
    changes[uriOf(path)] = list.map((edit) => ({ range: rangeOf(edit, lines(path)), newText: edit.text }));
  }
  return { changes };
}

/** What the session and the editor say about files that an edit would make. */
export interface NewFiles {
  /** True for a path that has no file yet. */
  isNew(path: string): boolean;
  /** False when the editor cannot make files. */
  readonly allowed: boolean;
}

/** As `workspaceEditOf`, with the files made that are not there; null when the editor cannot make them. */
function editOf(edits: WorkspaceEdits, lines: Lines, files: NewFiles): lsp.WorkspaceEdit | null {
  const made = [...edits.keys()].filter((path) => files.isNew(path)).map(uriOf);
  const edit = workspaceEditOf(edits, lines);
  if (made.length === 0) return edit;
  if (!files.allowed) return null;
  const changed = Object.entries(edit.changes ?? {}).map(([uri, list]) => ({
    textDocument: { uri, version: null },
    edits: list,
  }));
  return { documentChanges: [...made.map((uri) => ({ kind: "create" as const, uri })), ...changed] };
}

/** A code action with its edits; null when it turns out that it cannot be made. */
export function codeActionOf(action: CodeAction, path: string, lines: Lines, files: NewFiles): lsp.CodeAction | null {
  const edits = action.edits();
  const edit = edits && editOf(edits, lines, files);
  if (!edit) return null;
  return {
    title: action.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnosticOf(action.diagnostic, path, lines)],
    edit,
    ...(action.kind === "fix" ? { isPreferred: true } : {}),
  };
}

export function locationOf(location: Location, lines: Lines): lsp.Location {
  return { uri: uriOf(location.path), range: rangeOf(location, lines(location.path)) };
}

/** What a call or function does, each effect with the way to it; every step is a link. */
export function hoverOf({ name, range, paths }: Inspection, path: string, lines: Lines): lsp.Hover {
  const link = (hop: Inspection["paths"][number]["hops"][number]): string => {
    const { uri, range: target } = locationOf(hop.location, lines);
    return `[\`${hop.name}\`](${uri}#L${target.start.line + 1})`;
  };
  const rows = paths.map(({ verb, hops }) => `- ${verb}: ${hops.map(link).join(" → ")}`);
  return {
    contents: { kind: MarkupKind.Markdown, value: `**\`${name}\`** (Lintel)\n\n${rows.join("\n")}` },
    range: rangeOf(range, lines(path)),
  };
}

export function callItemOf(item: FunctionItem, lines: Lines): lsp.CallHierarchyItem {
  const { uri, range } = locationOf(item.location, lines);
  return {
    name: `${item.name}/${item.arity}`,
    detail: item.module,
    kind: SymbolKind.Function,
    uri,
    range,
    selectionRange: range,
    data: { module: item.module, name: item.name, arity: item.arity },
  };
}

/** The function that an item of ours stands for; null when a client sends something else. */
export function functionOf(item: lsp.CallHierarchyItem, lines: Lines): FunctionItem | null {
  const path = pathOf(item.uri);
  const data = item.data as { module?: unknown; name?: unknown; arity?: unknown } | undefined;
  if (path === null || typeof data?.module !== "string" || typeof data.name !== "string") return null;
  if (typeof data.arity !== "number") return null;
  const location = { path, ...offsetsOf(item.selectionRange, lines(path)) };
  return { module: data.module, name: data.name, arity: data.arity, location };
}

export function incomingOf({ function: from, calls }: CallsBetween, lines: Lines): lsp.CallHierarchyIncomingCall {
  return { from: callItemOf(from, lines), fromRanges: calls.map((call) => rangeOf(call, lines(call.path))) };
}

export function outgoingOf({ function: to, calls }: CallsBetween, lines: Lines): lsp.CallHierarchyOutgoingCall {
  return { to: callItemOf(to, lines), fromRanges: calls.map((call) => rangeOf(call, lines(call.path))) };
}
