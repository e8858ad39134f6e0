import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CodeServerInstallation } from "./install-code-server.ts";
import { run } from "./run.ts";

/** Where a code-server keeps what belongs to one user. */
export interface Profile {
  readonly userDataDir: string;
  readonly extensionsDir: string;
}

/** A code-server that runs. */
export interface CodeServer {
  /** The address of a folder in the workbench; `payload` is what a desktop VS Code takes as arguments. */
  address(folder: string, payload?: Payload): string;
  /** A local path as the workbench names it. */
  remoteUri(path: string): string;
  stop(): Promise<void>;
}

/** What the workbench takes from the query of its address. */
export type Payload = readonly (readonly [name: string, value: string])[];

/** A workbench that shows the code and nothing else, looks nothing up, and saves when asked, as on the desktop. */
const quietSettings = {
  "chat.disableAIFeatures": true,
  "extensions.autoUpdate": false,
  "files.autoSave": "off",
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
};

/** Starts code-server for a profile, on a port that is free. */
export async function startCodeServer(installation: CodeServerInstallation, profile: Profile): Promise<CodeServer> {
  writeSettings(profile);
  const args = [
    ...[installation.entry, ...profileArgs(profile)],
    ...["--auth", "none", "--bind-addr", "127.0.0.1:0"],
    ...["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"],
    // Without the smoke test driver, a built workbench ignores extensions under development.
    ...["--disable-getting-started-override", "--vscode-option", "enable-smoke-test-driver"],
  ];
  // Its own process group, so that the extension hosts end with it.
  const child = spawn(installation.node, args, {
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const authority = await listeningAuthority(child);
  const remoteUri = (path: string) => `vscode-remote://${authority}${path}`;
  return {
    address(folder, payload = []) {
      const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
      return `http://${authority}/?${query}`;
    },
    remoteUri,
    stop: () => stopGroup(child),
  };
}

/** Installs a packaged extension into a profile. */
export function installExtension(installation: CodeServerInstallation, profile: Profile, vsix: string) {
  const args = [installation.entry, ...profileArgs(profile), "--install-extension", vsix];
  return run(installation.node, args, { env: environment() });
}

function profileArgs({ userDataDir, extensionsDir }: Profile): string[] {
  const config = join(userDataDir, "config.yaml");
  return ["--config", config, "--user-data-dir", userDataDir, "--extensions-dir", extensionsDir];
}

function environment(): NodeJS.ProcessEnv {
  // An empty gallery: nothing is looked up. A variable of VS Code's own terminal would make this start a client of it.
  const { VSCODE_IPC_HOOK_CLI: _, ...env } = process.env;
  return { ...env, EXTENSIONS_GALLERY: "{}" };
}

function writeSettings({ userDataDir, extensionsDir }: Profile): void {
  const file = join(userDataDir, "User", "settings.json");
  mkdirSync(dirname(file), { recursive: true });
  mkdirSync(extensionsDir, { recursive: true });
  writeFileSync(file, JSON.stringify(quietSettings, undefined, 2));
}

function listeningAuthority(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (data: Buffer) => {
      output += data.toString();
      const match = /HTTP server listening on http:\/\/(127\.0\.0\.1:\d+)/.exec(output);
      if (match?.[1]) resolve(match[1]);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`code-server ended with status ${code}:\n${output}`)));
  });
}

function stopGroup(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return resolve();
    child.on("exit", () => resolve());
    process.kill(-child.pid, "SIGTERM");
    setTimeout(() => child.pid && child.exitCode === null && process.kill(-child.pid, "SIGKILL"), 5_000).unref();
  });
}
