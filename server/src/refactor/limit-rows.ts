import type { Fix } from "../lint/rule.ts";
import { importedFrom } from "../syntax/env.ts";
import { refine } from "./load-less.ts";
import { callAt } from "./preload-after.ts";

const ROWS = "50";

/** `limit(query, 50)` around the query of the load that the diagnostic is on; null where `limit` is not imported. */
export const limitRows: Fix["edits"] = (source) => {
  const load = callAt(source);
  const query = load?.args[0];
  if (!load || !query || importedFrom(source.env, "limit") !== "Ecto.Query") return null;
  return refine(source, load, query, "limit", ROWS);
};
