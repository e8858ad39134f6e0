import type { TextEdit } from "../base/edit.ts";
import type { Expansion } from "../base/use.ts";
import type { Comment } from "./ast.ts";
import type { Dialect } from "./dialect.ts";
import type { Env } from "./env.ts";

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

/** Puts the edit into the file's text; gives the index of the form that it lies in, or null. What is built of that form is outdated. */
export function applyEdit<T>(file: FileForms<T>, edit: TextEdit): number | null {
  const index = formAround(file.forms, edit);
  file.text = file.text.slice(0, edit.start) + edit.text + file.text.slice(edit.end);
  move(file, edit, index);
  return index;
}

/** The form that the edit lies in, its edges included; null when it touches two, or none. */
function formAround<T>(forms: readonly Form<T>[], edit: TextEdit): number | null {
  let low = 0;
  let high = forms.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((forms[middle]?.end ?? 0) < edit.start) low = middle + 1;
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
