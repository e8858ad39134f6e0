import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Rule } from "../../server/src/lint/rule.ts";
import { NO_CONFIG, type ProjectSettings, Session } from "../../server/src/lint/session.ts";
import { RULES } from "../../server/src/rules.gen.ts";
import { WasmParser } from "../../server/src/syntax/wasm-parser.ts";

/** The project's root folder. */
export const root = join(import.meta.dirname, "../..");

const modules = join(root, "node_modules");
const bytes = (path: string): Uint8Array => readFileSync(join(modules, path));

/** The parser, loaded once for all tests of a file. */
export const parser = await WasmParser.load({
  runtime: bytes("web-tree-sitter/web-tree-sitter.wasm"),
  elixir: bytes("tree-sitter-elixir/tree-sitter-elixir.wasm"),
  heex: bytes("@lumis-sh/wasm-heex/tree-sitter-heex.wasm"),
});

export interface TestSession {
  readonly session: Session;
  readonly log: string[];
}

/** A session with one project at `/app`. Rules that are off by default are on when `all`. */
export function newSession(
  options: { rules?: readonly Rule[]; all?: boolean; settings?: Partial<ProjectSettings> } = {},
): TestSession {
  const log: string[] = [];
  const rules = options.rules ?? RULES;
  const session = new Session({
    parser,
    rules: options.all ? rules.map((rule) => ({ ...rule, default: "on" as const })) : rules,
    log: (message) => log.push(message),
    clock: () => 0,
    timing: null,
  });
  session.setProject({
    root: "/app",
    config: NO_CONFIG,
    versions: new Map(),
    baseline: new Map(),
    nested: false,
    ...options.settings,
  });
  return { session, log };
}

/** A settled session on the given files, by path relative to `/app`. */
export function sessionOn(
  files: Readonly<Record<string, string>>,
  options: Parameters<typeof newSession>[0] = {},
): Session {
  const { session } = newSession(options);
  for (const [path, text] of Object.entries(files)) session.update(`/app/${path}`, text);
  session.settle();
  return session;
}
