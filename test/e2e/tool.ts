import type { TestContext } from "node:test";
import { MissingTool } from "../../tools/editors/missing-tool.ts";

/** A tool that a test needs; without it the test is skipped, or failed where everything has to be tested (`CI=true`). */
export async function tool<T>(t: TestContext, ensure: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ensure();
  } catch (error) {
    if (!(error instanceof MissingTool) || process.env.CI === "true") throw error;
    t.skip(error.message);
    return undefined;
  }
}
