import { type Dialect, dialectOfSigil } from "./dialect.ts";
import { fileEnv } from "./env.ts";
import { pruneOf } from "./form-text.ts";
import type { ExpectedFile, Parser } from "./parser.ts";
import { templateReader } from "./template.ts";

const TEMPLATE = /~([HL])("""|'''|")([\s\S]*?)\2/g;
const NOTHING: ReadonlySet<string> = new Set();

/** Parses what a first reading of the file will ask for, as far as that can be told without reading it. */
export function parseFile({ text, dialect }: ExpectedFile, parser: Parser): void {
  const read = templateReader(parser);
  const env = fileEnv("code");
  if (!dialect) parser.elixir(text, () => {}, pruneOf(text, NOTHING));
  for (const template of templatesIn(text, dialect)) read(template.text, 0, template.dialect, env);
}

/** The templates of a file: itself, or its sigils, as far as a pattern tells. */
export function templatesIn(text: string, whole: Dialect | null): { text: string; dialect: Dialect }[] {
  if (whole) return [{ text, dialect: whole }];
  return [...text.matchAll(TEMPLATE)].flatMap(([, name = "", , inside = ""]) => {
    const dialect = dialectOfSigil(name);
    return dialect ? [{ text: inside, dialect }] : [];
  });
}
