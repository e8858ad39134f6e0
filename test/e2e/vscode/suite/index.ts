import { runTests } from "./harness.ts";
import "./diagnostics.ts";
import "./code-actions.ts";
import "./commands.ts";
import "./effects.ts";
import "./languages.ts";
import "./templates.ts";
import "./broken-code.ts";
import "./server-death.ts";

/** What VS Code calls when this module is its `--extensionTestsPath`. */
export async function run(): Promise<void> {
  const resultFile = process.env.LINTEL_TEST_RESULT;
  if (resultFile === undefined) throw new Error("LINTEL_TEST_RESULT does not name the result file");
  await runTests(resultFile);
}
