import type { FileClass } from "../base/file-class.ts";
import type { ImportedModule, Use } from "../base/use.ts";
import type { BranchFact, CallFact, LoopFact, Ordinal, QuotedValue, ReceiveFact, Reference } from "./call-facts.ts";
import type {
  ConditionFact,
  ConstraintFact,
  FragmentFact,
  JoinPreloadFact,
  ListQuestionFact,
  LoadFact,
  MigrationOperation,
  QueryFact,
  QueryShape,
  SchemaFacts,
  TransactionRun,
} from "./data-facts.ts";
import type { ListSource } from "./list-sources.ts";
import type { AssignFacts, PayloadFact, RowsFact, TemplateFacts, UntrackedChange } from "./live-facts.ts";
import type { OptionRead } from "./options.ts";
import type {
  AgentChange,
  CallbackFact,
  EntryFacts,
  NameUse,
  StartedProcess,
  StateFacts,
  SupervisionFacts,
} from "./process-facts.ts";
import type { Shape } from "./shape.ts";

export type * from "./call-facts.ts";
export type * from "./data-facts.ts";
export type * from "./live-facts.ts";
export type * from "./process-facts.ts";

/** One clause of a function or macro, or a template file. */
export interface ClauseFacts {
  /** Null until `file.ts` gives it a place: see `ClauseOfModule`. V8 copies an object that gets a property more thirty times slower. */
  readonly form: number | null;
  /** `def`, `defp`, `defmacro`, … or `template`. */
  readonly keyword: string;
  readonly name: string;
  /** With every default argument given. */
  readonly arity: number;
  /** How many of the arguments have defaults. */
  readonly defaults: number;
  readonly at: Ordinal;
  readonly params: readonly Shape[];
  /** By parameter, the default of those that have one; empty where `defaults` is 0. */
  readonly defaultValues: readonly (Shape | null)[];
  readonly guarded: boolean;
  readonly calls: readonly CallFact[];
  readonly loops: readonly LoopFact[];
  /** Which call gives the list that a variable holds: see `list-sources.ts`. */
  readonly lists: readonly ListSource[];
  /** What its queries are limited to, and `Enum.take/2` cuts to: numbers and variables. */
  readonly limits: readonly Shape[];
  /** Variables that hold an option, each with the call that reads it: `preload = Keyword.get(options, :preload, false)`. */
  readonly options: readonly OptionRead[];
  /** Indices of the parameters that it calls, or gives to a function that does: `def each(fun), do: Enum.each(all(), fun)`. */
  readonly invokes: readonly number[];
  /** It calls what only running shows, and `calls` does not have: `fun.()`, `handler.run(order)`. */
  readonly opaque: boolean;
  /** What makes new values, each time others, that its calls are given: `System.unique_integer/1`; null where nothing does. */
  readonly anew: string | null;
  readonly branches: readonly BranchFact[];
  readonly references: readonly Reference[];
  readonly callback: CallbackFact | null;
  /** Of functions in the module of a GenServer that get its state; null for all others. */
  readonly state: StateFacts | null;
  /** Of functions in the module of a process with a state; null for all others. */
  readonly entries: EntryFacts | null;
  /** The processes that it starts and knows by their pid. */
  readonly started: readonly StartedProcess[];
  readonly agentChanges: readonly AgentChange[];
  readonly migration: readonly MigrationOperation[];
  readonly quoted: QuotedFacts | null;
  readonly constraints: readonly ConstraintFact[];
  readonly queries: readonly QueryFact[];
  readonly loads: readonly LoadFact[];
  readonly listQuestions: readonly ListQuestionFact[];
  /** What the function gives where that is a query; null for all others. */
  readonly gives: QueryShape | null;
  /** Of a function that orders or limits any query that it is given, what it says: see `composed-query.ts`. */
  readonly composes: string | null;
  readonly conditions: readonly ConditionFact[];
  readonly joinPreloads: readonly JoinPreloadFact[];
  /** The associations that it preloads, `orders`, and those below them, `orders.items`: see `preloads.ts`. */
  readonly preloads: readonly string[];
  readonly fragments: readonly FragmentFact[];
  readonly transactionRuns: readonly TransactionRun[];
  readonly supervision: SupervisionFacts | null;
  readonly nameUses: readonly NameUse[];
  /** The names under which it starts GenServers; of one that its caller may choose, the default: see `start-names.ts`. */
  readonly startNames: readonly Shape[];
  readonly quotedValues: readonly QuotedValue[];
  readonly receives: readonly ReceiveFact[];
  /** Of functions of a `mix.exs`. */
  readonly packages: PackagesFact | null;
  /** Null where it has nothing to do with assigns. */
  readonly assigns: AssignFacts | null;
  /** Null where its value is no call's rows, and no query in it is bounded. */
  readonly rows: RowsFact | null;
  /** Of those that have to do with templates. */
  readonly template: TemplateFacts | null;
  readonly payloads: readonly PayloadFact[];
  readonly untracked: readonly UntrackedChange[];
  /** Of `handle_info`: it does something only where what the message brings equals something of the assigns or the state. */
  readonly filters: Ordinal | null;
}

/** The packages that a function of a `mix.exs` lists as dependencies, and how databases are made. */
export interface PackagesFact {
  readonly names: readonly string[];
  /** New databases are made from a dump of the structure, not by running all migrations. */
  readonly structure: boolean;
  /** Hex would not take it: an umbrella, or what needs packages out of repositories. */
  readonly unpublishable: boolean;
  /** The list, where it is written out as one of packages only. */
  readonly list: Ordinal | null;
}

