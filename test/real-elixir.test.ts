import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { root } from "./support/engine.ts";
import { allSpecs } from "./support/specs.ts";

const found = spawnSync("elixir", ["--version"], { encoding: "utf8" }).status === 0;
const missing = "no Elixir on the PATH";

/** Prints the numbers of the files that do not parse, each with the error. One start of the VM for all. */
const SCRIPT = `
for path <- Path.wildcard(Path.join(hd(System.argv()), "*.ex")) do
  case Code.string_to_quoted(File.read!(path)) do
    {:ok, _} -> :ok
    {:error, error} -> IO.puts(Path.basename(path, ".ex") <> " " <> inspect(error))
  end
end
`;

it(
  "every example and every fixed text parses with the real Elixir",
  {
    skip: !found && process.env.CI !== "true" ? missing : false,
  },
  () => {
    assert.ok(found, missing);
    const texts = allSpecs(root).flatMap((spec) =>
      spec.scenarios.flatMap((scenario) => [
        ...scenario.files.map((file) => ({
          where: `${spec.path} ${scenario.name} ${file.path}`,
          path: file.path,
          text: file.text,
        })),
        ...scenario.outcomes.map((o) => ({
          where: `${spec.path} ${scenario.name} ${o.title ?? "fixed"}`,
          path: o.path,
          text: o.text,
        })),
      ]),
    );
    const folder = mkdtempSync(join(tmpdir(), "lintel-elixir-"));
    try {
      const elixir = texts.filter(({ path }) => !/\.[hl]eex$/.test(path));
      elixir.forEach(({ text }, i) => {
        writeFileSync(join(folder, `${i}.ex`), text);
      });
      const output = execFileSync("elixir", ["-e", SCRIPT, "--", folder], { encoding: "utf8" });
      const errors = output
        .split("\n")
        .filter(Boolean)
        .map((line) => `${elixir[Number.parseInt(line, 10)]?.where}: ${line}`);
      assert.deepEqual(errors, []);
      assert.ok(elixir.length > 20, "there are examples");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
