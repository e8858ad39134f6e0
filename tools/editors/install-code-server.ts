import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { ensureBuildTools } from "./debian.ts";
import { MissingTool } from "./missing-tool.ts";
import { withProgress } from "./progress.ts";
import { run } from "./run.ts";

const nodeVersion = "24.21.0";
const codeServerVersion = "4.139.1";

/** The folder for what is installed once and kept, outside of the work tree. */
export const cacheFolder = process.env.LINTEL_CACHE ?? join(homedir(), ".cache", "lintel");

/** The Node that code-server needs, and the script to run with it. */
export interface CodeServerInstallation {
  readonly node: string;
  readonly entry: string;
}

/** Installs code-server, and the Node that it needs, into the cache folder unless they are there. */
export async function ensureCodeServer(): Promise<CodeServerInstallation> {
  const folder = join(cacheFolder, `code-server-${codeServerVersion}`);
  const nodePackage = `node-${process.platform}-${process.arch}`;
  const nodeFolder = join(folder, "node_modules", nodePackage);
  const installation = {
    node: join(nodeFolder, "bin", "node"),
    entry: join(folder, "node_modules", "code-server", "out", "node", "entry.js"),
  };
  const marker = join(folder, "installed");
  if (existsSync(marker)) return installation;
  if (process.platform !== "linux") throw new MissingTool("code-server is installed by these scripts on Linux only");

  await ensureBuildTools();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  try {
    await withProgress(`Installing Node ${nodeVersion} for code-server (190 MB)`, () =>
      npmInstall(folder, `${nodePackage}@${nodeVersion}`, process.env),
    );
    await withProgress(`Installing code-server ${codeServerVersion} (620 MB, about two minutes)`, () =>
      npmInstall(folder, `code-server@${codeServerVersion}`, {
        ...process.env,
        PATH: [join(nodeFolder, "bin"), process.env.PATH].join(delimiter),
        npm_config_nodedir: nodeFolder,
      }),
    );
  } catch (error) {
    throw new MissingTool(`code-server could not be installed: ${error instanceof Error ? error.message : error}`);
  }
  writeFileSync(marker, "");
  return installation;
}

/** Installs one npm package with its install scripts, whatever the project around us says about those. */
function npmInstall(folder: string, specifier: string, env: NodeJS.ProcessEnv): Promise<string> {
  // Below `npm test` this names the Node of that npm, and code-server's install script believes it.
  const { npm_config_user_agent: _inherited, ...own } = env;
  const args = ["install", "--no-fund", "--no-audit", "--ignore-scripts=false", "--legacy-peer-deps=false", specifier];
  return run("npm", args, { cwd: folder, env: own });
}