/** A setting of an application in a file of its configuration. */
export interface ConfiguredFact {
  /** The application and the key: `:shop :api`. */
  readonly name: string;
  /** Null where it is no module that is written out. */
  readonly module: string | null;
}

/** A message that a test sends, or hands to a callback that it calls itself. */
export interface TestMessage {
  readonly kind: "call" | "cast" | "info";
  readonly message: Shape;
}

/** What a form of a test file does to the project's code; without places, and each thing once. */
export interface TestFacts {
  /** `Module.function/arity`; without the module where an import may bring the function. */
  readonly calls: readonly string[];
  readonly messages: readonly TestMessage[];
  /** Modules that it has as values. */
  readonly mentions: readonly string[];
  /** The reasons of the `{:error, reason}` in it; `_` for any. */
  readonly errors: readonly string[];
}

/** What a `quote do … end` in a function would put into the module that uses it. */
export interface QuotedFacts {
  readonly uses: readonly Use[];
  readonly imports: readonly ImportedModule[];
  readonly aliases: readonly (readonly [string, string])[];
  /** Functions and macros of the same module spliced in by `unquote(helpers())`, or by `ShopWeb.helpers()`. */
  readonly spliced: readonly string[];
  /** The functions that it would define. */
  readonly clauses: readonly ClauseFacts[];
  /** `apply(__MODULE__, which, [])`: the argument of `use` names the function that has the quote. */
  readonly dispatches: boolean;
  /** It would write tests. */
  readonly tests: boolean;
}

/** What one form says. */
export interface FormFacts {
  readonly clause: ClauseFacts | null;
  readonly schema: SchemaFacts | null;
  readonly use: Omit<UseForm, "form"> | null;
  readonly brings: Omit<BringingForm, "form"> | null;
  readonly attribute: { readonly name: string; readonly value: Shape; readonly at: Ordinal } | null;
  /** The `name/arity` that a `@callback` declares. */
  readonly callback: string | null;
  /** The pattern of an `embed_templates "pages/*"`. */
  readonly embeds: string | null;
  /** Modules that it has as values, and not only to address a process or, in a function, to call them. */
  readonly mentions: readonly string[];
  /** Of forms of test files. */
  readonly tested: TestFacts | null;
  /** Of forms of scripts that stand in no module. */
  readonly configured: readonly ConfiguredFact[];
}

/** A form's facts with its place in the file: `form` is its index, by which its anchors are found. */
export interface ClauseOfModule extends ClauseFacts {
  readonly form: number;
}

/** A `use` as the module writes it; what it brings in is in the module's `uses`. */
export interface UseForm {
  readonly use: Use;
  /** The options when they are a keyword list; null where there are none, or they are computed. */
  readonly options: Shape | null;
  /** False where there may be options that are not known. */
  readonly plain: boolean;
  readonly form: number;
  readonly at: Ordinal;
}

/** An `import` or `require` in a module's body: what it names must be compiled before. */
export interface BringingForm {
  readonly modules: readonly string[];
  readonly form: number;
  readonly at: Ordinal;
}

/** What a module says, its forms' facts by kind. */
export interface ModuleFacts {
  readonly name: string;
  /** Which module of its file it is: by it, `headOf` makes the anchor of the name after `defmodule`. */
  readonly head: Ordinal;
  /** `defmodule`, `defprotocol`, `defimpl`; `template` for a template file, `config` for one of the configuration. */
  readonly keyword: string;
  readonly path: string;
  /** What its file is for. */
  readonly fileClass: FileClass;
  /** Everything that it uses, what its own project's macros use included. */
  readonly uses: readonly Use[];
  readonly behaviours: readonly string[];
  readonly imports: readonly string[];
  /** The `use` forms in its own source, with their places. */
  readonly useForms: readonly UseForm[];
  /** The `import` and `require` forms in its own source, with their places. */
  readonly bringingForms: readonly BringingForm[];
  readonly clauses: readonly ClauseOfModule[];
  /** The same clauses by the name of their function. */
  readonly byName: ReadonlyMap<string, readonly ClauseOfModule[]>;
  /** Those that call functions of another module, by its name. */
  readonly byCalled: ReadonlyMap<string, readonly ClauseOfModule[]>;
  readonly schema: (SchemaFacts & { readonly form: number }) | null;
  readonly attributes: ReadonlyMap<string, Shape>;
  /** The callbacks that it declares, as `name/arity`. */
  readonly callbacks: readonly string[];
  /** The patterns of its `embed_templates`. */
  readonly embeds: readonly string[];
  /** Modules that its forms have as values, itself among them. */
  readonly mentions: readonly string[];
  /** By form of a test file that does something to the project's code. */
  readonly tested: readonly TestFacts[];
  /** What a file of the configuration sets; empty for all others. */
  readonly configured: readonly ConfiguredFact[];
}

/** A place of the project: which form of which file, and which of its anchors. */
export interface Anchor {
  readonly path: string;
  /** `HEADS` when `at` is the `head` of a module. */
  readonly form: number;
  readonly at: Ordinal;
}

/** Stands in the place of a form for anchors that are the names of modules. */
export const HEADS = -1;

/** The place of a module's name in its `defmodule`. */
export function headOf(module: ModuleFacts): Anchor {
  return { path: module.path, form: HEADS, at: module.head };
}

/** True for what `use Ecto.Migration` makes a migration. */
export function isMigration({ uses }: ModuleFacts): boolean {
  return uses.some((use) => use.module === "Ecto.Migration");
}
