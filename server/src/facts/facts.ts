import type { FileClass } from "../base/file-class.ts";
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
 * What a value depends on: bit 0 is what the loops around iterate over, bits 1 to 13 the parameters of the function. Bits 15
 * to 27 say of the same parameters whether the value holds their data, as they are or in another form, and bit 28 whether
 * it holds what came from outside in the function itself. `flow-bits.ts` reads and writes them.
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
  /** True when a cache was asked first, or `assign_new`: only what it does not hold comes here. */
  readonly cached: boolean;
  /** True for `&fun/1`, which another function will call. */
  readonly captured: boolean;
  /** True inside `~H` and in template files. */
  readonly template: boolean;
  /**
   * What becomes of its value: `{:ok, x} = call` (asserted), `{:ok, x} <- call` or a `case` with such a clause (checked), any
   * other `case`, `if` or `<-` of it (asked), `{:ok, call}`, whatever it gave (assumed), thrown away, or anything else.
   */
  readonly outcome: "asserted" | "checked" | "asked" | "assumed" | "discarded" | "kept";
  /** Index of the innermost branch around it in the clause's branches, or -1. */
  readonly branch: number;
  /** The transaction in whose closure it stands, or null. */
  readonly transaction: TransactionFact | null;
  /** Indices of the calls whose successful results its arguments hold, directly or through variables. */
  readonly uses: readonly number[];
}

/** A call such as `Repo.transaction(fn …)` or `Ecto.Multi.run(multi, :step, fn …)`, whose closure runs in a transaction. */
export interface TransactionFact {
  readonly at: Ordinal;
  /** Null where it is called on a variable. */
  readonly module: string | null;
  readonly name: string;
}

/** One way through a `case`, `if`, `with … else` or `try … rescue`; of two ways through the same one only one is taken. */
export interface BranchFact {
  /** Index of the branch around the whole of it, or -1. */
  readonly parent: number;
  /** Which `case` or `if` of the clause it belongs to. */
  readonly of: number;
  /** Index of the call whose value a `case` chooses by; -1 where it is no call. */
  readonly on: number;
  /** Taken when something failed: `{:error, _} ->`, `:error ->`, the `else` of a `with`, a `rescue`. */
  readonly failure: boolean;
}

/** A module that a clause names other than by calling it. */
export interface Reference {
  readonly module: string;
  /** `%Mod{…}`, `%Mod{old | …}`, `%Mod{}` in a pattern, or the source of a query. */
  readonly as: "build" | "update" | "match" | "source";
  readonly at: Ordinal;
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
  /** Of `init` and `handle_continue`: the calls (`Module.name`) whose values go into the state, and what they are called there. */
  readonly keeps: readonly { readonly call: string; readonly as: string }[];
  /** Where `handle_call`, `handle_cast` and `handle_info` add the pid of a caller or of the message to a collection in the state. */
  readonly collects: readonly { readonly pid: string; readonly at: Ordinal }[];
  /** Every way out hands back the very state that the clause was given. */
  readonly unchanged: boolean;
  /** Of `handle_call`: it works on the request, and asks neither who sent it nor which process it is in. */
  readonly computes: boolean;
}

/**
 * What a clause of a GenServer's module does with the state. Fields are named by their path, `queue.items`; `""` is the
 * state as a whole, and `[]` stands for a computed key.
 */
export interface StateFacts {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Where something that a message brought is added to a collection in the state. */
  readonly grows: readonly { readonly at: Ordinal; readonly field: string }[];
  /** Collections from which something may be taken away, or which are replaced; `*` where it is not known which. */
  readonly shrinks: readonly string[];
  /** The clause only looks something up, or only puts or deletes something. */
  readonly access: "get" | "put" | null;
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
  /** An atom such as `brutal_kill`, or a number of milliseconds, where it is given one here; `?` for what is computed. */
  readonly shutdown: string | null;
  /** `worker` or `supervisor`, where it says so here. */
  readonly type: string | null;
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
  /** What a function of a supervisor's module, or `child_spec/1` of any, evaluates to when that is a list of children, or one. */
  readonly returns: readonly ChildrenPart[] | null;
}

