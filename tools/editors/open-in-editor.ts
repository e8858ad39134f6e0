import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { downloadAndUnzipVSCode } from "@vscode/test-electron";
import { startCodeServer } from "./code-server.ts";
import { cacheFolder, ensureCodeServer } from "./install-code-server.ts";
import { onPath } from "./on-path.ts";
import { withProgress } from "./progress.ts";

/**
 * Opens a folder in VS Code with an extension from its source tree: in the VS Code on the PATH, else in one that is
 * downloaded, else (without a display or a download) in the browser. Resolves when the user has ended it.
 */
export async function openInEditor(folder: string, extension: string): Promise<void> {
  const executable = hasDisplay() ? (onPath("code") ?? (await downloadVsCode())) : undefined;
  if (executable === undefined) await serve(folder, extension);
  else await openOnDesktop(executable, folder, extension);
}

function hasDisplay(): boolean {
  return process.platform !== "linux" || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

async function downloadVsCode(): Promise<string | undefined> {
  try {
    const cachePath = join(cacheFolder, "vscode");
    return await withProgress("Fetching VS Code", () => downloadAndUnzipVSCode({ cachePath }));
  } catch (error) {
    console.log(`VS Code cannot be fetched (${error instanceof Error ? error.message : error})`);
    return undefined;
  }
}

async function openOnDesktop(executable: string, folder: string, extension: string): Promise<void> {
  console.log(`Opening ${folder} in ${executable}`);
  const args = ["--new-window", `--extensionDevelopmentPath=${extension}`, folder];
  const child = spawn(executable, args, { stdio: "inherit", shell: process.platform === "win32" });
  await once(child, "close");
}

async function serve(folder: string, extension: string): Promise<void> {
  const installation = await ensureCodeServer();
  const profile = join(cacheFolder, "start");
  const server = await startCodeServer(installation, {
    userDataDir: join(profile, "user"),
    extensionsDir: join(profile, "extensions"),
  });
  const address = server.address(folder, [["extensionDevelopmentPath", server.remoteUri(extension)]]);
  console.log(`\nVS Code with Lintel, for your browser (Ctrl-C ends it):\n\n  ${address}\n`);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await server.stop();
}
