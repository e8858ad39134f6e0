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
  /** Inside a closure that the call with that index in the clause's calls gets as that argument: when it calls it. */
  | { readonly handedTo: number; readonly argument: number };

/**
 * What a value depends on: bit 0 is what the loops around iterate over, bit 1 the first parameter of the function, bit 2
 * the second, and so on; bit 29 stands for all parameters from there.
 */
export type Flow = number;

export interface CallFact {
  readonly at: Ordinal;
  /** The resolved module, or null for a local function and for what an unknown import may bring. */
  readonly module: string | null;
  readonly name: string;
  readonly arity: number;
  readonly args: readonly Shape[];
  /**
   * What the module is read from where it is not written out: `@client.get(…)`, `client().get(…)`,
   * `Application.get_env(:shop, :client).get(…)`. Null for all other calls.
   */
  readonly target: Shape | null;
  readonly runs: Runs;
  /** Index of the innermost loop around it in the clause's loops, or -1. */
  readonly loop: number;
  /** By argument, what it depends on; empty where none depends on anything. */
  readonly flows: readonly Flow[];
  /** True when `connected?(socket)` was asked before. */
  readonly connected: boolean;
  /** True when a cache was asked first: only what it does not hold comes here. */
  readonly cached: boolean;
  /** True for `&fun/1`, which another function will call. */
  readonly captured: boolean;
  /** True inside `~H` and in template files. */
  readonly template: boolean;
  /** True when what it returns decides what happens next: `case f() do`, `with {:ok, x} <- f()`, `if f()`. */
  readonly decides: boolean;
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
  /** Nobody looks at what its turns evaluate to. */
  readonly discarded: boolean;
}

/** How a callback uses its state: not at all, only to hand it back, or really. */
export type StateUse = "ignored" | "returned" | "used";

export interface CallbackFact {
  readonly state: StateUse;
  /** What the clause evaluates to, one shape for each way out. */
  readonly returns: readonly Shape[];
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
  /** Indices of the parameters that it calls, or gives to a function that does: `def each(fun), do: Enum.each(all(), fun)`. */
  readonly invokes: readonly number[];
  readonly callback: CallbackFact | null;
  readonly migration: readonly MigrationOperation[];
  readonly quoted: QuotedFacts | null;
}

/** What a `quote do … end` in a function would put into the module that uses it. */
export interface QuotedFacts {
  readonly uses: readonly Use[];
  readonly imports: readonly ImportedModule[];
  readonly aliases: readonly (readonly [string, string])[];
  /** Local functions spliced in by `unquote(helpers())`. */
  readonly spliced: readonly string[];
  /** The functions that it would define. */
  readonly clauses: readonly ClauseFacts[];
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
  /** The `name/arity` that a `@callback` declares. */
  readonly callback: string | null;
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
  /** The callbacks that it declares, as `name/arity`. */
  readonly callbacks: readonly string[];
}

/** A place of the project: which form of which file, and which of its anchors. */
export interface Anchor {
  readonly path: string;
  readonly form: number;
  readonly at: Ordinal;
}
