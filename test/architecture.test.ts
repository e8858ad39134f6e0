import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, it } from "node:test";
import { root } from "./support/engine.ts";

/** The import table of server/ARCHITECTURE.md: what each layer may import of the others. A file name stands for itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  syntax: ["base"],
  facts: ["base", "syntax"],
  project: ["base", "facts"],
  lint: ["base", "syntax", "facts", "project"],
  refactor: ["base", "syntax", "lint/rule.ts"],
  rules: ["base", "syntax", "facts", "project", "refactor", "lint/rule.ts"],
  files: ["base"],
  lsp: ["base", "files", "lint/session.ts"],
  cli: ["base", "files", "lint/session.ts"],
};

/** The engine's side of `syntax`: rules and refactorings read trees, they make none. */
const ENGINE_ONLY =
  /^syntax\/(?:lower\/|(?:parser|wasm-parser|ahead-parser|parser-thread|parse-file|parse-progress|cst|comments|lower|make|form-reader|form-syntax|file-forms|file-reading|outline|template|heex|leex|pieces)\.ts$)/;

/** Packages and Node modules that one place only may use. */
const OWNERS: readonly { readonly module: RegExp; readonly owner: RegExp }[] = [
  { module: /^web-tree-sitter$/, owner: /^syntax\/wasm-parser\.ts$/ },
  { module: /^vscode-languageserver|^vscode-uri/, owner: /^(?:lsp\/|main-lsp\.ts$)/ },
  { module: /^node:fs/, owner: /^(?:files|cli)\// },
  { module: /^node:worker_threads$/, owner: /^main-(?:engine|parser)\.ts$/ },
  { module: /^node:timers|^node:child_process|^node:net|^node:http/, owner: /^lsp\/index-workspace\.ts$/ },
];

const source = join(root, "server/src");

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    if (!entry.name.endsWith(".ts") || entry.name.endsWith(".gen.ts")) return [];
    const text = readFileSync(path, "utf8");
    const imports = [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)"/gms)].map(
      (match) => match[1] as string,
    );
    return [{ path: relative(source, path), text, imports }];
  });
}

const files = sourceFiles(source);
const layerOf = (path: string): string => (path.includes("/") ? (path.split("/")[0] as string) : "main");

describe("the import table", () => {
  for (const file of files) {
    const layer = layerOf(file.path);
    if (layer === "main") continue;
    it(file.path, () => {
      const allowed = MAY_IMPORT[layer];
      assert.ok(allowed, `"${layer}" is no layer of the table`);
      for (const imported of file.imports) {
        if (!imported.startsWith(".")) continue;
        const target = relative(source, resolve(source, dirname(file.path), imported));
        const own = layerOf(target) === layer && layer !== "rules";
        const fits = own || allowed.some((entry) => target === entry || target.startsWith(`${entry}/`));
        const engine = (layer === "rules" || layer === "refactor") && ENGINE_ONLY.test(target);
        assert.ok(fits && !engine, `${file.path} imports ${target}`);
      }
    });
  }

  it("packages stay with their owners", () => {
    for (const file of files) {
      for (const imported of file.imports) {
        for (const { module, owner } of OWNERS) {
          if (module.test(imported)) assert.match(file.path, owner, `${file.path} imports ${imported}`);
        }
      }
    }
  });

  it("has no cycles", () => {
    const graph = new Map(
      files.map((file) => [
        file.path,
        file.imports
          .filter((imported) => imported.startsWith("."))
          .map((imported) => relative(source, resolve(source, dirname(file.path), imported))),
      ]),
    );
    const done = new Set<string>();
    const walk = (path: string, way: readonly string[]): void => {
      assert.ok(!way.includes(path), `cycle: ${[...way.slice(way.indexOf(path)), path].join(" → ")}`);
      if (done.has(path)) return;
      for (const next of graph.get(path) ?? []) walk(next, [...way, path]);
      done.add(path);
    };
    for (const path of graph.keys()) walk(path, []);
  });
});

describe("invariants that the source shows", () => {
  const core = files.filter((file) => /^(?:base|syntax|facts|project|lint|refactor|rules)\//.test(file.path));

  it("the core reads no clock and has no chance in it", () => {
    for (const { path, text } of core) {
      assert.doesNotMatch(
        text,
        /\bDate\.now\(|\bnew Date\(|\bperformance\.now\(|\bMath\.random\(|\bsetTimeout\(/,
        path,
      );
    }
  });

  it("the core holds nothing between two questions but what a session owns", () => {
    for (const { path, text } of core) assert.doesNotMatch(text, /^(?:export )?(?:let |const \w+ = new Weak)/m, path);
  });

  it("only the schedule of the language server waits", () => {
    for (const { path, text } of files) {
      if (path !== "lsp/schedule.ts") assert.doesNotMatch(text, /\bsetTimeout\(|\bsetInterval\(/, path);
    }
  });

  it("the analysed project is never run and nothing is sent over a network", () => {
    for (const { path, text } of files) assert.doesNotMatch(text, /child_process|\bfetch\(|node:https?|node:net/, path);
  });

  it("types are never switched off", () => {
    for (const { path, text } of files)
      assert.doesNotMatch(text, /: any\b|\bas any\b|@ts-ignore|@ts-nocheck|biome-ignore/, path);
  });

  it("no file is called utils", () => {
    for (const { path } of files) assert.doesNotMatch(path, /util|helpers|misc|common/i);
  });

  it("a rule is two files, and its id is its path", () => {
    for (const { path, text } of files.filter((file) => file.path.startsWith("rules/"))) {
      const id = path.slice("rules/".length, -3);
      assert.ok(text.includes(`id: "${id}"`), `${path} has another id`);
      assert.ok(readFileSync(join(source, `rules/${id}.md`), "utf8").length > 0);
    }
  });
});
