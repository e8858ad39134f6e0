import type { Cst } from "./cst.ts";
import type { Dialect } from "./dialect.ts";

/** The grammars that there are. */
export type GrammarName = "elixir" | "heex";

/**
 * Says which forms of a file need not be copied: their node is kept, what is below it is not. Most of a file that is
 * read again has not changed, and copying costs half as much as parsing.
 */
export interface Prune {
  /** True when the call that starts there holds forms itself, as `defmodule` does. */
  isContainer(start: number): boolean;
  /** True when the form is known already. */
  isKnown(start: number, end: number): boolean;
}

/** A file that will be read. */
export interface ExpectedFile {
  readonly text: string;
  /** Of a file that is one template; null for one of Elixir. */
  readonly dialect: Dialect | null;
}

/** Files that are read one after the other. */
export interface ExpectedFiles {
  /** The next one is read now. */
  next(): void;
  /** No more of them is read. */
  end(): void;
}

/** Gives the syntax trees of Elixir and HEEx. A tree is valid only inside the `use` callback that it is given to. */
export interface Parser {
  /**
   * Gives the syntax tree of Elixir source to `use` and returns what that returns. Text that does not parse gives a tree
   * without nodes, and `hasError` set.
   */
  elixir<T>(text: string, use: (cst: Cst) => T, prune?: Prune | null): T;

  /** As `elixir`, for a HEEx template. */
  heex<T>(text: string, use: (cst: Cst) => T): T;

  /** Says that the files will be read soon, in this order. It changes no answer, only when the work is done. */
  expect(files: readonly ExpectedFile[]): ExpectedFiles;
}
