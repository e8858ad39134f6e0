const NONE: readonly string[] = [];

/** The keys of JSON columns in SQL that are taken as text, as `details->>code` for `(("details" ->> 'code'))`. */
export function jsonPathsIn(sql: string): readonly string[] {
  const found = [...sql.matchAll(/"?(\w+)"?\s*->>\s*'([^']+)'/g)].map(([, column = "", key = ""]) =>
    jsonPath(column, key),
  );
  return found.length > 0 ? found : NONE;
}

/** The key of a JSON column as `jsonPathsIn` writes it. */
export function jsonPath(column: string, key: string): string {
  return `${column}->>${key}`;
}
