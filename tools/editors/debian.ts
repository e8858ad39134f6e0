import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { MissingTool } from "./missing-tool.ts";
import { onPath } from "./on-path.ts";
import { withProgress } from "./progress.ts";
import { run } from "./run.ts";

let listsAreFresh = false;

/** Chromium's executable (or Chrome's). */
export const ensureChromium = () => ensurePackage("chromium", () => anyOnPath("chromium", "google-chrome"));

/** Neovim's executable. */
export const ensureNeovim = () => ensurePackage("neovim", () => onPath("nvim"));

/** Elixir's executable. */
export const ensureElixir = () => ensurePackage("elixir", () => onPath("elixir"));

/** The folder of PostgreSQL's programs; Debian keeps the server's out of the PATH. */
export const ensurePostgres = () => ensurePackage("postgresql", postgresFolder);

/** `ps`. */
export const ensureProcessList = () => ensurePackage("procps", () => onPath("ps"));

/** What code-server's native modules are built with, besides Node's own headers. */
export async function ensureBuildTools(): Promise<void> {
  await ensurePackage("libkrb5-dev", () => ["/usr/include/gssapi/gssapi.h"].find((header) => existsSync(header)));
  await ensurePackage("g++", () => anyOnPath("g++", "c++"));
  await ensurePackage("make", () => onPath("make"));
  await ensurePackage("python3", () => onPath("python3"));
}

function anyOnPath(...names: string[]): string | undefined {
  return names.map(onPath).find((path) => path !== undefined);
}

const POSTGRES = "/usr/lib/postgresql";

function postgresFolder(): string | undefined {
  const onTheirOwn = onPath("initdb");
  if (onTheirOwn) return join(onTheirOwn, "..");
  const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(POSTGRES, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

/** What `find` finds, after the Debian package was installed if need be and if this process may. */
async function ensurePackage(name: string, find: () => string | undefined): Promise<string> {
  const found = find();
  if (found) return found;
  if (process.getuid?.() !== 0 || !onPath("apt-get")) {
    throw new MissingTool(`${name} is not installed, and only root on Debian or Ubuntu can install it from here`);
  }
  try {
    await withProgress(`Installing ${name} with apt-get`, () => install(name));
  } catch (error) {
    throw new MissingTool(`apt-get could not install ${name}: ${error instanceof Error ? error.message : error}`);
  }
  const installed = find();
  if (!installed) throw new MissingTool(`${name} was installed, but what is needed of it is not where it should be`);
  return installed;
}

async function install(name: string): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  if (!listsAreFresh) await run("apt-get", ["update", "-q"], { env });
  listsAreFresh = true;
  await run("apt-get", ["install", "-qy", "--no-install-recommends", name], { env });
}
