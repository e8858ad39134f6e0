import type { ImportedModule, Use } from "../base/use.ts";
import type { Shape } from "./shape.ts";

/**
 * What a file says, without positions. A place is an `Ordinal`: the index into the anchors of the form that says it;
 * the ranges stand in a side table that each parse replaces. So adding a line changes no fact.
 */
export type Ordinal = number;

/** How a call comes to run. */
export type Runs =
  /** When the function around it runs, at once. */
  | "inline"
  /** In another process, or later, or never: no effect of the function around it. */
  | "elsewhere"
  /** Inside a closure handed to the call with that index in the clause's calls: when that function calls it. */
  | { readonly handedTo: number };

export interface CallFact {
  readonly at: Ordinal;
  /** The resolved module, or null for a local function and for what an unknown import may bring. */
  readonly module: string | null;
  readonly name: string;
  readonly arity: number;
  readonly args: readonly Shape[];
  readonly runs: Runs;
  /** Index of the innermost loop around it in the clause's loops, or -1. */
  readonly loop: number;
  /** True when an argument depends on what the loops around it iterate over. */
  readonly element: boolean;
  /** True when an argument depends on a parameter of the function. */
  readonly parameter: boolean;
  /** True when `connected?(socket)` was asked before. */
  readonly connected: boolean;
  /** True for `&fun/1`, which another function will call. */
  readonly captured: boolean;
}

/** An iteration: `Enum.map`, `for`, or a function that calls itself with the tail of its list. */
export interface LoopFact {
  readonly at: Ordinal;
  /** As a person would name it: `Enum.map`, `for`, `recursion`. */
  readonly kind: string;
  readonly parent: number;
  /** Literal lists and short ranges: their size is known and small. */
  readonly fixed: boolean;
  /** The elements are batches (`Enum.chunk_every`). */
  readonly chunked: boolean;
  /** The variable iterated over when it is one, else what it was computed by. */
  readonly collection: Shape;
}

/** How a callback uses its state: not at all, only to hand it back, or really. */
export type StateUse = "ignored" | "returned" | "used";

export interface CallbackFact {
  readonly state: StateUse;
  /** What the clause evaluates to, one shape for each way out. */
  readonly returns: readonly Shape[];
  /** Of `init` and `handle_continue`: the calls (`Module.name`) whose values go into the state, and what they are called there. */
  readonly keeps: readonly { readonly call: string; readonly as: string }[];
}

/** A name that a client function addresses a process by: of `Task.Supervisor.async(Shop.Tasks, …)` the first argument. */
export interface NameUse {
  readonly at: Ordinal;
  /** The module whose process it is: `Task.Supervisor`, `Registry`, `Phoenix.PubSub`… */
  readonly kind: string;
  readonly name: string;
}

/** A child in a supervisor's list. */
export interface ChildFact {
  readonly kind: "child";
  readonly at: Ordinal;
  /** The module whose specification it is. */
  readonly module: string;
  /** What it is started with; `any` where nothing is given. */
  readonly arg: Shape;
  readonly id: Shape | null;
  readonly restart: string | null;
  /** The conditions under which it is there, `choice.way` each; two ways of one choice exclude each other. */
  readonly branch: readonly string[];
}

/** A part of a list of children; a function of the module gives more of them, or one. */
export type ChildrenPart =
  | ChildFact
  | {
      readonly kind: "function";
      readonly name: string;
      readonly args: readonly Shape[];
      readonly branch: readonly string[];
    }
  | { readonly kind: "unknown"; readonly branch: readonly string[] };

export interface SupervisorFact {
  readonly at: Ordinal;
  readonly strategy: string | null;
  readonly strategyAt: Ordinal | null;
  readonly maxRestarts: string | null;
  readonly children: readonly ChildrenPart[];
}

export interface SupervisionFacts {
  readonly supervisors: readonly SupervisorFact[];
  /** What a function of a supervisor's module evaluates to when that is a list of children. */
  readonly returns: readonly ChildrenPart[] | null;
}

/** One clause of a function or macro. */
export interface ClauseFacts {
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
  readonly callback: CallbackFact | null;
  readonly migration: readonly MigrationOperation[];
  readonly quoted: QuotedFacts | null;
  readonly supervision: SupervisionFacts | null;
  readonly nameUses: readonly NameUse[];
}

