import type { CallFact } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import type { IsRepo } from "../repos.ts";

/** What a function does beyond computing. */
export type Effect = "db-read" | "db-write";

/** Functions of `Ecto.Repo` by what they do to the database; from the callbacks of Ecto 3.13's `Ecto.Repo`. */
const REPO: ReadonlyMap<string, Effect> = new Map([
  ...words("aggregate all all_by exists? get get! get_by get_by! one one! reload reload! preload stream").map(
    (name): [string, Effect] => [name, "db-read"],
  ),
  ...words(
    `delete delete! delete_all insert insert! insert_all insert_or_update insert_or_update! update update! update_all`,
  ).map((name): [string, Effect] => [name, "db-write"]),
]);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** What a call does by itself, without regard to what it calls; null when nothing is known of it. */
export function primitiveEffect(call: CallFact, isRepo: IsRepo): Effect | null {
  if (call.module === null || !isRepo(call.module)) return null;
  if (/^query(_many)?!?$/.test(call.name)) return sqlEffect(call.args[0]);
  return REPO.get(call.name) ?? null;
}

/** What raw SQL does, by its first word; text that is computed is not known to read only. */
function sqlEffect(sql: Shape | undefined): Effect {
  return sql?.kind === "string" && /^\s*(?:select|with|show|explain)\b/i.test(sql.value) ? "db-read" : "db-write";
}
