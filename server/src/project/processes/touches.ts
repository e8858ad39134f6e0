import type { ClauseOfModule, ModuleFacts, TestMessage } from "../../facts/facts.ts";
import { isOpen } from "../../facts/shape.ts";
import { isTest } from "../calls/call-graph.ts";
import { quotingClauses } from "../calls/injected.ts";
import type { Facts, View } from "../project.ts";

/** What the project's tests do to its code, and to which modules a test module does it. */
export interface Touches {
  /** False where the project has no tests. */
  readonly any: boolean;
  /** `Module.function/arity` that a test calls, by itself or by an import. */
  readonly calls: ReadonlySet<string>;
  /** Modules that a test calls, has as values, or is named after. */
  readonly modules: ReadonlySet<string>;
  /** Modules whose documentation is run. */
  readonly doctests: ReadonlySet<string>;
  /** Modules that a macro of the project writes tests for: whatever functions these have. */
  readonly examples: ReadonlySet<string>;
  /** The messages that tests send, those left out of which nothing is known. */
  readonly messages: readonly TestMessage[];
  /** The reasons of errors that any test expects. */
  readonly errors: ReadonlySet<string>;
  /** True when tests make requests to an endpoint, or drive pages: what runs then, routes and templates decide. */
  readonly dispatches: boolean;
  /** The tests of a module: those that call it, name it or are named after it. */
  of(module: string): readonly TestsOfModule[];
  /** Where a file of tests stands, or a module of that name is. */
  readonly paths: ReadonlySet<string>;
}

export interface TestsOfModule {
  readonly errors: ReadonlySet<string>;
  readonly calls: ReadonlySet<string>;
  /** True when they send something computed. */
  readonly sendsAnything: boolean;
}

/** Everything that tests touch. Recomputed when the tests change; the rest of the project is not read. */
export const touches: View<Touches> = {
  name: "touches",
  slices: ["tests", "uses", "quoted"],
  compute(facts) {
    const calls = new Set<string>();
    const modules = new Set<string>();
    const doctests = new Set<string>();
    const examples = new Set<string>();
    const messages = new Map<string, TestMessage>();
    const byModule = new Map<string, TestsOfModule[]>();
    const errors = new Set<string>();
    const paths = new Set<string>();
    let any = false;
    let dispatches = false;
    for (const module of facts.where(isTest)) {
      const own = facts.once(touchedBy, module);
      if (own.isTest) any = true;
      if (module.uses.some((use) => DISPATCHES.test(use.module))) dispatches = true;
      paths.add(module.path);
      for (const call of own.calls) calls.add(call);
      for (const call of broughtIn(module, facts)) calls.add(call);
      for (const name of examplesOf(module, facts)) examples.add(name);
      for (const error of own.errors) errors.add(error);
      for (const name of own.doctests) doctests.add(name);
      for (const [key, message] of own.messages) messages.set(key, message);
      for (const name of own.modules) {
        modules.add(name);
        const known = byModule.get(name);
        if (known) known.push(own);
        else byModule.set(name, [own]);
      }
    }
    return {
      any,
      calls,
      modules,
      doctests,
      examples,
      messages: [...messages.values()],
      errors,
      dispatches,
      of: (name) => byModule.get(name) ?? NONE,
      paths,
    };
  },
};

const DISPATCHES =
  /(?:Conn|Channel|Feature|Live|LiveView|Integration|Browser|Socket)(?:Case|Test)$|^Wallaby|^PhoenixTest/;
const NONE: readonly TestsOfModule[] = [];

interface Touched extends TestsOfModule {
  readonly isTest: boolean;
  readonly modules: ReadonlySet<string>;
  readonly doctests: readonly string[];
  readonly messages: ReadonlyMap<string, TestMessage>;
}

function touchedBy(module: ModuleFacts): Touched {
  const calls = new Set<string>();
  const errors = new Set<string>();
  const messages = new Map<string, TestMessage>();
  const modules = new Set([module.name.replace(/(?:Integration|Unit)?Test$/, "")]);
  const doctests: string[] = [];
  for (const tested of module.tested) {
    for (const call of tested.calls) {
      const owner = ownerOf(call);
      if (owner !== "") modules.add(owner);
      if (owner !== "") calls.add(call);
      else for (const name of module.imports) calls.add(`${name}.${call}`);
      if (/^doctest\/\d$/.test(call)) doctests.push(...tested.mentions);
    }
    for (const name of tested.mentions) modules.add(name);
    for (const error of tested.errors) errors.add(error);
    for (const message of tested.messages) messages.set(JSON.stringify(message), message);
  }
  const sendsAnything = [...messages.values()].some(({ message }) => isOpen(message));
  for (const [key, { message }] of messages) if (isOpen(message)) messages.delete(key);
  return { isTest: /_test\.exs$/.test(module.path), calls, errors, messages, modules, doctests, sendsAnything };
}

/** What functions call that `use` of a module of the project defines in a module of the tests, which is there to be tried. */
function broughtIn(module: ModuleFacts, facts: Facts): string[] {
  const macros = module.uses.flatMap((use) =>
    facts.named(use.module).flatMap((owner) => quotingClauses(owner, use.argument)),
  );
  const calls = macros.flatMap(({ quoted }) => quoted?.clauses.flatMap((clause) => clause.calls) ?? []);
  return calls.flatMap((call) => (call.module === null ? [] : [`${call.module}.${call.name}/${call.arity}`]));
}

/** The modules that a test module gives to a macro of the project that writes tests: `use Shop.ExampleTests, for: Shop.Example`. */
function examplesOf({ useForms }: ModuleFacts, facts: Facts): string[] {
  return useForms.flatMap(({ use, options }) => {
    const given = options?.kind === "keyword" ? options.entries : [];
    const names = given.flatMap(([, value]) => (value.kind === "module" ? [value.value] : []));
    const writes = ({ quoted }: ClauseOfModule): boolean => quoted?.tests === true;
    const isWriter = (owner: ModuleFacts): boolean => quotingClauses(owner, use.argument).some(writes);
    return names.length > 0 && facts.named(use.module).some(isWriter) ? names : [];
  });
}

/** The module of `Module.function/arity`. */
function ownerOf(call: string): string {
  const end = call.lastIndexOf("/");
  return call.slice(0, Math.max(0, call.lastIndexOf(".", end)));
}