/** What a `quote do … end` in a function would put into the module that uses it. */
export interface QuotedFacts {
  readonly uses: readonly Use[];
  readonly imports: readonly ImportedModule[];
  readonly aliases: readonly (readonly [string, string])[];
  /** Local functions spliced in by `unquote(helpers())`. */
  readonly spliced: readonly string[];
  /** Names of the functions that it would define. */
  readonly defines: readonly string[];
  /** `apply(__MODULE__, which, [])`: the argument of `use` names the function that has the quote. */
  readonly dispatches: boolean;
}

export interface ColumnFact {
  readonly name: string;
  readonly type: string;
  readonly at: Ordinal;
  /** The table that `references(…)` names. */
  readonly references: string | null;
  /** The constraint's name where `references(…, name: …)` gives one. */
  readonly constraint: string | null;
  readonly primaryKey: boolean;
  readonly action: "add" | "modify" | "remove";
}

/** A step of a migration; tables and columns by name, null where they are computed. */
export type MigrationOperation =
  | {
      readonly kind: "create-table" | "alter-table";
      readonly at: Ordinal;
      readonly table: string | null;
      readonly prefix: string | null;
      readonly columns: readonly ColumnFact[];
      /** False for `create table(…, primary_key: false)`. */
      readonly primaryKey: boolean;
    }
  | { readonly kind: "drop-table"; readonly at: Ordinal; readonly table: string | null; readonly prefix: string | null }
  | {
      readonly kind: "rename-table";
      readonly at: Ordinal;
      readonly table: string;
      readonly prefix: string | null;
      readonly to: string;
    }
  | {
      readonly kind: "drop-constraint";
      readonly at: Ordinal;
      readonly table: string;
      readonly prefix: string | null;
      readonly name: string;
    }
  | {
      readonly kind: "rename-column";
      readonly at: Ordinal;
      readonly table: string;
      readonly prefix: string | null;
      readonly column: string;
      readonly to: string;
    }
  | {
      readonly kind: "create-index" | "drop-index";
      readonly at: Ordinal;
      readonly table: string | null;
      readonly prefix: string | null;
      readonly columns: readonly (string | null)[];
      readonly name: string | null;
      readonly unique: boolean;
      readonly partial: boolean;
    }
  | { readonly kind: "execute"; readonly at: Ordinal; readonly sql: string | null };

export interface SchemaField {
  readonly name: string;
  readonly type: string;
  readonly at: Ordinal;
}

export interface Association {
  readonly kind: "belongs_to" | "has_many" | "has_one" | "many_to_many" | "embeds_one" | "embeds_many";
  readonly name: string;
  /** The other schema's module; null for `through:` and computed ones. */
  readonly related: string | null;
  readonly foreignKey: string | null;
  readonly at: Ordinal;
}

export interface SchemaFacts {
  readonly at: Ordinal;
  /** The table; null for an embedded schema. */
  readonly source: string | null;
  readonly fields: readonly SchemaField[];
  readonly associations: readonly Association[];
}

/** What one form says. */
export interface FormFacts {
  readonly clause: ClauseFacts | null;
  readonly schema: SchemaFacts | null;
  readonly use: { readonly use: Use; readonly at: Ordinal } | null;
  readonly attribute: { readonly name: string; readonly value: Shape; readonly at: Ordinal } | null;
  /** Modules that it has as values, and not only to call them or to address a process. */
  readonly mentions: readonly string[];
}

/** A form's facts with its place in the file: `form` is its index, by which its anchors are found. */
export interface ClauseOfModule extends ClauseFacts {
  readonly form: number;
}

/** A `use` as the module writes it; what it brings in is in the module's `uses`. */
export interface UseForm {
  readonly use: Use;
  readonly form: number;
  readonly at: Ordinal;
}

/** What a module says, its forms' facts by kind. */
export interface ModuleFacts {
  readonly name: string;
  readonly keyword: string;
  readonly path: string;
  /** Everything that it uses, what its own project's macros use included. */
  readonly uses: readonly Use[];
  readonly behaviours: readonly string[];
  readonly imports: readonly string[];
  /** The `use` forms in its own source, with their places. */
  readonly useForms: readonly UseForm[];
  readonly clauses: readonly ClauseOfModule[];
  /** The same clauses by the name of their function. */
  readonly byName: ReadonlyMap<string, readonly ClauseOfModule[]>;
  readonly schema: (SchemaFacts & { readonly form: number }) | null;
  readonly attributes: ReadonlyMap<string, Shape>;
  /** Modules that its forms have as values, itself among them. */
  readonly mentions: readonly string[];
}

/** A place of the project: which form of which file, and which of its anchors. */
export interface Anchor {
  readonly path: string;
  readonly form: number;
  readonly at: Ordinal;
}
