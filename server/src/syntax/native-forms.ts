/** What an argument of a fragment must be for the native form to take it. */
export type Need =
  /** A field of a source: Ecto extracts paths from nothing else. */
  | "field"
  /** Something that may be said twice: a field, a pinned variable, a literal. */
  | "repeatable"
  /** `splice(list)`, of which the native form takes the list. */
  | "spliced"
  /** Anything but a date: Ecto has functions of its own for those. */
  | "number"
  /** What is text already: what is made into text, to be compared with `->>`, is none in the JSON. */
  | "text"
  /** What `type/2` takes: not any expression. */
  | "typed"
  /** A subquery. */
  | "query"
  /** A name that is written out: `identifier(^"total")`. */
  | "name";

/** A fragment's SQL and what Ecto's own query syntax says instead. */
export interface NativeForm {
  /** In any case and spacing, with parentheses around the whole or a `?` or without; `?` is an argument, `<key>` and the like a literal that the native form takes over. */
  readonly sql: string;
  /** `$1` is the first argument, `<key>` the literal. */
  readonly ecto: string;
  /** The version of Ecto that brought it; absent where any has it. */
  readonly since?: string;
  /** What somebody must look at before taking it; absent where the database is asked the same. */
  readonly differs?: string;
  /** It differs only where an argument is pinned. */
  readonly ifPinned?: true;
  /** What differs is what becomes of NULL. */
  readonly onNull?: true;
  /** Whoever compares with a value that may be `nil` writes the fragment on purpose: Ecto's own comparison raises. */
  readonly takesNil?: true;
  /** In a `select` it is loaded as the field's type, where a fragment gives what the database sends. */
  readonly loads?: true;
  /** PostgreSQL's SQL: other databases have no such syntax, or mean something else by it. */
  readonly postgres?: true;
  /** By the argument's number. */
  readonly needs?: Readonly<Record<number, Need>>;
  /** An entry of `order_by`, as a direction: the whole entry is replaced. */
  readonly direction?: true;
}

const CASTS = "Ecto then casts the value to the field's type, and a pinned `nil` raises instead of finding nothing";
const LIST = "the pinned list is then cast to the field's type, and `nil` is no list";
const OPERANDS = "Ecto then casts pinned operands to the field's type";
export const LOADS = "Ecto loads the result by the field's type, where a fragment gives what the database sends";
const CLOCK = "it takes the application's clock, in UTC, not the database's";
const JSON_TEXT = "it gives JSON, not text, and JSON's `null` is no NULL";
const JSON_FIELD = "the schema must know the field as a map, or as an embed that has the key";
const JSON_TRUTH = "the boolean and the text of it are no longer the same, and under `not` rows without the key count";
const TYPED = { 1: "typed" } as const;
const NUMBERS = { 1: "number", 2: "number" } as const;
const SIZE = "PostgreSQL is asked for a";

/**
 * The fragments that Ecto has words for, from the documentation of Ecto.Query.API and Ecto.Query.WindowAPI (3.13).
 * `test/equivalence/` runs each of them beside its native form. What has no native form is not listed: `lower`, `||`, `now()`,
 * `~`, `@>`, `VALUES`, `EXCLUDED.x`…
 */