/** One clause of a function or macro, or a template file. */
export interface ClauseFacts {
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
  /** Indices of the parameters that it calls, or gives to a function that does: `def each(fun), do: Enum.each(all(), fun)`. */
  readonly invokes: readonly number[];
  readonly branches: readonly BranchFact[];
  readonly references: readonly Reference[];
  readonly callback: CallbackFact | null;
  /** Of functions in the module of a GenServer that get its state; null for all others. */
  readonly state: StateFacts | null;
  readonly migration: readonly MigrationOperation[];
  readonly quoted: QuotedFacts | null;
  readonly constraints: readonly ConstraintFact[];
  readonly queries: readonly QueryFact[];
  readonly loads: readonly LoadFact[];
  /** What the function gives where that is a query; null for all others. */
  readonly gives: QueryShape | null;
  readonly conditions: readonly ConditionFact[];
  readonly joinPreloads: readonly JoinPreloadFact[];
  readonly fragments: readonly FragmentFact[];
  readonly transactionRuns: readonly TransactionRun[];
  readonly supervision: SupervisionFacts | null;
  readonly nameUses: readonly NameUse[];
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
  /** Of `handle_info`: it does something only where what the message brings equals something of the assigns or the state. */
  readonly filters: Ordinal | null;
}

/** Whose rows the value of a function is. */
export interface RowsFact {
  /** Indices of the calls whose lists it gives as they are, ordered, filtered or changed element by element. */
  readonly calls: readonly number[];
  /** The index of the parameter whose elements it gives so, or -1. */
  readonly parameter: number;
  /** It speaks of limits or pages, of a search, or of values that are told apart: how many rows there are is decided. */
  readonly bounded: boolean;
  /** It speaks of conditions: not the whole table. */
  readonly filtered: boolean;
  /** It puts the newest first, as one does with what comes in for ever. */
  readonly newestFirst: boolean;
}

/** What a function or a template does with the assigns of a socket, or of a component. */
export interface AssignFacts {
  readonly sets: readonly AssignSet[];
  readonly reads: readonly AssignRead[];
  /** The components in its markup. */
  readonly components: readonly ComponentUse[];
  /** Functions that get the socket or all assigns. */
  readonly handed: readonly Handed[];
  /** All assigns go where nobody knows what is read: `inspect(assigns)`, `assigns[key]`, markup that does not parse. */
  readonly escapes: boolean;
  /** It sets keys that are not written out: `assign(socket, key, value)`, `assign(socket, params)`. */
  readonly open: boolean;
}

export interface Handed {
  /** `Module.name/arity`, or `name/arity` of this module or an import. */
  readonly to: string;
  /** True for all assigns, which a function may go through; of a socket it reads what it knows the name of. */
  readonly all: boolean;
}

export interface AssignSet {
  /** The key. */
  readonly at: Ordinal;
  readonly key: string;
  readonly by: "assign" | "assign_new" | "update" | "async" | "stream" | "upload" | "temporary";
  /** True for `assign(assigns, …)`, as components do. */
  readonly inRender: boolean;
  readonly value: AssignValue;
}

/** What a key is set to. */
export interface AssignValue {
  /** `added` is what it held before with something more: `[message | socket.assigns.messages]`. */
  readonly kind: "empty" | "literal" | "form" | "changeset" | "count" | "added" | "other";
  /** Indices of the calls whose rows it holds, as in `RowsFact`. */
  readonly rows: readonly number[];
  /** The other keys of the socket that it is computed from by pure functions alone; null where there is anything else. */
  readonly from: readonly string[] | null;
}

