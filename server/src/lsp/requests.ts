import {
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  type ClientCapabilities,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Connection,
  ErrorCodes,
  type Hover,
  type Location,
  ResponseError,
  type TextDocumentPositionParams,
} from "vscode-languageserver";
import { LineIndex } from "../base/text.ts";
import type { Session } from "../lint/session.ts";
import {
  callItemOf,
  codeActionOf,
  FIX_ALL,
  functionOf,
  hoverOf,
  incomingOf,
  type Lines,
  linesFrom,
  locationOf,
  offsetsOf,
  outgoingOf,
  pathOf,
  workspaceEditOf,
} from "./convert.ts";
import type { Schedule } from "./schedule.ts";

/** Answers what a client asks about places in files: fixes, hovers, who calls whom. Each answer is of the session as it is now. */
export class Requests {
  constructor(
    private readonly session: Session,
    private readonly schedule: Schedule,
    private readonly capabilities: () => ClientCapabilities,
  ) {}

  /** Has the connection's requests answered here. */
  answer(connection: Connection): void {
    connection.onCodeAction((params, token) => (token.isCancellationRequested ? [] : this.codeActions(params)));
    connection.onHover((params) => this.hover(params));
    connection.languages.callHierarchy.onPrepare((params) => this.prepareCalls(params));
    connection.languages.callHierarchy.onIncomingCalls(({ item }) => this.calls(item, "incoming"));
    connection.languages.callHierarchy.onOutgoingCalls(({ item }) => this.calls(item, "outgoing"));
    connection.onRequest("lintel/witnesses", (params: TextDocumentPositionParams) => this.witnesses(params));
    connection.onRequest("lintel/rules", () => this.session.rules.map(({ id, summary }) => ({ id, summary })));
    connection.onRequest("lintel/explain", ({ rule }: { rule: string }) => this.explain(rule));
  }

  private codeActions({ textDocument, range, context }: CodeActionParams): CodeAction[] {
    const path = pathOf(textDocument.uri);
    if (path === null || this.session.text(path) === null) return [];
    this.schedule.now();
    const lines = this.lines();
    const wanted = (kind: string): boolean =>
      context.only === undefined || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
    const out: CodeAction[] = [];
    if (wanted(CodeActionKind.QuickFix)) {
      const { workspaceEdit } = this.capabilities().workspace ?? {};
      const files = {
        isNew: (name: string) => this.session.text(name) === null,
        allowed: Boolean(workspaceEdit?.documentChanges && workspaceEdit.resourceOperations?.includes("create")),
      };
      for (const action of this.session.actions(path, offsetsOf(range, lines(path)))) {
        const converted = codeActionOf(action, path, lines, files);
        if (converted) out.push(converted);
      }
    }
    // Not among the light bulb's entries: it is asked for by name, on save.
    if (context.only !== undefined && wanted(FIX_ALL)) {
      const edits = this.session.fixAll(path);
      if (edits) out.push({ title: "Fix all Lintel findings", kind: FIX_ALL, edit: workspaceEditOf(edits, lines) });
    }
    return out;
  }

  /** The path and offset of a place that a client names, everything up to date; null for what is no file of ours. */
  private placeOf({ textDocument, position }: TextDocumentPositionParams): { path: string; offset: number } | null {
    const path = pathOf(textDocument.uri);
    const text = path === null ? null : this.session.text(path);
    if (path === null || text === null) return null;
    this.schedule.now();
    return { path, offset: offsetsOf({ start: position, end: position }, new LineIndex(text)).start };
  }

  private hover(params: TextDocumentPositionParams): Hover | null {
    const place = this.placeOf(params);
    const found = place && this.session.inspect(place.path, place.offset);
    return found ? hoverOf(found, place.path, this.lines()) : null;
  }

  /** The ways to the effects of what stands at a place, for a command that goes there. */
  private witnesses(params: TextDocumentPositionParams): { title: string; locations: Location[] }[] {
    const place = this.placeOf(params);
    const lines = this.lines();
    return (place ? (this.session.inspect(place.path, place.offset)?.paths ?? []) : []).map(({ verb, hops }) => ({
      title: `${verb}: ${hops.map((hop) => hop.name).join(" → ")}`,
      locations: hops.map((hop) => locationOf(hop.location, lines)),
    }));
  }

  private prepareCalls(params: TextDocumentPositionParams): CallHierarchyItem[] | null {
    const place = this.placeOf(params);
    if (!place) return null;
    const lines = this.lines();
    const items = this.session.functionsAt(place.path, place.offset).map((item) => callItemOf(item, lines));
    return items.length > 0 ? items : null;
  }

  private calls(item: CallHierarchyItem, direction: "incoming"): CallHierarchyIncomingCall[] | null;
  private calls(item: CallHierarchyItem, direction: "outgoing"): CallHierarchyOutgoingCall[] | null;
  private calls(item: CallHierarchyItem, direction: "incoming" | "outgoing"): unknown[] | null {
    this.schedule.now();
    const lines = this.lines();
    const named = functionOf(item, lines);
    if (!named) return null;
    if (direction === "incoming") return this.session.incomingCalls(named).map((calls) => incomingOf(calls, lines));
    return this.session.outgoingCalls(named).map((calls) => outgoingOf(calls, lines));
  }

  private lines(): Lines {
    return linesFrom((name) => this.session.text(name));
  }

  private explain(id: string): { markdown: string } {
    const rule = this.session.rule(id);
    if (typeof rule === "string") throw new ResponseError(ErrorCodes.InvalidParams, rule);
    return { markdown: rule.documentation };
  }
}
