import type { Block, Template } from "./ast.ts";
import { readHeex } from "./heex.ts";
import { readLeex } from "./leex.ts";
import type { TemplateReader } from "./lower/lowering.ts";
import { lower } from "./lower.ts";
import { make } from "./make.ts";
import type { Parser } from "./parser.ts";

/**
 * Reads templates. Their Elixir is read in one piece, without the markup between, so that `<%= for x <- xs do %> … <% end %>`
 * is a plain `for` again; then every node is moved to where it stands in the template.
 */
export function templateReader(parser: Parser): TemplateReader {
  const read: TemplateReader = (text, start, dialect, env) => {
    const markup = dialect === "heex" ? readHeex(parser, text, start) : readLeex(text, start);
    const body =
      markup &&
      parser.elixir(markup.elixir.source, (cst) => {
        if (cst.hasError) return null;
        cst.move(markup.elixir);
        const block = lower(cst, 0, text, -start, env, read);
        return block.type === "block" ? block : null;
      });
    const end = start + text.length;
    const empty = (): Block => make<Block>({ type: "block", parent: null, start: end, end, statements: [] });
    return make<Template>({
      type: "template",
      parent: null,
      start,
      end,
      dialect,
      body: body ?? empty(),
      tags: markup?.tags ?? [],
      broken: body === null,
    });
  };
  return read;
}