export interface AssignRead {
  readonly at: Ordinal;
  readonly key: string;
  /** In markup, or in the function around it. */
  readonly template: boolean;
  /** Iterated over, asked whether it is there, passed on to a component as it is, or anything else. */
  readonly how: "loop" | "condition" | "passed" | "value";
  /** `assigns[:key]`: it need not be there. */
  readonly optional: boolean;
  /** It may stand under a condition. */
  readonly conditional: boolean;
  /** Of `@streams.parcels` and `@uploads.photo`, which one. */
  readonly part: string | null;
}

/** `<.card title={@title}>`, `<Shop.Card.item />`, `<.live_component module={Shop.Cart} id="cart" />` */
export interface ComponentUse {
  readonly at: Ordinal;
  /** The module where it is written out, its alias resolved. */
  readonly module: string | null;
  readonly name: string;
  /** The module of a LiveComponent. */
  readonly live: string | null;
  /** What attributes are given just an assign, as `[attribute, key]`. */
  readonly passes: readonly (readonly [string, string])[];
  /** All attributes that it is given by name. */
  readonly attributes: readonly string[];
  /** It is given attributes that are not written out: `{@rest}`, `{assigns}`. */
  readonly open: boolean;
}

/** Something large that is given to a function which, by its name, tells others of it. */
export interface PayloadFact {
  /** Index of the call among those of the clause. */
  readonly call: number;
  readonly argument: number;
  readonly at: Ordinal;
  readonly kind: "rows" | "preloaded" | "state" | "socket" | "conn" | "assigns" | "changeset";
  /** The variable; empty for anything else. */
  readonly name: string;
}

/** What the templates of a clause hand on, and what they send to the server. */
export interface TemplateFacts {
  /** True when one of its ways out is a template, or may well be one. */
  readonly renders: boolean;
  /** True when LiveView tracks its `assigns`: no controller renders it, and it did not make them itself. */
  readonly tracked: boolean;
  readonly wholes: readonly WholeAssigns[];
  readonly events: readonly EventFact[];
  readonly inputs: readonly InputFact[];
}

/** A place in a template that hands all assigns on. */
export interface WholeAssigns {
  readonly at: Ordinal;
  /** `<.card {assigns} />`, `<.card data={assigns} />`, `{Map.get(assigns, :name)}` */
  readonly how: "spread" | "attribute" | "call";
  /** The component or function, as it is written. */
  readonly to: string;
}

/** An event that an element of a template, or a `JS.push`, sends. */
export interface EventFact {
  readonly at: Ordinal;
  readonly name: string;
  /** Whom it is sent to: the LiveView, the component that has the template (`@myself`), or somebody else. */
  readonly target: "view" | "self" | "other";
  /** The attribute of the tag, such as `phx-click`; `push` for `JS.push`. */
  readonly by: string;
}

/** A field for text whose changes are sent at each keystroke. */
export interface InputFact {
  readonly at: Ordinal;
  /** Index of the event among those of the clause. */
  readonly event: number;
}

/** A call that runs SQL in whose text a variable stands between quotes. */
export interface QuotedValue {
  /** That of the call. */
  readonly at: Ordinal;
  /** The variable, as the source writes it. */
  readonly name: string;
}

/** A `receive` that runs when its function does, and waits or takes whatever there is. */
export interface ReceiveFact {
  readonly at: Ordinal;
  /** True when it takes only messages that carry a value known before (`^ref`). */
  readonly selective: boolean;
  /** True when a pattern takes whatever comes. */
  readonly open: boolean;
  /** True with an `after`. */
  readonly limited: boolean;
}

