/** What a template is written in: LEEx is what LiveView had before HEEx, Elixir between tags that nobody checks. */
export type Dialect = "heex" | "leex";

/** The dialect of a template file; null for any other file. */
export function dialectOfFile(path: string): Dialect | null {
  if (path.endsWith(".heex")) return "heex";
  return path.endsWith(".leex") ? "leex" : null;
}

/** The dialect of the sigils `~H` and `~L`; null for others. */
export function dialectOfSigil(name: string): Dialect | null {
  if (name === "H") return "heex";
  return name === "L" ? "leex" : null;
}
