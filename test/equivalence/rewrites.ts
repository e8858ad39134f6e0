import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyEdits } from "../../server/src/base/edit.ts";
import { MissingTool } from "../../tools/editors/missing-tool.ts";
import { run } from "../../tools/editors/run.ts";
import { sessionOn } from "../support/engine.ts";
import { ensureEcto } from "./ecto.ts";
import { startPostgres } from "./postgres.ts";

/** A module before and after a rule's rewriting. */
export interface Rewrite {
  readonly before: string;
  readonly after: string;
  readonly kind: "fix" | "suggestion";
  readonly title: string;
}

/** What both gave, as Elixir shows it, or how they failed. */
export interface Answers {
  readonly before: string;
  readonly after: string;
}

/** A module whose `run/0` evaluates the expression. */
export function moduleOf(expression: string): string {
  return `defmodule Depot.Pair do
  import Ecto.Query
  alias Depot.{Parcel, Repo}

  def run do
    ${expression}
  end
end
`;
}

/** Applies the rewriting that the rule offers for its first finding in the module. */
export function rewritten(rule: string, before: string): Rewrite {
  const path = "/app/lib/pair.ex";
  const session = sessionOn({ "lib/pair.ex": before }, { settings: { versions: new Map([["ecto", "3.13.5"]]) } });
  const diagnostic = session.diagnostics(path).find((found) => found.rule === rule);
  const offer = diagnostic?.fixes[0];
  const action = diagnostic && session.actions(path, diagnostic).find(({ title }) => title === offer?.title);
  const edits = action?.edits()?.get(path);
  if (!offer || !edits) throw new Error(`${rule} rewrites nothing in:\n${before}`);
  // A fix takes the nested ones along, as it does unattended.
  return { before, after: applyEdits(before, edits), kind: offer.kind, title: offer.title };
}

/** Runs all rewrites on a PostgreSQL of their own; a string says why that cannot be done here. */
export async function compare(rewrites: readonly Rewrite[]): Promise<Answers[] | string> {
  const folder = mkdtempSync(join(tmpdir(), "lintel-pairs-"));
  try {
    const env = await ensureEcto();
    rewrites.forEach(({ before, after }, i) => {
      writeFileSync(join(folder, `${i}.before.ex`), before);
      writeFileSync(join(folder, `${i}.after.ex`), after);
    });
    const postgres = await startPostgres();
    try {
      const script = join(import.meta.dirname, "rows.exs");
      return answersIn(await run("elixir", [script, postgres.socketFolder, postgres.user, folder], { env }));
    } finally {
      await postgres.stop();
    }
  } catch (error) {
    if (error instanceof MissingTool) return error.message;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function answersIn(output: string): Answers[] {
  const answers: Answers[] = [];
  for (const [, number, before = "", after = ""] of output.matchAll(/^ANSWER (\d+) (\S+) (\S+)$/gm))
    answers[Number(number)] = { before: decoded(before), after: decoded(after) };
  return answers;
}

function decoded(text: string): string {
  return Buffer.from(text, "base64").toString();
}
