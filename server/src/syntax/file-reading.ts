import type { Expansions } from "../base/use.ts";
import type { Comment } from "./ast.ts";
import type { Cst } from "./cst.ts";
import { type Env, expandAlias, moduleEnv, withAlias } from "./env.ts";
import type { FileForms, Form, Module, UseLookup } from "./file-forms.ts";
import { type FormSyntax, type FormTools, type ParsedForm, parseSlice, syntaxAt, unread } from "./form-syntax.ts";
import { isOpaque } from "./form-text.ts";
import { linterCommentsOfFile } from "./linter-comments.ts";
import type { OutlineForm, OutlineModule } from "./outline.ts";

/** What reading a file takes; `build` makes what is kept of a form. */
export interface FileTools<T> extends FormTools {
  readonly build: (form: FormSyntax) => T;
}

/** One pass over an outline: environments are built up on the way, forms lowered and handed to `build`. */
export class FileReading<T> {
  private readonly modules: Module[] = [];
  private readonly forms: Form<T>[] = [];
  private readonly lookups: UseLookup[] = [];
  private readonly tools: FileTools<T>;

  /** @param kept what was built of forms before, by environment and text */
  constructor(
    tools: FileTools<T>,
    private readonly cst: Cst,
    private readonly text: string,
    private readonly kept: ReadonlyMap<string, T>,
  ) {
    const expansions: Expansions = (module, argument) => {
      const answer = tools.expansions(module, argument);
      this.lookups.push({ module, argument, answer });
      return answer;
    };
    this.tools = { ...tools, expansions };
  }

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
    const [first = written] = written.split(".");
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
    const result = parsed ? this.tools.build(parsed.syntax) : null;
    this.forms.push({ start, end, module, env, envAfter: parsed?.envAfter ?? null, result });
    return parsed?.envAfter ?? env;
  }

  private parse(item: OutlineForm, env: Env): ParsedForm | null {
    const slice = this.text.slice(item.start, item.end);
    if (item.node >= 0) {
      if (isOpaque(slice)) return unread(slice, env);
      // What looked known but stands under other names now, or in a call that only began like a module, was not copied.
      if (this.cst.isWhole(item.node)) return syntaxAt(this.tools, this.cst, item, this.text, env);
    }
    const alone = parseSlice(this.tools, slice, env);
    return alone?.sole ? alone : null;
  }

  private looseComments(): Comment[] {
    let at = 0;
    return linterCommentsOfFile(this.cst, this.text).filter((comment) => {
      let form = this.forms[at];
      while (form && form.end <= comment.start) form = this.forms[++at];
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
