import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** What the npm packages of the grammars do not say themselves. */
const grammarNotices = {
  "tree-sitter-elixir": `Copyright 2021 The Elixir Team. Its generated parser (all files in \`src/\` except the scanner) is

Copyright (c) 2018-2021 Max Brunsfeld

The MIT License (MIT)

${mit}

All other files are under the Apache License:`,
  "@lumis-sh/wasm-heex": `Contains tree-sitter-heex, which is

Copyright (c) 2022 Connor Lay

MIT License

${mit}

The package itself:`,
};

/**
 * Writes THIRD-PARTY-NOTICES.md: the licences of all that the package contains.
 *
 * @param {import("esbuild").Metafile[]} metafiles what the bundles are made of
 */
export function writeNotices(metafiles) {
  const bundled = metafiles.flatMap(({ inputs }) => Object.keys(inputs).flatMap(packageFolder));
  const grammars = ["tree-sitter-elixir", "@lumis-sh/wasm-heex", "web-tree-sitter"];
  const folders = new Set([...bundled, ...grammars.map((name) => join("node_modules", name))]);
  const sections = [...folders].sort().map(notice);
  const title =
    "# Third-party notices\n\nLintel's package contains the following software. Written by `npm run package`.";
  writeFileSync(join(root, "THIRD-PARTY-NOTICES.md"), `${[title, ...sections].join("\n\n")}\n`);
}

/**
 * The folder of the npm package that a bundled file belongs to, if it belongs to one.
 *
 * @param {string} file
 */
function packageFolder(file) {
  const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
  return folder === undefined ? [] : [folder];
}

/**
 * @param {string} folder
 * @returns {string}
 */
function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${folder} is bundled and has no licence file`);
  const text = readFileSync(join(root, folder, file), "utf8")
    .replaceAll("\r\n", "\n")
    .trim();
  const texts = [grammarNotices[name], text].filter((part) => part !== undefined);
  return `## ${name} ${version} (${license})\n\n\`\`\`text\n${texts.join("\n\n").replaceAll("```", "'''")}\n\`\`\``;
}
