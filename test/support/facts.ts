import type { CallFact, ClauseFacts, ModuleFacts } from "../../server/src/facts/facts.ts";
import { MixProject } from "../../server/src/lint/mix-project.ts";
import { defaultSettings } from "../../server/src/lint/session.ts";
import { parser } from "./engine.ts";

/** A settled project at `/app` without rules, on files by path relative to it. */
export function projectOn(files: Readonly<Record<string, string>>): MixProject {
  const around = { parser, rules: [], log: () => {}, clock: () => 0, timing: null };
  const project = new MixProject(defaultSettings("/app"), around);
  for (const [path, text] of Object.entries(files)) project.update(`/app/${path}`, text);
  project.refresh(true);
  return project;
}

/** The facts of the modules of one file. */
export function modulesIn(text: string, path = "lib/a.ex"): readonly ModuleFacts[] {
  return projectOn({ [path]: text }).project.modules();
}

/** The facts of the first clause of a module that holds the functions. */
export function clauseOf(functions: string, before = ""): ClauseFacts {
  const clause = modulesIn(`defmodule A do\n${before}\n${functions}\nend\n`)[0]?.clauses[0];
  if (!clause) throw new Error(`no clause: ${functions}`);
  return clause;
}

/** The facts of a function `f(x)` with the body. */
export function factsOfBody(body: string, before = ""): ClauseFacts {
  return clauseOf(`def f(x) do\n${body}\nend`, before);
}

/** `Module.name/arity` of a call. */
export function nameOf(call: CallFact): string {
  return `${call.module ? `${call.module}.` : ""}${call.name}/${call.arity}`;
}
