import { join } from "node:path";
import { runVSCodeCommand } from "@vscode/test-electron";
import { ensureChromium } from "./debian.ts";
import { ensureCodeServer } from "./install-code-server.ts";
import { run } from "./run.ts";

/** The VS Code that the tests run in. */
export interface VsCode {
  /** Undefined is the desktop VS Code that `@vscode/test-electron` downloads. */
  readonly executable: string | undefined;
  readonly takesScreenshots: boolean;
}

/** code-server in the place of VS Code on Linux; the desktop VS Code elsewhere and with `LINTEL_VSCODE=desktop`. */
export async function ensureVsCode(): Promise<VsCode> {
  if (process.env.LINTEL_VSCODE === "desktop" || process.platform !== "linux") {
    return { executable: undefined, takesScreenshots: false };
  }
  await ensureCodeServer();
  await ensureChromium();
  return { executable: join(import.meta.dirname, "code-server-electron.mjs"), takesScreenshots: true };
}

/** Installs a packaged extension into the profile that `profileArgs` name. */
export async function installVsix({ executable }: VsCode, vsix: string, profileArgs: readonly string[]): Promise<void> {
  const args = [...profileArgs, `--install-extension=${vsix}`];
  if (executable === undefined) await runVSCodeCommand(args);
  else await run(executable, args);
}
