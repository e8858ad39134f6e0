/**
 * Benchmarks, as ratios within one run: machines differ, ratios hold. `npm run bench [-- FOLDER]`; without a folder a
 * project is generated from the sample shop.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Language, Parser as TreeSitter } from "web-tree-sitter";
import { Session } from "../../server/src/lint/session.ts";
import { startParserThread } from "../../server/src/main-engine.ts";
import { RULES } from "../../server/src/rules.gen.ts";
import { AheadParser } from "../../server/src/syntax/ahead-parser.ts";
import type { Parser } from "../../server/src/syntax/parser.ts";
import { parser, root } from "../support/engine.ts";
import { generateFile, generateProject, generateTemplate } from "./generate.ts";

type Sources = ReadonlyMap<string, string>;

const { resolve: resolvePackage } = createRequire(import.meta.url);
const elixir = await Language.load(readFileSync(resolvePackage("tree-sitter-elixir/tree-sitter-elixir.wasm")));
const heex = await Language.load(readFileSync(resolvePackage("@lumis-sh/wasm-heex/tree-sitter-heex.wasm")));

function bareParser(language: Language): (text: string) => void {
  const treeSitter = new TreeSitter();
  treeSitter.setLanguage(language);
  return (text) => treeSitter.parse(text)?.delete();
}
const parseElixir = bareParser(elixir);
const parseHeex = bareParser(heex);

function parseAll(sources: Sources): void {
  for (const [path, text] of sources) (path.endsWith(".heex") ? parseHeex : parseElixir)(text);
}

/** The parser of the shipped programs: with another thread beside it where the machine runs two. */
const threads = availableParallelism();
const shipped = new AheadParser(
  parser,
  threads > 1 ? () => startParserThread(join(root, "server/out/main-parser.cjs"), console.error) : null,
);

function newSession(reading: Parser = shipped): Session {
  const session = new Session({ parser: reading, rules: RULES, log: () => {}, clock: () => 0, timing: null });
  session.openProject("/app", { config: null, lock: null, baseline: null });
  return session;
}

async function checkAll(sources: Sources, reading: Parser = shipped): Promise<Session> {
  const session = newSession(reading);
  await session.load(
    [...sources].map(([path, text]) => ({ path, text })),
    () => {},
  );
  session.settle();
  return session;
}

