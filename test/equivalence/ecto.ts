import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureElixir } from "../../tools/editors/debian.ts";
import { cacheFolder } from "../../tools/editors/install-code-server.ts";
import { MissingTool } from "../../tools/editors/missing-tool.ts";
import { withProgress } from "../../tools/editors/progress.ts";
import { run } from "../../tools/editors/run.ts";

/** Exactly these: what they are built with is Elixir 1.14, Debian's. */
const PACKAGES = {
  ecto_sql: "3.13.5",
  ecto: "3.13.5",
  postgrex: "0.21.1",
  db_connection: "2.8.1",
  decimal: "2.3.0",
  jason: "1.4.4",
  telemetry: "1.3.0",
};

/** The environment in which `elixir` finds Ecto: this one when `ERL_LIBS` names it, else one with packages from Hex. */
export async function ensureEcto(): Promise<NodeJS.ProcessEnv> {
  await ensureElixir();
  if (await hasEcto(process.env)) return process.env;
  const folder = join(cacheFolder, `ecto-${PACKAGES.ecto_sql}`);
  const env = {
    ...process.env,
    MIX_HOME: join(folder, "mix"),
    HEX_HOME: join(folder, "hex"),
    MIX_ENV: "dev",
    ERL_LIBS: join(folder, "_build", "dev", "lib"),
  };
  const marker = join(folder, "installed");
  if (existsSync(marker)) return env;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "mix.exs"), project());
  try {
    await withProgress(`Installing Ecto ${PACKAGES.ecto} from Hex`, async () => {
      const { ERL_LIBS: _notBuiltYet, ...building } = env;
      for (const step of [["local.hex", "--force"], ["local.rebar", "--force"], ["deps.get"], ["deps.compile"]])
        await run("mix", step, { cwd: folder, env: building });
    });
  } catch (error) {
    throw new MissingTool(`Ecto could not be installed from Hex: ${error instanceof Error ? error.message : error}`);
  }
  if (!(await hasEcto(env))) throw new MissingTool("Ecto was installed from Hex, but `elixir` does not find it");
  writeFileSync(marker, "");
  return env;
}

async function hasEcto(env: NodeJS.ProcessEnv): Promise<boolean> {
  const found = "Enum.all?([Ecto.Adapters.Postgres, Postgrex, Jason], &Code.ensure_loaded?/1)";
  return (await run("elixir", ["-e", `IO.write(${found})`], { env })).endsWith("true");
}

function project(): string {
  const packages = Object.entries(PACKAGES).map(([name, version]) => `{:${name}, "== ${version}"}`);
  return `defmodule Equivalence.MixProject do
  use Mix.Project

  def project, do: [app: :equivalence, version: "0.0.0", deps: [${packages.join(", ")}]]
end
`;
}
