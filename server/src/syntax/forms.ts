import type { TextEdit } from "../base/edit.ts";
import type { Expansion, Expansions } from "../base/use.ts";
import type { Comment, Node } from "./ast.ts";
import type { Cst } from "./cst.ts";
import { type Dialect, dialectOfFile, dialectOfSigil } from "./dialect.ts";
import { afterStatement, type Env, expandAlias, fileEnv, isEnvironmental, moduleEnv, withAlias } from "./env.ts";
import { isOpaque, pruneOf } from "./form-text.ts";
import { hasTemplateComments, linterComments, linterCommentsOfFile, templateComments } from "./linter-comments.ts";
import type { TemplateReader } from "./lower/lowering.ts";
import { lower } from "./lower.ts";
import { type OutlineForm, type OutlineModule, outline, outlineByIndentation } from "./outline.ts";
import { templatesIn } from "./parse-file.ts";
import type { Parser } from "./parser.ts";
import { templateReader } from "./template.ts";
import { find, visit } from "./visit.ts";

/** The syntax of one form, given to the reader's `build` and not kept. */
export interface FormSyntax {
  readonly text: string;
  readonly ast: Node;
  readonly env: Env;
  /** Comments that speak to a linter (`# lintel:…`, `# credo:…`), offsets relative to the form. */
  readonly comments: readonly Comment[];
}

/** A form as the file keeps it: where it stands, and what was built of it. Offsets are those of the file's text. */
export interface Form<T> {
  start: number;
  end: number;
  /** Index into the file's modules. */
  readonly module: number;
  readonly env: Env;
  /** The environment after the form when it changes that, else null. */
  readonly envAfter: Env | null;
  /** What was built, or null while the form does not parse. */
  result: T | null;
}

export interface Module {
  /** The full name; empty for what stands outside of any module, and for computed names. */
  readonly name: string;
  readonly keyword: string;
  readonly parent: number;
  start: number;
  end: number;
  nameStart: number;
  nameEnd: number;
}

/** What the project answered when the file asked what a `use` brings in: when an answer changes, the file is read anew. */
export interface UseLookup {
  readonly module: string;
  readonly argument: string | null;
  readonly answer: Expansion | null;
}

/** A file as a list of forms. `modules[0]` is the file itself. */
export interface FileForms<T> {
  text: string;
  readonly modules: readonly Module[];
  readonly forms: readonly Form<T>[];
  /** Linter comments outside of forms. */
  comments: Comment[];
  readonly lookups: readonly UseLookup[];
  /** True when the whole text parses. */
  readonly clean: boolean;
  /** What a template file is written in, whose one form is its template; null for Elixir. */
  readonly dialect: Dialect | null;
  /**
   * `settled`: what a fresh `read` of the text would give. `broken`: a form does not parse just now; the others stand.
   * `outdated`: an edit went beyond one form. After the last two, `read` brings the file up to date.
   */
  state: "settled" | "broken" | "outdated";
}

/**
 * Reads files as forms. A form is the unit of incrementality: what `build` makes of it is a pure function of its text
 * and environment, so it is computed once and kept as long as both stay.
 */
export class FormReader<T> {
  private readonly templates: TemplateReader;

  /**
   * @param build makes what is kept of a form; must depend on its argument only
   * @param expansions what the project's own `use` macros bring in
   */
  constructor(
    private readonly parser: Parser,
    private readonly build: (form: FormSyntax) => T,
    private readonly expansions: Expansions,
  ) {
    this.templates = templateReader(parser);
  }

