import type { Ordinal } from "./call-facts.ts";
import type { Shape } from "./shape.ts";

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
  /** The field that is its first argument; null for anything else. */
  readonly column: string | null;
  /** Why somebody must look at the native form before it is taken. */
  readonly caution: "form" | "loading" | "grouping" | null;
  /** The version of Ecto from which on it has words for just this; null where any has. */
  readonly since: string | null;
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
  /** True where one row is matched by a pattern of a map: that it is there. */
  readonly asserted: boolean;
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

/** What a function asks of a list that a call gives, and that it does nothing else with, where a query could say it. */
export interface ListQuestionFact {
  readonly at: Ordinal;
  /** Index of the call that gives the list. */
  readonly call: number;
  /** Who asks: `Enum.filter`, `length`; `[]` for a comparison with the empty list. */
  readonly by: string;
  /** What a query would say instead: "`where`". */
  readonly instead: string;
  /** The fields of each element that are compared or sorted by; null where the elements count alike. */
  readonly fields: readonly string[] | null;
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

export interface ColumnFact {
  readonly name: string;
  readonly type: string;
  readonly at: Ordinal;
  /** The table that `references(…)` names. */
  readonly references: string | null;
  /** The other columns of a foreign key of several: those of `references(…, with: [account_id: :id])`. */
  readonly partners: readonly string[];
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
      /** True for `create table(…)` without a block: there is nothing but the primary key. */
      readonly bare: boolean;
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
  /** A rename of which a name is computed, as in a loop over tables. */
  | {
      readonly kind: "rename-computed";
      readonly at: Ordinal;
      /** What the table may be called: a variable is one of the names that its function writes out. Null for anything. */
      readonly tables: readonly string[] | null;
      /** What the column may be called; none where the table itself is renamed. */
      readonly columns: readonly string[] | null;
    }
  | {
      readonly kind: "create-index" | "drop-index";
      readonly at: Ordinal;
      readonly table: string | null;
      readonly prefix: string | null;
      readonly columns: readonly (string | null)[];
      /** The keys of JSON columns among its expressions: see `json-paths.ts`. */
      readonly paths: readonly string[];
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
  /** The table that `join_through:` names. */
  readonly joinTable: string | null;
  /** `on_delete: :delete_all`, `:nilify_all`: what `Repo.delete` does to its rows, and `delete_all` does not. */
  readonly onDelete: boolean;
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
