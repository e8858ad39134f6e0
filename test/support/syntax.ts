import type { Call, Node, Template } from "../../server/src/syntax/ast.ts";
import type { Dialect } from "../../server/src/syntax/dialect.ts";
import { type Env, fileEnv, NO_EXPANSIONS } from "../../server/src/syntax/env.ts";
import type { FileForms } from "../../server/src/syntax/file-forms.ts";
import { FormReader } from "../../server/src/syntax/form-reader.ts";
import type { FormSyntax } from "../../server/src/syntax/form-syntax.ts";
import { find, visit } from "../../server/src/syntax/visit.ts";
import { parser } from "./engine.ts";
import { show } from "./show.ts";

/** Reads files as forms and keeps the syntax of each. */
export const reader = new FormReader<FormSyntax>(parser, (form) => form, NO_EXPANSIONS);

/** A file of ordinary code, read as a whole. */
export function read(text: string): FileForms<FormSyntax> {
  return reader.read(text, fileEnv("code"), null);
}

/** The last form of a text: the statements before it are its surroundings. */
export function lastForm(text: string): FormSyntax {
  const form = read(text).forms.at(-1)?.result;
  if (!form) throw new Error(`does not parse: ${text}`);
  return form;
}

/** The last form of a text, lowered and shown. */
export function lowered(text: string): string {
  return show(lastForm(text).ast);
}

/** The body of a function of the module `A.B` that holds the source, shown. */
export function body(source: string, before = ""): string {
  const text = `defmodule A.B do\n${before}\ndef f(x) do\n${source}\nend\nend\n`;
  const { ast } = lastForm(text);
  if (ast.type !== "def") throw new Error(`no def: ${text}`);
  return show(ast.body);
}

/** The text of a template file as its template. */
export function template(text: string, dialect: Dialect = "heex", env: Env = fileEnv("code")): Template {
  const ast = reader.readTemplate(text, dialect, env).forms[0]?.result?.ast;
  if (ast?.type !== "template") throw new Error("no template");
  return ast;
}

/** All nodes of a tree, outermost first. */
export function allNodes(root: Node): Node[] {
  const out: Node[] = [];
  visit(root, (node) => {
    out.push(node);
  });
  return out;
}

/** The first call of that name. */
export function callOf(root: Node, name: string): Call {
  const found = find(root, (node): node is Call => node.type === "call" && node.name === name);
  if (!found) throw new Error(`no call of ${name}`);
  return found;
}