/** The packages that a function of a `mix.exs` lists as dependencies. */
export interface PackagesFact {
  readonly names: readonly string[];
  /** The list, where it is written out as one of packages only. */
  readonly list: Ordinal | null;
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

/** What a changeset function says of uniqueness in the database. */
export interface ConstraintFact {
  readonly kind: "unique_constraint" | "unsafe_validate_unique";
  readonly at: Ordinal;
  /** The schema that the changeset is of, where the source says it; null where it may be any, as a rule the module's own. */
  readonly schema: string | null;
  /** Null where they, or the options, are computed. */
  readonly fields: readonly string[] | null;
  /** Of the index, where `name:` gives it. */
  readonly name: string | null;
}

/** What a query asks of the columns of one schema or table. */
export interface QueryFact {
  readonly at: Ordinal;
  /** The module of the schema, or the table where `from` names one. */
  readonly source: { readonly schema: string } | { readonly table: string };
  /** Compared with `==` or `in`, or joined on. */
  readonly equal: readonly string[];
  /** Compared with `<`, `>` and their like. */
  readonly range: readonly string[];
  readonly order: readonly string[];
  /** Compared after a function made something else of them. */
  readonly wrapped: readonly WrappedColumn[];
}

/** A column in a condition that a function is put around: `fragment("lower(?)", u.email) == ^email`. */
export interface WrappedColumn {
  readonly at: Ordinal;
  readonly column: string;
  /** `lower(?)`, `?` being the column. */
  readonly expression: string;
}

/** A fragment of a query that Ecto has words for. */
export interface FragmentFact {
  readonly at: Ordinal;
  /** Index into `NATIVE_FORMS`. */
  readonly form: number;
  /** What stands for `<key>` and the like in the form; null where it has none. */
  readonly literals: Readonly<Record<string, string>> | null;
  /** Why somebody must look at the native form before it is taken. */
  readonly caution: "form" | "loading" | "grouping" | null;
}

/** A call such as `Repo.transaction(multi)`, with what it is given. */
export interface TransactionRun {
  readonly at: Ordinal;
  readonly module: string;
  readonly of: "multi" | "function";
}

/** What a query says, without its values. */
export interface QueryShape {
  /** What it begins with: a schema, a table, a variable that is mostly a parameter, or what a function gives. */
  readonly from:
    | { readonly kind: "schema" | "table" | "variable"; readonly name: string }
    | { readonly kind: "function"; readonly module: string | null; readonly name: string; readonly arity: number }
    | null;
  /** The names of its clauses: `where`, `limit`, `select`… */
  readonly says: readonly string[];
  /** Names of associations, of those that it preloads itself; null where they are computed. */
  readonly preloads: readonly string[] | null;
  /** Functions that it is handed through as the first argument, the outermost first. */
  readonly through: readonly { readonly module: string | null; readonly name: string; readonly arity: number }[];
}

/** Rows that a function loads, and what it does with them. */
export interface LoadFact {
  readonly at: Ordinal;
  /** The repository, or whose function it is; null for a function of the module itself. */
  readonly module: string | null;
  readonly name: string;
  readonly arity: number;
  /** Null where a function of the project loads them. */
  readonly query: QueryShape | null;
  readonly many: boolean;
  /** True where the function goes through the rows itself. */
  readonly enumerated: boolean;
  /** The fields that are read of a row, with what was preloaded before; that is null where it is not known. */
  readonly reads: readonly {
    readonly field: string;
    readonly at: Ordinal;
    readonly preloads: readonly string[] | null;
  }[];
  /** Functions that get the rows as a whole; `return` where they are given back, `?` for anything else. */
  readonly goes: readonly string[];
  /** Not null where the rows are all that the function evaluates to, with what it has preloaded. */
  readonly value: { readonly many: boolean; readonly preloads: readonly string[] | null } | null;
}

/** What the `where`s of one query say of its first source. */
export interface ConditionFact {
  readonly query: QueryShape;
  /**
   * Of each `where`, in source order, what it joins by `and`: with `x` for the row and `^` for each value at hand, so that
   * conditions which differ in the names of variables and the order of operands only are the same.
   */
  readonly wheres: readonly { readonly at: Ordinal; readonly parts: readonly string[] }[];
}

/** A query that preloads from the rows of its joins. */
export interface JoinPreloadFact {
  readonly at: Ordinal;
  readonly query: QueryShape;
  /** The associations of the first source that are so filled. */
  readonly associations: readonly { readonly name: string; readonly at: Ordinal }[];
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
  /** What `null:` says; null where nothing does, or it is computed. */
  readonly nullable: boolean | null;
  /** It has a default, an identity or an expression that the database fills it by. */
  readonly filled: boolean;
  /** False for `references(…, validate: false)`. */
  readonly validated: boolean;
  /** A rollback of `change` knows the way back: a `remove` with its type, a `modify` with `from:`. */
  readonly reversible: boolean;
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
      readonly kind: "rename-index";
      readonly at: Ordinal;
      readonly table: string;
      readonly prefix: string | null;
      readonly name: string;
      readonly to: string;
    }
  | {
      readonly kind: "create-constraint" | "drop-constraint";
      readonly at: Ordinal;
      readonly table: string;
      readonly prefix: string | null;
      readonly name: string;
      /** The SQL of `check:`; null where there is none. */
      readonly check: string | null;
      /** The rows that there are must satisfy it at once: a `check:` without `validate: false`. */
      readonly validated: boolean;
    }
  /** `timestamps()` in an `alter`. */
  | {
      readonly kind: "add-timestamps";
      readonly at: Ordinal;
      readonly table: string | null;
      readonly prefix: string | null;
      /** False where they may be null, or have a default. */
      readonly required: boolean;
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
      /** The given one or Ecto's default; null when it is computed. */
      readonly name: string | null;
      readonly unique: boolean;
      readonly partial: boolean;
      /** Null where it is computed. */
      readonly concurrently: boolean | null;
    }
  | {
      readonly kind: "execute";
      readonly at: Ordinal;
      /** Null where it is computed, and for a function. */
      readonly sql: string | null;
      /** True for `execute`, which waits its turn; false for a repository's `query!`, which runs at once. */
      readonly queued: boolean;
      /** False for `execute(up)`, of which a rollback of `change` knows no way back. */
      readonly reversible: boolean;
      /** The steps inside of the function that it is given, and of the one that undoes it. */
      readonly does: readonly MigrationOperation[];
      readonly undoes: readonly MigrationOperation[];
    }
  /** What was said before is done now. */
  | { readonly kind: "flush"; readonly at: Ordinal }
  /** A write through a repository, which runs at once: `repo().update_all(…)`. */
  | {
      readonly kind: "write";
      readonly at: Ordinal;
      readonly name: string;
      /** What it writes to; null where the source does not say. */
      readonly source: QueryFact["source"] | null;
    }
  /** A call of a function that may be the module's own, and have steps. */
  | { readonly kind: "helper"; readonly at: Ordinal; readonly name: string; readonly args: readonly Shape[] };

export interface SchemaField {
  readonly name: string;
  readonly type: string;
  /** The column, where `source:` gives it another name. */
  readonly source: string | null;
  readonly virtual: boolean;
  readonly redact: boolean;
  /** True for `autogenerate:` with a UUID: a name for the row. */
  readonly uuid: boolean;
  readonly at: Ordinal;
}

export interface Association {
  readonly kind: "belongs_to" | "has_many" | "has_one" | "many_to_many" | "embeds_one" | "embeds_many";
  readonly name: string;
  /** The other schema's module; null for `through:` and computed ones. */
  readonly related: string | null;
  readonly foreignKey: string | null;
  /** The association that `through:` begins with. */
  readonly through: string | null;
  readonly at: Ordinal;
}

export interface SchemaFacts {
  readonly at: Ordinal;
  /** The table; null for an embedded schema. */
  readonly source: string | null;
  /** `@schema_prefix`, when it is written out. */
  readonly prefix: string | null;
  readonly primaryKey: readonly string[];
  readonly fields: readonly SchemaField[];
  readonly associations: readonly Association[];
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
  /** Modules that it has as values, and not only to call them or to address a process. */
  readonly mentions: readonly string[];
  /** Of forms of test files. */
  readonly tested: TestFacts | null;
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
  /** `defmodule`, `defprotocol`, `defimpl`; `template` for a `.heex` file. */
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
