import type { Range } from "../base/range.ts";
import type { Binary, Call, Def, Node, Template } from "../syntax/ast.ts";
import { namedModules, uses } from "../syntax/env.ts";
import type { FormSyntax } from "../syntax/form-syntax.ts";
import { isTestBody } from "../syntax/form-text.ts";
import { callsIn } from "../syntax/visit.ts";
import { agentChangesOf } from "./agent-changes.ts";
import { Anchors } from "./anchors.ts";
import { assignsOf } from "./assigns.ts";
import { callbackOf } from "./callback.ts";
import { CallCollector } from "./calls.ts";
import { configuredIn } from "./configured.ts";
import { constraintsOf } from "./constraint.ts";
import { entriesOf } from "./entries.ts";
import type { ClauseFacts, FormFacts, NameUse } from "./facts.ts";
import { fragmentsOf } from "./fragments.ts";
import { limitsIn } from "./limits.ts";
import { listQuestionsOf } from "./list-questions.ts";
import { loadsOf } from "./loads.ts";
import { filterOf } from "./message-filter.ts";
import { operationsOf } from "./migration.ts";
import { optionsIn } from "./options.ts";
import { packagesOf } from "./packages.ts";
import { payloadsOf } from "./payloads.ts";
import { preloadsOf } from "./preloads.ts";
import { mentionedModules, namesOf } from "./process-names.ts";
import { queriesOf } from "./query.ts";
import { queryFactsOf } from "./query-facts.ts";
import { quotedOf } from "./quoted.ts";
import { quotedValuesIn } from "./quoted-values.ts";
import { referencesOf } from "./references.ts";
import { rowsOf } from "./rows.ts";
import { schemaOf } from "./schema.ts";
import { type Shape, shapeOf } from "./shape.ts";
import { startNamesOf } from "./start-names.ts";
import { startedIn } from "./started-processes.ts";
import { stateOf } from "./state.ts";
import { supervisionOf } from "./supervision.ts";
import { templateFactsOf } from "./template.ts";
import { testedIn } from "./tested.ts";
import { transactionRunsOf } from "./transaction-runs.ts";
import { untrackedOf } from "./untracked.ts";

const NONE: FormFacts = {
  clause: null,
  schema: null,
  use: null,
  attribute: null,
  callback: null,
  embeds: null,
  brings: null,
  mentions: [],
  tested: null,
  configured: [],
};

const NO_CALLS: readonly Call[] = [];

/** The facts of one form and the ranges that they refer to, relative to the form. A pure function of the form. */
export function factsOf(form: FormSyntax): { facts: FormFacts; anchors: readonly Range[] } {
  const anchors = new Anchors();
  return { facts: read(form, anchors), anchors: anchors.ranges };
}

function read(form: FormSyntax, anchors: Anchors): FormFacts {
  const { ast, env } = form;
  if (env.fileClass !== "test" || ast.type === "unknown") return say(form, anchors);
  const tested = testedIn(ast, env);
  // Of the body of a test, no other rule knows what to make.
  if (ast.type === "call" && isTestBody(form.text)) return tested ? { ...NONE, tested } : NONE;
  return { ...say(form, anchors), tested };
}

function say(form: FormSyntax, anchors: Anchors): FormFacts {
  const { ast, env } = form;
  if (ast.type === "def") {
    if (ast.name === null) return NONE;
    const names = namesOf(ast, anchors);
    return { ...NONE, clause: clauseOf(ast, ast.name, form, anchors, names.uses), mentions: names.mentions };
  }
  if (ast.type === "template") return { ...NONE, clause: templateOf(ast, form, anchors) };
  if (ast.type === "attribute-set") {
    if (!ast.value) return NONE;
    if (ast.name === "callback") return { ...NONE, callback: signatureOf(ast.value) };
    const value = ast.name === "moduledoc" ? beginningOf(ast.value) : shapeOf(ast.value, 2);
    return { ...NONE, attribute: { name: ast.name, value, at: anchors.add(ast) } };
  }
  if (ast.type !== "call") return NONE;
  if (ast.module === null && ast.name === "use") {
    const [module] = namedModules(ast);
    const argument = ast.args[1];
    if (module === undefined) return NONE;
    const use = { module, argument: argument?.type === "atom" ? argument.value : null };
    const options = argument ? shapeOf(argument, 1) : null;
    const known = options?.kind === "keyword" ? options : null;
    const form = { use, options: known, plain: !argument || known !== null, at: anchors.add(ast) };
    return { ...NONE, use: form, mentions: mentionedModules(ast) };
  }
  if (ast.module === null && (ast.name === "import" || ast.name === "require")) {
    const modules = namedModules(ast);
    return modules.length > 0 ? { ...NONE, brings: { modules, at: anchors.add(ast) } } : NONE;
  }
  if (ast.name === "embed_templates") {
    const [pattern] = ast.args;
    return pattern?.type === "string" ? { ...NONE, embeds: pattern.value } : NONE;
  }
  if (env.module === "") {
    const configured = env.fileClass === "script" ? configuredIn(ast) : NONE.configured;
    return configured.length > 0 ? { ...NONE, configured } : NONE;
  }
  const schema = schemaOf(ast, env, anchors);
  const mentions = mentionedModules(ast);
  return schema || mentions.length > 0 ? { ...NONE, schema, mentions } : NONE;
}

