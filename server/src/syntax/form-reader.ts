import type { TextEdit } from "../base/edit.ts";
import type { Expansions } from "../base/use.ts";
import { type Dialect, dialectOfFile } from "./dialect.ts";
import { type Env, fileEnv } from "./env.ts";
import { applyEdit, type FileForms, type Form } from "./file-forms.ts";
import { FileReading, type FileTools } from "./file-reading.ts";
import { type FormSyntax, type ParsedForm, parseSlice, templateSyntax } from "./form-syntax.ts";
import { pruneOf } from "./form-text.ts";
import { outline, outlineByIndentation } from "./outline.ts";
import { templatesIn } from "./parse-file.ts";
import type { Parser } from "./parser.ts";
import { templateReader } from "./template.ts";
import { find } from "./visit.ts";

/** Operators that are unary at the start of a text and binary after another line. */
const MAY_JOIN_THE_FORM_BEFORE = /^(?:[+-]|\.\.)/;

/**
 * Reads files as forms. A form is the unit of incrementality: what `build` makes of it is a pure function of its text
 * and environment, so it is computed once and kept as long as both stay.
 */
export class FormReader<T> {
  private readonly tools: FileTools<T>;

  /**
   * @param build makes what is kept of a form; must depend on its argument only
   * @param expansions what the project's own `use` macros bring in
   */
  constructor(parser: Parser, build: (form: FormSyntax) => T, expansions: Expansions) {
    this.tools = { parser, templates: templateReader(parser), build, expansions };
  }

  /** Reads a whole text. What `previous` built of forms with the same text and environment is reused. */
  read(text: string, env: Env, previous: FileForms<T> | null): FileForms<T> {
    const kept = keptOf(previous);
    return this.tools.parser.elixir(
      text,
      (cst) => {
        const tree = cst.hasError ? outlineByIndentation(text) : outline(cst, text);
        return new FileReading(this.tools, cst, text, kept.results).run(tree, env);
      },
      pruneOf(text, kept.texts),
    );
  }

  /** Reads a template file: one form, its template. */
  readTemplate(text: string, dialect: Dialect, env: Env): FileForms<T> {
    const form: Form<T> = {
      start: 0,
      end: text.length,
      module: 0,
      env,
      envAfter: null,
      result: this.tools.build(templateSyntax(this.tools.templates, text, dialect, env)),
    };
    const file = { name: "", keyword: "", parent: -1, start: 0, end: text.length, nameStart: 0, nameEnd: 0 };
    return {
      text,
      modules: [file],
      forms: [form],
      comments: [],
      lookups: [],
      clean: true,
      dialect,
      state: "settled",
    };
  }

  /**
   * Takes in one edit by parsing nothing but the form around it, and returns that form's index; all that follows
   * moves. Returns null when the edit is not inside one form or reaches beyond it: the file is then outdated.
   */
  edit(file: FileForms<T>, edit: TextEdit): number | null {
    const { build, templates } = this.tools;
    const index = applyEdit(file, edit);
    const form = index === null ? undefined : file.forms[index];
    if (!form || form.envAfter) {
      file.state = "outdated";
      return null;
    }
    if (file.dialect) {
      form.result = build(templateSyntax(templates, file.text, file.dialect, form.env));
      return index;
    }
    const alone = this.parseAlone(file.text.slice(form.start, form.end), form.env);
    form.result = alone && alone !== "structural" ? build(alone.syntax) : null;
    if (alone === "structural" || !file.clean) file.state = "outdated";
    else if (file.state !== "outdated") file.state = file.forms.some((f) => f.result === null) ? "broken" : "settled";
    return index;
  }

  /** The syntax of a form by itself, for a fix that is asked for later; null when it does not parse. */
  syntaxOf(file: FileForms<T>, index: number): FormSyntax | null {
    const form = file.forms[index];
    return form ? this.parseForm(file, form, file.text.slice(form.start, form.end)) : null;
  }

  /**
   * True when the line, put in at the offset, is a comment that speaks to linters and nothing else: not part of a string,
   * of a tag or of an expression in a template.
   */
  takesComment(file: FileForms<T>, at: number, line: string): boolean {
    const form = file.forms.find(({ start, end }) => start < at && at <= end);
    if (!form) return (file.dialect !== null) === line.includes("<%");
    const text = file.text.slice(form.start, at) + line + file.text.slice(at, form.end);
    const syntax = this.parseForm(file, form, text);
    const start = at - form.start + line.search(/\S/);
    if (!syntax?.comments.some((comment) => comment.start === start)) return false;
    return find(syntax.ast, (node) => node.type === "template" && node.broken) === null;
  }

  /** How many templates of a file do not parse: itself, or its sigils. */
  brokenTemplates(path: string, text: string): number {
    const env = fileEnv("code");
    const templates = templatesIn(text, dialectOfFile(path));
    return templates.filter((template) => this.tools.templates(template.text, 0, template.dialect, env).broken).length;
  }

  private parseForm(file: FileForms<T>, form: Form<T>, text: string): FormSyntax | null {
    if (file.dialect) return templateSyntax(this.tools.templates, text, file.dialect, form.env);
    return parseSlice(this.tools, text, form.env)?.syntax ?? null;
  }

  /** `structural` when the text is more or other than one form that leaves its surroundings alone. */
  private parseAlone(slice: string, env: Env): ParsedForm | "structural" | null {
    if (MAY_JOIN_THE_FORM_BEFORE.test(slice)) return "structural";
    const parsed = parseSlice(this.tools, slice, env);
    if (!parsed) return null;
    return parsed.sole && parsed.envAfter === null ? parsed : "structural";
  }
}

/** What a former reading built, by text and environment, and the texts alone. */
function keptOf<T>(previous: FileForms<T> | null): { results: ReadonlyMap<string, T>; texts: ReadonlySet<string> } {
  const results = new Map<string, T>();
  const texts = new Set<string>();
  for (const form of previous?.forms ?? []) {
    if (form.result === null || form.envAfter || !previous) continue;
    const text = previous.text.slice(form.start, form.end);
    results.set(`${form.env.key}\n${text}`, form.result);
    texts.add(text);
  }
  return { results, texts };
}