  /** Reads a whole text. What `previous` built of forms with the same text and environment is reused. */
  read(text: string, env: Env, previous: FileForms<T> | null): FileForms<T> {
    const kept = keptOf(previous);
    return this.parser.elixir(
      text,
      (cst) => {
        const tree = cst.hasError ? outlineByIndentation(text) : outline(cst, text);
        const reader = {
          parser: this.parser,
          templates: this.templates,
          build: this.build,
          expansions: this.expansions,
        };
        return new Reading(reader, cst, text, kept.results).run(tree, env);
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
      result: this.build(this.templateSyntax(text, dialect, env)),
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

  private templateSyntax(text: string, dialect: Dialect, env: Env): FormSyntax {
    return { text, env, ast: this.templates(text, 0, dialect, env), comments: templateComments(text, 0, dialect) };
  }

  /**
   * Takes in one edit by parsing nothing but the form around it, and returns that form's index; all that follows
   * moves. Returns null when the edit is not inside one form or reaches beyond it: the file is then outdated.
   */
  edit(file: FileForms<T>, edit: TextEdit): number | null {
    const index = formAround(file.forms, edit);
    file.text = file.text.slice(0, edit.start) + edit.text + file.text.slice(edit.end);
    move(file, edit, index);
    const form = index === null ? null : (file.forms[index] as Form<T>);
    if (!form || form.envAfter) {
      file.state = "outdated";
      return null;
    }
    if (file.dialect) {
      form.result = this.build(this.templateSyntax(file.text, file.dialect, form.env));
      return index;
    }
    const alone = this.parseAlone(file.text.slice(form.start, form.end), form.env);
    form.result = alone && alone !== "structural" ? this.build(alone.syntax) : null;
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
    return templates.filter((template) => this.templates(template.text, 0, template.dialect, env).broken).length;
  }

  private parseForm(file: FileForms<T>, form: Form<T>, text: string): FormSyntax | null {
    if (file.dialect) return this.templateSyntax(text, file.dialect, form.env);
    return this.parseSlice(text, form.env)?.syntax ?? null;
  }

  /** `structural` when the text is more or other than one form that leaves its surroundings alone. */
  private parseAlone(slice: string, env: Env): { syntax: FormSyntax } | "structural" | null {
    if (MAY_JOIN_THE_FORM_BEFORE.test(slice)) return "structural";
    const parsed = this.parseSlice(slice, env);
    if (!parsed) return null;
    return parsed.sole && parsed.envAfter === null ? parsed : "structural";
  }

  private parseSlice(slice: string, env: Env): ParsedSlice | null {
    return parseSlice(this.parser, this.templates, this.expansions, slice, env);
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

/** Parses a text that should be one form; null when it has an error or holds no form. */
function parseSlice(
  parser: Parser,
  templates: TemplateReader,
  expansions: Expansions,
  slice: string,
  env: Env,
): ParsedSlice | null {
  return parser.elixir(slice, (cst) => {
    if (cst.hasError) return null;
    const [item, ...rest] = outline(cst, slice).items;
    if (!item) return null;
    if (item.kind === "module") return { syntax: emptySyntax(slice, env), envAfter: null, sole: false };
    const sole = rest.length === 0 && item.start === 0 && item.end === slice.length;
    if (isOpaque(slice)) return { syntax: emptySyntax(slice, env), envAfter: null, sole };
    return { ...syntaxAt(cst, item, slice, env, expansions, templates), sole };
  });
}

/** Operators that are unary at the start of a text and binary after another line. */
const MAY_JOIN_THE_FORM_BEFORE = /^(?:[+-]|\.\.)/;

interface ParsedSlice {
  readonly syntax: FormSyntax;
  readonly envAfter: Env | null;
  /** True when the form is all that the slice holds. */
  readonly sole: boolean;
}

function emptySyntax(text: string, env: Env): FormSyntax {
  return { text, env, comments: [], ast: { type: "unknown", start: 0, end: text.length, parent: null } };
}

function syntaxAt(
  cst: Cst,
  item: OutlineForm,
  text: string,
  env: Env,
  expansions: Expansions,
  templates: TemplateReader,
): { syntax: FormSyntax; envAfter: Env | null } {
  const own = text.slice(item.start, item.end);
  const ast = lower(cst, item.node, text, item.start, env, templates);
  const comments = linterComments(cst, item.node, text, item);
  if (hasTemplateComments(own)) {
    visit(ast, (node) => {
      const dialect = node.type === "sigil" ? dialectOfSigil(node.name) : null;
      if (node.type === "sigil" && dialect)
        comments.push(...templateComments(node.content, node.contentStart, dialect));
    });
  }
  const after = isEnvironmental(ast) ? afterStatement(env, ast, expansions) : env;
  return { syntax: { text: own, ast, env, comments }, envAfter: after === env ? null : after };
}

/** The form that the edit lies in, its edges included; null when it touches two, or none. */
function formAround<T>(forms: readonly Form<T>[], edit: TextEdit): number | null {
  let low = 0;
  let high = forms.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((forms[middle] as Form<T>).end < edit.start) low = middle + 1;
    else high = middle;
  }
  const form = forms[low];
  if (!form || edit.start < form.start || form.end < edit.end) return null;
  const next = forms[low + 1];
  return next && next.start <= edit.end ? null : low;
}

/** Moves everything behind the edit; what lies around it grows or shrinks, and forms that it cuts into are lost. */
function move<T>(file: FileForms<T>, edit: TextEdit, within: number | null): void {
  const by = edit.text.length - (edit.end - edit.start);
  const moved = (offset: number): number => (offset >= edit.end ? offset + by : Math.min(offset, edit.start));
  file.forms.forEach((form, index) => {
    if (index === within) form.end += by;
    else if (form.start >= edit.end) {
      form.start += by;
      form.end += by;
    } else if (form.end > edit.start) {
      form.start = moved(form.start);
      form.end = moved(form.end);
      form.result = null;
    }
  });
  for (const module of file.modules) {
    module.end = moved(module.end);
    // The file itself begins where it begins.
    if (module.parent < 0) continue;
    module.start = moved(module.start);
    module.nameStart = moved(module.nameStart);
    module.nameEnd = moved(module.nameEnd);
  }
  file.comments = file.comments.map((c) => (c.start >= edit.end ? { ...c, start: c.start + by, end: c.end + by } : c));
}

interface Reader<T> {
  readonly parser: Parser;
  readonly templates: TemplateReader;
  readonly build: (form: FormSyntax) => T;
  readonly expansions: Expansions;
}

/** One pass over an outline: environments are built up on the way, forms lowered and handed to `build`. */
class Reading<T> {
  private readonly modules: Module[] = [];
  private readonly forms: Form<T>[] = [];
  private readonly lookups: UseLookup[] = [];

  constructor(
    private readonly reader: Reader<T>,
    private readonly cst: Cst,
    private readonly text: string,
    private readonly kept: ReadonlyMap<string, T>,
  ) {}

  run(tree: OutlineModule, env: Env): FileForms<T> {
    this.module(tree, -1, env, "");
    return {
      text: this.text,
      modules: this.modules,
      forms: this.forms,
      comments: this.looseComments(),
      lookups: this.lookups,
      clean: !this.cst.hasError,
      dialect: null,
      state: "settled",
    };
  }

  private module(tree: OutlineModule, parent: number, outer: Env, name: string): void {
    const index = this.modules.length;
    const { keyword, start, end, nameStart, nameEnd } = tree;
    this.modules.push({ name, keyword, parent, start, end, nameStart, nameEnd });
    let env = parent < 0 ? outer : moduleEnv(outer, name);
    for (const item of tree.items) {
      if (item.kind === "form") env = this.form(item, index, env);
      else env = this.nested(item, index, env);
    }
  }

  private nested(item: OutlineModule, parent: number, env: Env): Env {
    const written = this.text.slice(item.nameStart, item.nameEnd);
    const name = moduleName(item, written, env);
    const first = written.split(".")[0] as string;
    const named = item.keyword === "defmodule" && env.module !== "" && name === `${env.module}.${written}`;
    // The short name holds within the module too.
    const after = named ? withAlias(env, first, `${env.module}.${first}`) : env;
    this.module(item, parent, after, name);
    return after;
  }

  private form(item: OutlineForm, module: number, env: Env): Env {
    const { start, end } = item;
    const kept = this.kept.get(`${env.key}\n${this.text.slice(start, end)}`);
    if (kept !== undefined) {
      this.forms.push({ start, end, module, env, envAfter: null, result: kept });
      return env;
    }
    const parsed = this.parse(item, env);
    const result = parsed ? this.reader.build(parsed.syntax) : null;
    this.forms.push({ start, end, module, env, envAfter: parsed?.envAfter ?? null, result });
    return parsed?.envAfter ?? env;
  }

  private parse(item: OutlineForm, env: Env): { syntax: FormSyntax; envAfter: Env | null } | null {
    const expansions: Expansions = (module, argument) => {
      const answer = this.reader.expansions(module, argument);
      this.lookups.push({ module, argument, answer });
      return answer;
    };
    const { parser, templates } = this.reader;
    const slice = this.text.slice(item.start, item.end);
    if (item.node >= 0) {
      if (isOpaque(slice)) return { syntax: emptySyntax(slice, env), envAfter: null };
      // What looked known but stands under other names now, or in a call that only began like a module, was not copied.
      if (this.cst.isWhole(item.node)) return syntaxAt(this.cst, item, this.text, env, expansions, templates);
    }
    const alone = parseSlice(parser, templates, expansions, slice, env);
    return alone?.sole ? alone : null;
  }

  private looseComments(): Comment[] {
    let at = 0;
    return linterCommentsOfFile(this.cst, this.text).filter((comment) => {
      while (at < this.forms.length && (this.forms[at] as Form<T>).end <= comment.start) at++;
      const form = this.forms[at];
      return !form || comment.start < form.start;
    });
  }
}

/** The full name of a module: `defmodule B` inside `A` is `A.B`; empty when the name is computed. */
function moduleName(item: OutlineModule, written: string, env: Env): string {
  // `defmodule :"Elixir.Shop.Add-prices"`, as migrations are called whose file's name makes no alias.
  const quoted = /^:"Elixir\.([^"#\\]+)"$/.exec(written);
  if (quoted?.[1]) return quoted[1];
  if (!/^[\w.]+$/.test(written)) return "";
  const expanded = written.startsWith("__MODULE__") ? written.replace("__MODULE__", env.module) : null;
  if (item.keyword === "defimpl") {
    const target = item.implementsFor ? expandAlias(env, item.implementsFor) : env.module;
    return `${expandAlias(env, written)}.${target.replace(/^__MODULE__/, env.module)}`;
  }
  if (expanded !== null) return expanded;
  if (written.startsWith("Elixir.")) return written.slice(7);
  if (env.module === "") return expandAlias(env, written);
  return `${env.module}.${written}`;
}
