import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The bytes of the WebAssembly files, which the build puts into `grammars/` beside `server/`.
 * @throws Error naming the file that is missing.
 */
export function readGrammars(folder: string): { runtime: Uint8Array; elixir: Uint8Array; heex: Uint8Array } {
  const read = (name: string): Uint8Array => {
    const path = join(folder, name);
    try {
      return readFileSync(path);
    } catch (error) {
      throw new Error(
        `Lintel cannot read ${path}: ${error instanceof Error ? error.message : error}. Is the build complete?`,
      );
    }
  };
  return {
    runtime: read("web-tree-sitter.wasm"),
    elixir: read("tree-sitter-elixir.wasm"),
    heex: read("tree-sitter-heex.wasm"),
  };
}
