import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { ensureProcessList } from "../../../tools/editors/debian.ts";
import { ensureVsCode, installVsix, type VsCode } from "../../../tools/editors/vscode-executable.ts";
import { root, screenshots, vsix } from "../paths.ts";
import { copyShop, temporaryFolder } from "../temporary-folder.ts";
import { tool } from "../tool.ts";
import type { Result } from "./suite/harness.ts";

const temporary = temporaryFolder();

test("VS Code, the extension from the source tree", async (t) => {
  const vscode = await tool(t, ensureTools);
  if (vscode) await runSuite(t, { name: "source", vscode, extension: root });
});

test("VS Code, the extension from the package", async (t) => {
  const vscode = await tool(t, ensureTools);
  if (!vscode) return;
  assert.ok(existsSync(vsix), "lintel.vsix is built by `npm run package`");
  await installVsix(vscode, vsix, profileArgs("vsix"));
  await runSuite(t, { name: "vsix", vscode, extension: emptyExtension() });
});

async function ensureTools(): Promise<VsCode> {
  await ensureProcessList();
  return ensureVsCode();
}

interface Mode {
  readonly name: string;
  readonly vscode: VsCode;
  /** The extension under development. */
  readonly extension: string;
}

/** Runs the suite in the extension host; each of its tests becomes a subtest. */
async function runSuite(t: TestContext, { name, vscode, extension }: Mode): Promise<void> {
  const folder = join(temporary, name);
  const resultFile = join(folder, "result.json");
  const pictures = join(screenshots, name);
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const workspace = copyShop(folder);
  writeSettings(workspace);

  const end = await runTests({
    ...(vscode.executable === undefined ? {} : { vscodeExecutablePath: vscode.executable }),
    extensionDevelopmentPath: extension,
    extensionTestsPath: await bundleSuite(),
    extensionTestsEnv: {
      LINTEL_TEST_RESULT: resultFile,
      ...(vscode.takesScreenshots ? { LINTEL_SCREENSHOTS: pictures } : {}),
    },
    launchArgs: [workspace, ...profileArgs(name)],
  }).catch((error: unknown) => error);

  // The exit status does not tell: an extension host that was killed ends with 0.
  assert.ok(existsSync(resultFile), `The suite wrote no result; VS Code ended with ${end}`);
  const { expected, results } = JSON.parse(readFileSync(resultFile, "utf8")) as { expected: number; results: Result[] };
  for (const { name, error } of results) await t.test(name, () => assert.ok(error === undefined, error));
  assert.ok(results.length > 0, "No test ran");
  assert.equal(results.length, expected, "The extension host died before the last test");
}

function profileArgs(name: string): string[] {
  const folder = join(temporary, name);
  return [`--user-data-dir=${join(folder, "user")}`, `--extensions-dir=${join(folder, "extensions")}`];
}

async function bundleSuite(): Promise<string> {
  const outfile = join(temporary, "suite", "index.js");
  await build({
    entryPoints: [join(import.meta.dirname, "suite", "index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["vscode"],
    sourcemap: "inline",
    logLevel: "warning",
  });
  return outfile;
}

function writeSettings(workspace: string): void {
  const settings = { "editor.codeActionsOnSave": { "source.fixAll.lintel": "explicit" } };
  mkdirSync(join(workspace, ".vscode"), { recursive: true });
  writeFileSync(join(workspace, ".vscode", "settings.json"), JSON.stringify(settings));
}

/** VS Code runs tests only beside an extension under development; this one does nothing. */
function emptyExtension(): string {
  const folder = join(temporary, "empty-extension");
  mkdirSync(folder, { recursive: true });
  const manifest = { name: "empty", publisher: "lintel", version: "0.0.1", engines: { vscode: "*" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  return folder;
}
