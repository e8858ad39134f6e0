import type { Edit, FormSource, Requirements } from "../lint/rule.ts";
import type { Block, Def, Node } from "../syntax/ast.ts";
import { copiedReads } from "../syntax/copied-reads.ts";
import { importedFrom } from "../syntax/env.ts";
import { tails } from "../syntax/flow.ts";
import { type Binding, linesBefore } from "./bind-before.ts";
import { addClauses, bodyOf, clausesIn, statementAt } from "./callback-clauses.ts";
import { hoisted, usesOf } from "./hoist.ts";
import { isIndentable, reindented } from "./indent.ts";
import { asksForSelf, boundBy, boundIn, mentionedIn } from "./names.ts";
import { rewritten } from "./rewritten.ts";

const SOCKET = new Map([
  ["handle_event", 2],
  ["handle_info", 1],
]);

const LINE = 98;

const TASK = "a task that sends the page what came of it";

/** Where a page has done what takes its time: LiveView has `start_async` since 0.20. */
export const ASIDE: readonly { readonly where: string; readonly requires: Requirements }[] = [
  { where: "`start_async`", requires: { phoenix_live_view: "0.20.0" } },
  { where: TASK, requires: { phoenix_live_view: "<0.20.0" } },
];

/** The same for a process without `start_async`. */
export const IN_TASK: typeof ASIDE = [{ where: TASK, requires: {} }];

/** What runs apart, what its result is matched with, and what is done then. */
interface Split {
  readonly work: Node;
  readonly pattern: string;
  /** The names that the pattern binds. */
  readonly binds: ReadonlySet<string>;
  readonly rest: readonly Node[];
  readonly text: string;
}

/**
 * Runs the statement that the diagnostic is on in `start_async`, and what comes after it in clauses of `handle_async`. Null
 * where that needs more than the result and the socket, or where the callback does not end in `{:noreply, socket}`.
 */
export function startAsync(source: FormSource): readonly Edit[] | null {
  const { ast } = source;
  const socketAt = ast.type === "def" ? SOCKET.get(ast.name ?? "") : undefined;
  if (ast.type !== "def" || socketAt === undefined || !ast.body) return null;
  const socket = ast.params[socketAt];
  const body = bodyOf(source, ast);
  const statement = statementAt(source, ast.body);
  const split = statement && splitAt(source, ast.body, statement);
  if (socket?.type !== "variable" || !body || body.inline || !split || !isNoReply(split.rest)) return null;
  const before = ast.body.statements.slice(0, ast.body.statements.indexOf(statement));
  const known = new Set([...boundIn(ast.params), ...boundBy(before)]);
  const needed = [...mentionedIn(split.rest)].filter((name) => known.has(name) && !split.binds.has(name));
  if (needed.some((name) => name !== socket.name) || asksForSelf(split.work)) return null;
  const reads = readsOf(source, split.work, socket.name);
  const name = reads && nameOf(source, ast);
  if (!reads || !name || !isIndentable(split.work, (node) => source.text(node))) return null;
  const indent = source.indentation(ast);
  const call = (callee: string): string =>
    importedFrom(source.env, callee) === null ? `Phoenix.LiveView.${callee}` : callee;
  const start = `${call("start_async")}(${socket.name}, :${name}, fn ->`;
  const within = `${indent}   `;
  const text = rewritten(source, split.work, usesOf(reads));
  const work = reindented(text, source.indentation(split.work), `${within}  `);
  const line = `{:noreply, ${start} ${work} end)}`;
  const fits = !line.includes("\n") && indent.length + 2 + line.length <= LINE;
  const started = fits ? line : `{:noreply,\n${within}${start}\n${within}  ${work}\n${within}end)}`;
  const clauses = addClauses(source, "handle_async", 3, [
    `def handle_async(:${name}, {:ok, ${split.pattern}}, ${socket.name}) do\n${indent}  ${split.text}\n${indent}end`,
    `def handle_async(:${name}, {:exit, _reason}, socket) do\n${indent}  {:noreply, ${call("put_flash")}(socket, :error, "${title(name)} failed")}\n${indent}end`,
  ]);
  const range = { start: statement.start, end: (ast.body.statements.at(-1) ?? statement).end };
  return clauses && [source.replace(range, linesBefore(reads, `${indent}  `) + started), clauses];
}

/** `pattern = work` or `work` before other statements, or `case work do … end` as the last. */
function splitAt(source: FormSource, { statements }: Block, statement: Node): Split | null {
  const rest = statements.slice(statements.indexOf(statement) + 1);
  const [first, last] = [rest[0], rest.at(-1)];
  if (first && last) {
    const text = source.between(first.start, last.end);
    if (statement.type !== "binary" || statement.operator !== "=")
      return { work: statement, pattern: "_result", binds: new Set(), rest, text };
    const { left, right } = statement;
    return { work: right, pattern: source.text(left), binds: boundIn([left]), rest, text };
  }
  const isCase =
    statement.type === "call" && statement.module === null && statement.name === "case" && !statement.piped;
  const work = isCase ? statement.args[0] : undefined;
  if (!isCase || !work || source.at.end > work.end) return null;
  const text = `case result${source.between(work.end, statement.end)}`;
  return { work, pattern: "result", binds: new Set(), rest: statement.sections, text };
}

function isNoReply(rest: readonly Node[]): boolean {
  const last = rest.at(-1);
  const ways =
    last?.type === "section" ? last.clauses.flatMap((clause) => tails(clause.body)) : last ? tails(last) : [];
  return (
    ways.length > 0 &&
    ways.every(
      (way) =>
        way.type === "tuple" &&
        way.items.length === 2 &&
        way.items[0]?.type === "atom" &&
        way.items[0].value === "noreply",
    )
  );
}

/** What the work reads from the socket, to be bound before: the closure would take the whole socket along. Null where it needs that. */
function readsOf(source: FormSource, work: Node, socket: string): readonly Binding[] | null {
  const reads = copiedReads(work, socket);
  if (reads) return hoisted(source.ast, reads);
  return mentionedIn([work]).has(socket) ? null : [];
}

/** What the task is called: as the event or message is, unless a clause is there for that, or for any. */
function nameOf(source: FormSource, { params }: Def): string | null {
  const [message] = params;
  const tag = message?.type === "tuple" ? message.items[0] : message;
  const written = tag?.type === "string" || tag?.type === "atom" ? tag.value : null;
  const name = written?.toLowerCase().replace(/\W+/g, "_") ?? null;
  if (name === null || !/^[a-z]\w*$/.test(name)) return null;
  const taken = clausesIn(source, "handle_async", 3).some(({ def }) => {
    const [key] = def.params;
    return key?.type !== "atom" || key.value === name;
  });
  return taken ? null : name;
}

/** `save_address` is "Save address". */
function title(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`.replaceAll("_", " ");
}
