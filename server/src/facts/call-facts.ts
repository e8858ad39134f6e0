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
 * it holds what came from outside in the function itself, bits 29 to 31 what it is otherwise known for (`FIELD`, `KEY`, `ANEW`).
 * `flow-bits.ts` reads and writes them.
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
  /** True inside `~H`, `~L` and in template files. */
  readonly template: boolean;
  /**
   * What becomes of its value: `{:ok, x} = call` (asserted), `{:ok, x} <- call` or a `case` with such a clause (checked), a
   * `case` that takes the process that was there before as well (adopted), `{:error, _} <- call` (failed), any other
   * `case`, `if` or `<-` of it (asked), `{:ok, call}`, whatever it gave (assumed), thrown away, the pid of `spawn` or
   * `Task.start` given a name (held), or anything else.
   */
  readonly outcome: "asserted" | "checked" | "adopted" | "failed" | "asked" | "assumed" | "discarded" | "held" | "kept";
  /** Index of the innermost branch around it in the clause's branches, or -1. */
  readonly branch: number;
  /** The transaction in whose closure it stands, or null. */
  readonly transaction: TransactionFact | null;
  /** Indices of the calls whose successful results its arguments hold, directly or through variables. */
  readonly uses: readonly number[];
  /** Of a read of the database; null for one of a table that is written out, and for all other calls. */
  readonly aim: QueryAim | null;
}

/** Where a query of the database reads, when that is not written out, and that one row by an order is what it asks for. */
export interface QueryAim {
  /** What the table, or the prefix, depends on. */
  readonly place: Flow;
  /** `order_by` and `limit: 1`: the newest, the next. */
  readonly newest: boolean;
  /** `order_by` and any other `limit`: the newest ten. */
  readonly few: boolean;
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
  /** A `rescue`, to which errors lead, or a `catch`, to which a call of a process that is not there leads too. */
  readonly catches: "errors" | "exits" | null;
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
  /** Index of the innermost branch around it, or -1. */
  readonly branch: number;
  /** Literal lists and short ranges: their size is known and small. */
  readonly fixed: boolean;
  /** The elements are batches (`Enum.chunk_every`). */
  readonly chunked: boolean;
  /** The variable iterated over when it is one, else what it was computed by. */
  readonly collection: Shape;
  /** Nobody looks at what its turns evaluate to. */
  readonly discarded: boolean;
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

/** A call that runs SQL in whose text a variable stands between quotes. */
export interface QuotedValue {
  /** That of the call. */
  readonly at: Ordinal;
  /** The variable, as the source writes it. */
  readonly name: string;
}