function clauseOf(
  def: Def,
  name: string,
  form: FormSyntax,
  anchors: Anchors,
  nameUses: readonly NameUse[],
): ClauseFacts {
  const at = anchors.add({ start: def.nameStart, end: def.nameStart + name.length });
  const collector = new CallCollector(anchors);
  collector.clause(def);
  const { calls, loops, branches, receives } = collector.record;
  const written = def.body ? callsIn(def.body) : NO_CALLS;
  const { gives, composes, conditions, joinPreloads } = queryFactsOf(def, written, form.text, anchors);
  return {
    form: null,
    keyword: def.keyword,
    name,
    arity: def.params.length,
    defaults: def.params.filter(hasDefault).length,
    at,
    params: def.params.map((param) => shapeOf(param)),
    defaultValues: defaultsOf(def),
    guarded: def.guard !== null,
    calls,
    loops,
    lists: collector.lists,
    limits: limitsIn(written),
    options: optionsIn(written),
    invokes: collector.invokes,
    opaque: collector.opaque,
    anew: collector.anew,
    branches,
    references: referencesOf(def, form.env.module, anchors),
    callback: callbackOf(def, anchors),
    state: uses(form.env, "GenServer") ? stateOf(def, anchors) : null,
    entries: entriesOf(def, written, form.env, anchors),
    started: startedIn(def, written, anchors),
    agentChanges: agentChangesOf(def, written, anchors),
    migration: uses(form.env, "Ecto.Migration") ? operationsOf(def, form.env.module, anchors) : [],
    quoted: quotedOf(def, written, form.env.module, (inner, innerName) =>
      clauseOf(inner, innerName, form, anchors, []),
    ),
    constraints: constraintsOf(def, written, anchors),
    queries: queriesOf(written, anchors),
    loads: loadsOf(def, written, calls, anchors),
    listQuestions: listQuestionsOf(def, written, form.text, calls, anchors),
    gives,
    composes,
    conditions,
    joinPreloads,
    preloads: preloadsOf(written),
    fragments: fragmentsOf(written, anchors),
    transactionRuns: transactionRunsOf(written, anchors),
    supervision: supervisionOf(def, written, form.env, anchors),
    nameUses,
    startNames: startNamesOf(def, written),
    quotedValues: quotedValuesIn(def, calls, anchors.ranges, form.text),
    receives,
    packages: uses(form.env, "Mix.Project") ? packagesOf(def, anchors) : null,
    assigns: assignsOf(form, def, anchors, calls),
    rows: rowsOf(def, form.text, calls, anchors.ranges),
    template: templateFactsOf(def, form, anchors),
    payloads: payloadsOf(def, written, form.env, calls, anchors),
    untracked: untrackedOf(def, form, anchors),
    filters: filterOf(def, anchors),
  };
}

/** A template file as a function that renders it. */
function templateOf(template: Template, form: FormSyntax, anchors: Anchors): ClauseFacts | null {
  const at = anchors.add({ start: template.start, end: template.start });
  const collector = new CallCollector(anchors);
  collector.form(template);
  const { calls, loops, branches } = collector.record;
  const assigns = assignsOf(form, template, anchors, calls);
  const markup = templateFactsOf(template, form, anchors);
  const says =
    markup &&
    [markup.wholes, markup.variables, markup.events, markup.inputs, markup.unkeyed].some(({ length }) => length > 0);
  if (calls.length === 0 && !assigns && !says) return null;
  return {
    form: null,
    keyword: "template",
    name: "render",
    arity: 0,
    defaults: 0,
    at,
    params: [],
    defaultValues: [],
    guarded: false,
    calls,
    loops,
    lists: [],
    limits: [],
    options: [],
    invokes: [],
    opaque: false,
    anew: null,
    branches,
    references: [],
    callback: null,
    state: null,
    entries: null,
    started: [],
    agentChanges: [],
    migration: [],
    quoted: null,
    constraints: [],
    queries: [],
    loads: [],
    listQuestions: [],
    gives: null,
    composes: null,
    conditions: [],
    joinPreloads: [],
    preloads: [],
    fragments: [],
    transactionRuns: [],
    supervision: null,
    nameUses: [],
    startNames: [],
    quotedValues: [],
    receives: [],
    packages: null,
    assigns,
    rows: null,
    template: markup,
    payloads: [],
    untracked: [],
    filters: null,
  };
}

function defaultsOf(def: Def): readonly (Shape | null)[] {
  if (!def.params.some(hasDefault)) return [];
  return def.params.map((param) => (hasDefault(param) ? shapeOf(param.right) : null));
}

function hasDefault(param: Node): param is Binary {
  return param.type === "binary" && param.operator === "\\\\";
}

const DOCUMENTATION_KEPT = 400;

/** The beginning of a documentation, where it says what the module is for: the whole would be much to keep. */
function beginningOf(documentation: Node): Shape {
  if (documentation.type !== "string" || documentation.value === null) return shapeOf(documentation, 0);
  return { kind: "string", value: documentation.value.slice(0, DOCUMENTATION_KEPT) };
}

/** `name/arity` of a `@callback name(type, …) :: type`. */
function signatureOf(specification: Node): string | null {
  if (specification.type === "binary") return signatureOf(specification.left);
  if (specification.type === "variable") return `${specification.name}/0`;
  return specification.type === "call" ? `${specification.name}/${specification.args.length}` : null;
}