export const NATIVE_FORMS: readonly NativeForm[] = [
  { sql: "? IS NULL", ecto: "is_nil($1)" },
  { sql: "? IS NOT NULL", ecto: "not is_nil($1)" },
  { sql: "NOT ?", ecto: "not $1" },
  { sql: "? AND ?", ecto: "$1 and $2" },
  { sql: "? OR ?", ecto: "$1 or $2" },
  { sql: "? LIKE ?", ecto: "like($1, $2)" },
  { sql: "? NOT LIKE ?", ecto: "not like($1, $2)" },
  { sql: "? ILIKE ?", ecto: "ilike($1, $2)", postgres: true },
  { sql: "? NOT ILIKE ?", ecto: "not ilike($1, $2)", postgres: true },
  {
    sql: "? BETWEEN ? AND ?",
    ecto: "$1 >= $2 and $1 <= $3",
    needs: { 1: "repeatable" },
    differs: CASTS,
    ifPinned: true,
    onNull: true,
  },
  { sql: "EXISTS(?)", ecto: "exists($1)", since: "3.5.5", needs: { 1: "query" } },

  { sql: "? = ?", ecto: "$1 == $2", differs: CASTS, onNull: true, takesNil: true },
  { sql: "? <> ?", ecto: "$1 != $2", differs: CASTS, onNull: true, takesNil: true },
  { sql: "? != ?", ecto: "$1 != $2", differs: CASTS, onNull: true, takesNil: true },
  { sql: "? > ?", ecto: "$1 > $2", differs: CASTS, onNull: true },
  { sql: "? >= ?", ecto: "$1 >= $2", differs: CASTS, onNull: true },
  { sql: "? < ?", ecto: "$1 < $2", differs: CASTS, onNull: true },
  { sql: "? <= ?", ecto: "$1 <= $2", differs: CASTS, onNull: true },
  { sql: "? = ANY(?)", ecto: "$1 in $2", differs: LIST, onNull: true, postgres: true },
  { sql: "? IN (?)", ecto: "$1 in $2", needs: { 2: "spliced" }, differs: LIST, onNull: true },

  { sql: "? + ?", ecto: "$1 + $2", since: "3.0.0", needs: NUMBERS, differs: OPERANDS },
  {
    sql: "? - ?",
    ecto: "$1 - $2",
    since: "3.0.0",
    needs: NUMBERS,
    differs: `${OPERANDS}; of dates take \`date_add\` or \`datetime_add\``,
  },
  { sql: "? * ?", ecto: "$1 * $2", since: "3.0.0", needs: NUMBERS, differs: OPERANDS },
  { sql: "? / ?", ecto: "$1 / $2", since: "3.0.0", needs: NUMBERS, differs: OPERANDS },

  { sql: "COALESCE(?, ?)", ecto: "coalesce($1, $2)", since: "3.0.0", loads: true },
  { sql: "COALESCE(?, ?, ?)", ecto: "coalesce(coalesce($1, $2), $3)", since: "3.0.0", loads: true },
  { sql: "COUNT(*)", ecto: "count()", since: "3.0.0" },
  { sql: "COUNT(?)", ecto: "count($1)" },
  { sql: "COUNT(DISTINCT ?)", ecto: "count($1, :distinct)" },
  { sql: "SUM(?)", ecto: "sum($1)", differs: LOADS },
  { sql: "AVG(?)", ecto: "avg($1)", differs: LOADS },
  { sql: "MIN(?)", ecto: "min($1)", loads: true },
  { sql: "MAX(?)", ecto: "max($1)", loads: true },
  { sql: "COUNT(*) FILTER (WHERE ?)", ecto: "filter(count(), $1)", since: "3.0.0" },
  { sql: "COUNT(?) FILTER (WHERE ?)", ecto: "filter(count($1), $2)", since: "3.0.0" },
  { sql: "SUM(?) FILTER (WHERE ?)", ecto: "filter(sum($1), $2)", since: "3.0.0", differs: LOADS },
  {
    sql: "ROW_NUMBER() OVER (PARTITION BY ? ORDER BY ?)",
    ecto: "over(row_number(), partition_by: $1, order_by: $2)",
    since: "3.0.0",
  },
  {
    sql: "RANK() OVER (PARTITION BY ? ORDER BY ?)",
    ecto: "over(rank(), partition_by: $1, order_by: $2)",
    since: "3.0.0",
  },

  {
    sql: "DATE(?)",
    ecto: "type($1, :date)",
    needs: TYPED,
    differs: "an index on `date(…)` no longer serves it",
    postgres: true,
  },
  { sql: "CAST(? AS text)", ecto: "type($1, :string)", needs: TYPED, differs: `${SIZE} varchar`, postgres: true },
  { sql: "CAST(? AS integer)", ecto: "type($1, :integer)", needs: TYPED, differs: `${SIZE} bigint`, postgres: true },
  { sql: "?::text", ecto: "type($1, :string)", needs: TYPED, differs: `${SIZE} varchar`, postgres: true },
  { sql: "?::integer", ecto: "type($1, :integer)", needs: TYPED, differs: `${SIZE} bigint`, postgres: true },
  {
    sql: "?::date",
    ecto: "type($1, :date)",
    needs: TYPED,
    differs: "a pinned value is then cast by Ecto",
    postgres: true,
  },

  { sql: "NOW() - INTERVAL '<interval>'", ecto: 'ago(<count>, "<unit>")', differs: CLOCK, postgres: true },
  { sql: "NOW() + INTERVAL '<interval>'", ecto: 'from_now(<count>, "<unit>")', differs: CLOCK, postgres: true },
  { sql: "NOW() - make_interval(days => ?)", ecto: 'ago($1, "day")', differs: CLOCK, postgres: true },
  {
    sql: "? + INTERVAL '<interval>'",
    ecto: 'datetime_add($1, <count>, "<unit>")',
    differs: "of dates take `date_add`",
    postgres: true,
  },

  {
    sql: "?->'<key>'",
    ecto: 'json_extract_path($1, ["<key>"])',
    since: "3.4.0",
    needs: { 1: "field" },
    differs: JSON_FIELD,
    postgres: true,
  },
  {
    sql: "?->>'<key>'",
    ecto: 'json_extract_path($1, ["<key>"])',
    since: "3.4.0",
    needs: { 1: "field" },
    differs: JSON_TEXT,
    onNull: true,
    postgres: true,
  },
  {
    sql: "?->'<key>'->>'<inner>'",
    ecto: 'json_extract_path($1, ["<key>", "<inner>"])',
    since: "3.4.0",
    needs: { 1: "field" },
    differs: JSON_TEXT,
    onNull: true,
    postgres: true,
  },
  {
    sql: "?->>'<key>' = 'true'",
    ecto: 'json_extract_path($1, ["<key>"]) == true',
    since: "3.4.0",
    needs: { 1: "field" },
    differs: JSON_TRUTH,
    onNull: true,
    postgres: true,
  },
  {
    sql: "?->>'<key>' = 'false'",
    ecto: 'json_extract_path($1, ["<key>"]) == false',
    since: "3.4.0",
    needs: { 1: "field" },
    differs: JSON_TRUTH,
    onNull: true,
    postgres: true,
  },
  {
    sql: "?->>'<key>' = ?",
    ecto: 'json_extract_path($1, ["<key>"]) == $2',
    since: "3.4.0",
    needs: { 1: "field", 2: "text" },
    differs: 'it compares JSON, not text: the number 1 is not "1", and under `not` rows without the key count',
    onNull: true,
    postgres: true,
  },

  { sql: "? ASC NULLS LAST", ecto: "asc_nulls_last: $1", since: "3.0.0", direction: true },
  { sql: "? DESC NULLS LAST", ecto: "desc_nulls_last: $1", since: "3.0.0", direction: true },
  {
    sql: "? AS ?",
    ecto: "selected_as($1, :<name>)",
    since: "3.9.0",
    needs: { 2: "name" },
    differs: "other fragments that name the alias must become `selected_as(:name)`",
  },
  {
    sql: "? AS <name>",
    ecto: "selected_as($1, :<name>)",
    since: "3.9.0",
    differs: "other fragments that name the alias must become `selected_as(:name)`",
  },
];
