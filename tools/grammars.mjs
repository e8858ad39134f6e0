import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const root = join(import.meta.dirname, "..");

/** What `grammars/README.md` describes: the file in `node_modules`, and the sha256 that it must have. */
const grammars = [
  {
    source: "tree-sitter-elixir/tree-sitter-elixir.wasm",
    sha256: "ed99093c548c12d43f7e337fd3440e9e2daa2ec671a5e29aadb6c6dcb2232a62",
  },
  {
    source: "@lumis-sh/wasm-heex/tree-sitter-heex.wasm",
    sha256: "a4bf8c53af112a28e58b6ec6038ed05cf4c7d1558ee67f147c59fabf8a533dde",
  },
  {
    source: "web-tree-sitter/web-tree-sitter.wasm",
    sha256: "beca80e44cccbf2299ed4d1e3fa6462a9a6fe818aeebf847547a392227ce4acc",
  },
];

/** Copies the grammars and tree-sitter itself from `node_modules` to `grammars/`, if they are the known ones. */
export function copyGrammars() {
  const folder = join(root, "grammars");
  mkdirSync(folder, { recursive: true });
  for (const { source, sha256 } of grammars) {
    const bytes = readFileSync(join(root, "node_modules", source));
    const actual = createHash("sha256").update(bytes).digest("hex");
    if (actual !== sha256) {
      throw new Error(
        `node_modules/${source} is not the known one: its sha256 is ${actual}, expected is ${sha256}. ` +
          "If the package was updated on purpose, mend tools/grammars.mjs and grammars/README.md.",
      );
    }
    writeFileSync(join(folder, basename(source)), bytes);
  }
}

if (process.argv[1] === import.meta.filename) copyGrammars();
