import type { FileClass } from "../base/file-class.ts";
import type { Range } from "../base/range.ts";
import type { Env } from "../syntax/env.ts";
import type { FileForms } from "../syntax/file-forms.ts";
import { configuresUse } from "./configured.ts";
import type {
  BringingForm,
  ClauseFacts,
  ClauseOfModule,
  ConfiguredFact,
  FormFacts,
  ModuleFacts,
  TestFacts,
  UseForm,
} from "./facts.ts";
import type { Shape } from "./shape.ts";

const NO_TESTS: TestFacts[] = [];
const NO_SETTINGS: readonly ConfiguredFact[] = [];

/** What is kept of a form: facts and, apart from them, where they stand. */
export interface FormRecord {
  readonly facts: FormFacts;
  readonly anchors: readonly Range[];
}

/**
 * The facts of a file by module, in source order. Modules without a name and the file's own level are left out. A template
 * file, and one of the configuration that sets something, is a module of its own, with its path for a name: no code can call it by that.
 * Clauses that say what one in `before` said at the same place stay the same object: views know clauses and calls by identity.
 */
export function modulesOf(
  path: string,
  fileClass: FileClass,
  file: FileForms<FormRecord>,
  before: readonly ModuleFacts[],
): ModuleFacts[] {
  const placed = new Map(before.flatMap((module) => module.clauses.map((clause) => [clause.form, clause] as const)));
  const taken = new Set<ClauseFacts["calls"]>();
  const place = (clause: ClauseFacts, form: number): ClauseOfModule => {
    const placedClause = placeApart(clause, form, placed.get(form), taken);
    taken.add(placedClause.calls);
    return placedClause;
  };
  const kindOf = (name: string): string | null =>
    file.dialect ? "template" : name === "" && configuresUse(path) ? "config" : null;
  const drafts = file.modules.map((module, head) => ({
    name: kindOf(module.name) === null ? module.name : path,
    head,
    keyword: kindOf(module.name) ?? module.keyword,
    path,
    fileClass,
    uses: [] as ModuleFacts["uses"],
    behaviours: [] as readonly string[],
    imports: [] as string[],
    useForms: [] as UseForm[],
    bringingForms: [] as BringingForm[],
    clauses: [] as ClauseOfModule[],
    byName: new Map<string, ClauseOfModule[]>(),
    byCalled: NO_CALLS,
    schema: null as ModuleFacts["schema"],
    attributes: new Map<string, Shape>(),
    callbacks: [] as string[],
    embeds: [] as string[],
    mentions: [] as readonly string[],
    tested: NO_TESTS as TestFacts[],
    configured: NO_SETTINGS,
  }));
  const envs: Env[] = [];
  file.forms.forEach((form, index) => {
    const draft = drafts[form.module];
    if (!draft) return;
    envs[form.module] = form.envAfter ?? form.env;
    if (!form.result) return;
    const { clause, schema, attribute, use, callback, brings, tested, embeds, configured } = form.result.facts;
    if (clause) {
      const placed = place(clause, index);
      draft.clauses.push(placed);
      const named = draft.byName.get(placed.name);
      if (named) named.push(placed);
      else draft.byName.set(placed.name, [placed]);
    }
    if (configured.length > 0 && draft.keyword === "config") draft.configured = [...draft.configured, ...configured];
    if (tested) draft.tested = draft.tested === NO_TESTS ? [tested] : [...draft.tested, tested];
    if (use) draft.useForms.push({ ...use, form: index });
    if (brings) draft.bringingForms.push({ ...brings, form: index });
    if (schema) draft.schema = { ...schema, form: index };
    if (callback) draft.callbacks.push(callback);
    if (embeds !== null) draft.embeds.push(embeds);
    if (attribute) draft.attributes.set(attribute.name, attribute.value);
  });
  drafts.forEach((draft, i) => {
    draft.mentions = mentionsOf(file, i);
    draft.byCalled = byModuleCalled(draft.clauses);
    const env = envs[i];
    if (!env) return;
    draft.uses = env.uses;
    draft.behaviours = env.behaviours;
    draft.imports = env.imports.map((entry) => entry.module);
  });
  // Most templates call nothing that matters.
  return drafts.filter(({ keyword, clauses, configured, name }) =>
    keyword === "template" ? clauses.length > 0 : keyword === "config" ? configured.length > 0 : name !== "",
  );
}

/** What the forms of one of the file's modules mention, each once. */
export function mentionsOf({ forms }: FileForms<FormRecord>, module: number): readonly string[] {
  const names = new Set<string>();
  for (const form of forms)
    if (form.module === module) for (const name of form.result?.facts.mentions ?? []) names.add(name);
  return names.size > 0 ? [...names] : NO_NAMES;
}

const NO_NAMES: readonly string[] = [];
const NO_CALLS: ModuleFacts["byCalled"] = new Map();

function byModuleCalled(clauses: readonly ClauseOfModule[]): ModuleFacts["byCalled"] {
  const out = new Map<string, ClauseOfModule[]>();
  for (const clause of clauses) {
    for (const { module } of clause.calls) {
      if (module === null) continue;
      const calling = out.get(module);
      if (!calling) out.set(module, [clause]);
      else if (calling.at(-1) !== clause) calling.push(clause);
    }
  }
  return out.size > 0 ? out : NO_CALLS;
}

/**
 * The clause with its place. Forms of the same text share what was read of them; here each gets calls of its own, by
 * whose identity views know them.
 */
function placeApart(
  clause: ClauseFacts,
  form: number,
  before: ClauseOfModule | undefined,
  taken: ReadonlySet<ClauseFacts["calls"]>,
): ClauseOfModule {
  const same = before && !taken.has(before.calls) ? before : undefined;
  if (same?.calls === clause.calls) return same;
  const now = { ...clause, form };
  if (same && JSON.stringify(same) === JSON.stringify(now)) return same;
  return taken.has(clause.calls) ? structuredClone(now) : now;
}