async function milliseconds(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Bytes in use once the garbage is gone; sessions of finished runs are let go of a turn later. */
async function heapUsed(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await setImmediate();
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

function row(name: string, value: string, target: string, met: boolean): void {
  console.log(`${met ? "ok  " : "MISS"}  ${name.padEnd(72)} ${value.padStart(10)}   target ${target}`);
}

async function wholeProject(name: string, sources: Sources): Promise<void> {
  const bytes = [...sources.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const lines = [...sources.values()].reduce((sum, text) => sum + text.split("\n").length, 0);
  console.log(`\n${name}: ${sources.size} files, ${lines} lines, ${(bytes / 1e6).toFixed(1)} MB`);
  // Until the compiler has seen all: one run is not enough.
  for (let i = 0; i < 3; i++) {
    parseAll(sources);
    await checkAll(sources);
  }
  const ratios: number[] = [];
  const alone: number[] = [];
  for (let i = 0; i < 5; i++) {
    const parse = await milliseconds(() => parseAll(sources));
    ratios.push((await milliseconds(() => checkAll(sources))) / parse);
    alone.push((await milliseconds(() => checkAll(sources, parser))) / parse);
  }
  row(
    "whole-project check ÷ bare parsing of the same files",
    median(ratios).toFixed(2),
    "≤ 2.5",
    median(ratios) <= 2.5,
  );
  console.log(`      the same on one thread (this machine runs ${threads}): ${median(alone).toFixed(2)}`);
  const before = await heapUsed();
  const session = await checkAll(sources);
  const perByte = ((await heapUsed()) - before) / bytes;
  const findings = session.paths().reduce((sum, path) => sum + session.diagnostics(path).length, 0);
  console.log(`      memory kept: ${perByte.toFixed(1)} bytes a byte of source (${findings} findings)`);
}

/** What is typed, key by key, into the middle of a function: a statement, a pipe, a closure. */
const TYPED =
  '\n    total = orders |> Enum.map(fn order -> order.total end) |> Enum.sum()\n    Logger.info("total #{total}")';

const IN_TEMPLATE = '\n  <p :if={@count > 1} class={["note", @wide && "wide"]}>{length(@rows)} of {@count}</p>';

interface Typing {
  readonly path: string;
  readonly text: string;
  /** Where it is typed, and what. */
  readonly from: number;
  readonly typed: string;
  readonly parse: (text: string) => void;
  /** Shares of a full parse: at the median, and for 95 of 100. */
  readonly targets: readonly [number, number];
}

/** In a function of ordinary length: after a line that is a whole statement. */
function inFile(text: string): Typing {
  const from = text.indexOf("\n", text.indexOf("= Repo.", Math.floor(text.length / 2)));
  return { path: "/app/lib/large.ex", text, from, typed: TYPED, parse: parseElixir, targets: [0.1, 0.25] };
}

function inTemplate(text: string): Typing {
  const from = text.indexOf("</table>", Math.floor(text.length / 2)) + "</table>".length;
  return { path: "/app/lib/large.html.heex", text, from, typed: IN_TEMPLATE, parse: parseHeex, targets: [2.5, 5] };
}

function keystrokes(name: string, { path, text, from, typed, parse: parseBare, targets }: Typing): void {
  const session = newSession();
  session.update(path, text);
  session.settle();
  const lines = text.split("\n").length;
  const settled: number[] = [];
  const all: number[] = [];
  const settle: number[] = [];
  const parse: number[] = [];
  let at = from;
  const key = (start: number, end: number, inserted: string): void => {
    const time = performance.now();
    session.edit(path, [{ start, end, text: inserted }]);
    session.refresh();
    session.diagnostics(path);
    const took = performance.now() - time;
    all.push(took);
    if (!session.outdated) settled.push(took);
  };
  for (let round = 0; round < 4; round++) {
    for (const character of typed) {
      key(at, at, character);
      at += character.length;
      if (all.length % 8 === 0) {
        const current = session.text(path) ?? "";
        const start = performance.now();
        parseBare(current);
        parse.push(performance.now() - start);
      }
    }
    // A pause, then all is taken back with the delete key.
    const start = performance.now();
    session.settle();
    settle.push(performance.now() - start);
    while (at > from) {
      key(at - 1, at, "");
      at--;
    }
    session.settle();
  }
  const full = median(parse);
  console.log(
    `\n${name}: ${lines} lines, full parse ${full.toFixed(1)} ms, ${all.length} keystrokes, of which ${settled.length} leave a form that parses`,
  );
  row(
    "keystroke → diagnostics ready ÷ full parse, p50",
    (median(all) / full).toFixed(3),
    `≤ ${targets[0]}`,
    median(all) / full <= targets[0],
  );
  row(
    "keystroke → diagnostics ready ÷ full parse, p95",
    (quantile(all, 0.95) / full).toFixed(3),
    `≤ ${targets[1]}`,
    quantile(all, 0.95) / full <= targets[1],
  );
  console.log(
    `      settling after a pause with a form that parses: ${(median(settle) / full).toFixed(3)} of a full parse`,
  );
}

function viewsComputed(session: Session): number {
  return [...session.viewsComputed("/app").values()].reduce((sum, times) => sum + times, 0);
}

/** Calls added to and taken from functions all over the project, each an edit that changes facts: all findings follow. */
async function callEdits(sources: Sources): Promise<void> {
  const cold: number[] = [];
  for (let i = 0; i < 3; i++) cold.push(await milliseconds(() => checkAll(sources)));
  const session = await checkAll(sources);
  const code = [...sources].filter(([path]) => path.endsWith(".ex") && !/\/test\//.test(path));
  const callees = code.flatMap(([, text]) => {
    const module = /defmodule ([\w.]+)/.exec(text)?.[1];
    return module ? [...text.matchAll(/^ {2}def ([a-z]\w*)\(/gm)].map((def) => `${module}.${def[1]}`) : [];
  });
  const lookFor = /^ {2}defp? [^\n]* do\n/gm;
  const took: number[] = [];
  const quiet: number[] = [];
  let computed = 0;
  for (let i = 0; i < 240; i++) {
    const [path] = code[(i * 7919) % code.length] as [string, string];
    const text = session.text(path) ?? "";
    const heads = [...text.matchAll(lookFor)];
    const head = heads[(i * 31) % heads.length];
    if (!head) continue;
    const at = head.index + head[0].length;
    const call = `    ${callees[(i * 104_729) % callees.length]}(1)\n`;
    for (const edit of [
      { start: at, end: at, text: call },
      { start: at, end: at + call.length, text: "" },
    ]) {
      const start = performance.now();
      session.edit(path, [edit]);
      session.refresh();
      session.settle();
      session.diagnostics(path);
      took.push(performance.now() - start);
    }
    const before = viewsComputed(session);
    const start = performance.now();
    session.edit(path, [{ start: at, end: at, text: "    # a comment\n" }]);
    session.refresh();
    session.settle();
    quiet.push(performance.now() - start);
    computed += viewsComputed(session) - before;
  }
  took.splice(0, 20);
  const p95 = quantile(took, 0.95);
  const share = p95 / median(cold);
  console.log(
    `      ${took.length} edits that change calls: p50 ${median(took).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`,
  );
  row("an edit that changes calls → all findings ÷ cold check, p95", share.toFixed(3), "≤ 0.05", share <= 0.05);
  row("the same in milliseconds, p95", p95.toFixed(1), "≤ 50", p95 <= 50);
  row("views computed by edits that change no fact", String(computed), "0", computed === 0);
  console.log(`      an edit that changes no fact: p50 ${median(quiet).toFixed(2)} ms`);
}

function read(folder: string, top = folder, into = new Map<string, string>()): Map<string, string> {
  for (const name of readdirSync(folder)) {
    if (/^(deps|_build|node_modules|\.git)$/.test(name)) continue;
    const path = join(folder, name);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) read(path, top, into);
    else if (/\.(?:ex|exs|heex)$/.test(name)) into.set(`/app/${relative(top, path)}`, readFileSync(path, "utf8"));
  }
  return into;
}

const shop = read(join(root, "test/fixtures/shop"));
const folder = process.argv[2];
await wholeProject("generated project", generateProject(shop, 25));
await callEdits(generateProject(shop, 25));
if (folder) {
  await wholeProject(folder, read(folder));
  await callEdits(read(folder));
}
keystrokes("large file", inFile(generateFile(shop, 7000)));
keystrokes("large template", inTemplate(generateTemplate(2000)));
