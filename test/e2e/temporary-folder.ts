import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { root } from "./paths.ts";

/** A folder that is removed after the tests of this file. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "lintel-")));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return folder;
}

/** A copy of the sample shop that a test may change. */
export function copyShop(parent: string): string {
  const folder = join(parent, "shop");
  cpSync(join(root, "test", "fixtures", "shop"), folder, { recursive: true });
  return folder;
}
