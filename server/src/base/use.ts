/** `use module, argument`; the argument is kept when it is an atom. */
export interface Use {
  readonly module: string;
  readonly argument: string | null;
}

/** `import module`; `only` and `except` are the names that it lists, or null where it lists none. */
export interface ImportedModule {
  readonly module: string;
  readonly only: readonly string[] | null;
  readonly except: readonly string[] | null;
}

/** What a project's own `use X, :arg` brings in, read from the literal `quote` of its `__using__`. */
export interface Expansion {
  readonly uses: readonly Use[];
  readonly imports: readonly ImportedModule[];
  readonly aliases: readonly (readonly [string, string])[];
}

/** Answers what `use module, argument` of the project brings in; null when the project does not define it. */
export type Expansions = (module: string, argument: string | null) => Expansion | null;
