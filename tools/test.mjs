import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { ensureElixir } from "./editors/debian.ts";
import { MissingTool } from "./editors/missing-tool.ts";
import { run } from "./editors/run.ts";

const usage = "npm test [-- [--only unit|package|e2e] [PART-OF-A-FILE-NAME]]";
const root = join(import.meta.dirname, "..");
const total = { passed: 0, failed: 0, skipped: 0 };

/** The sections that `--only` knows, in the order in which they run. */
const sections = {
  unit: testUnits,
  package: () =>
    runTestFiles(
      testFiles((file) => file.startsWith("test/e2e/package/")),
      1,
    ),
  e2e: testEditors,
};

const { values, positionals } = parseArgs({ options: { only: { type: "string" } }, allowPositionals: true });
const { only } = values;
const [filter = ""] = positionals;
if (positionals.length > 1 || (only !== undefined && !Object.hasOwn(sections, only))) {
  console.error(`usage: ${usage}`);
  process.exit(2);
}

if (await section("build", () => step("build", build))) {
  if (only === undefined && filter === "") await section("check", check);
  for (const [name, runSection] of Object.entries(sections)) {
    if (only === undefined || only === name) await section(name, runSection);
  }
}
if (total.passed + total.failed === 0) {
  console.error("No test ran");
  total.failed++;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

/**
 * Runs one section under a heading; says how long it took and whether it went well.
 *
 * @param {string} name
 * @param {() => Promise<unknown>} body
 */
async function section(name, body) {
  const start = Date.now();
  const failedBefore = total.failed;
  console.log(`\n── ${name} ──`);
  await body();
  console.log(`── ${name}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return total.failed === failedBefore;
}

/**
 * Runs something that counts as one test.
 *
 * @param {string} name
 * @param {() => Promise<unknown>} body
 */
async function step(name, body) {
  try {
    await body();
    total.passed++;
    console.log(`✔ ${name}`);
  } catch (error) {
    total.failed++;
    console.error(`✖ ${name}\n${error instanceof Error ? error.message : error}`);
  }
}

async function check() {
  const bin = join(root, "node_modules", ".bin");
  await step("types", () => run(join(bin, "tsc"), ["--noEmit", "-p", root], { cwd: root }));
  await step("biome", () => run(join(bin, "biome"), ["check", "--error-on-warnings", "."], { cwd: root }));
}

async function testUnits() {
  await installElixir();
  const files = testFiles((file) => file.endsWith(".test.ts") && !file.startsWith("test/e2e/"));
  await runTestFiles(files, availableParallelism());
}

/** The examples of the rules are parsed with a real Elixir where there is one. */
async function installElixir() {
  try {
    await ensureElixir();
  } catch (error) {
    if (!(error instanceof MissingTool)) throw error;
    const isRequired = process.env.CI === "true";
    console.log(`${isRequired ? "✖" : "﹣"} Elixir: ${error.message}`);
    if (isRequired) total.failed++;
    else total.skipped++;
  }
}

async function testEditors() {
  // The section before this one packs the extension that some of these tests install.
  if (only === "e2e") await step("package", () => run(process.execPath, ["tools/package.mjs"], { cwd: root }));
  await runTestFiles(
    testFiles((file) => file.endsWith(".e2e.ts") && !file.startsWith("test/e2e/package/")),
    1,
  );
}

/**
 * The test files that a section wants and the filter lets through, as paths from the project's folder.
 *
 * @param {(file: string) => boolean} isWanted
 */
function testFiles(isWanted) {
  return readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .map((file) => join("test", file))
    .filter((file) => /\.(?:test|e2e)\.ts$/.test(file) && !file.startsWith("test/fixtures/"))
    .filter((file) => isWanted(file) && file.includes(filter))
    .sort();
}

/**
 * Runs test files with node:test and adds up what it counts.
 *
 * @param {string[]} files
 * @param {number} concurrency
 */
async function runTestFiles(files, concurrency) {
  if (files.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), "lintel-report-"));
  const report = join(folder, "report.tap");
  const args = [
    ...["--import", "tsx", "--test", `--test-concurrency=${concurrency}`, "--test-timeout=900000"],
    ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
    ...["--test-reporter=tap", `--test-reporter-destination=${report}`],
    ...files,
  ];
  const status = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", resolve);
  });
  const tap = readFileSync(report, "utf8");
  rmSync(folder, { recursive: true, force: true });
  const count = (/** @type {string} */ name) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(tap)?.[1] ?? 0);
  const failed = count("fail") + count("cancelled");
  total.passed += count("pass");
  total.failed += status !== 0 && failed === 0 ? 1 : failed;
  total.skipped += count("skipped") + count("todo");
}
