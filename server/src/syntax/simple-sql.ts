/** A statement on one table, or on several that are joined, which a query of Ecto says as well. */
export interface SimpleStatement {
  readonly verb: "SELECT" | "UPDATE" | "DELETE";
  /** The first table. */
  readonly table: string;
  /** Of a `SELECT` on one table that only compares columns with parameters and literals; null for anything more. */
  readonly select: SimpleSelect | null;
}

/** A value that a column is compared with: a parameter by its number from 1, or the text of a literal as Elixir has it. */
export type SqlValue = { readonly parameter: number } | { readonly literal: string };

export interface SimpleSelect {
  /** None for `SELECT 1` and `SELECT *`, which ask whether there are rows. */
  readonly columns: readonly string[];
  /** Joined by `AND`. */
  readonly where: readonly { readonly column: string; readonly operator: string; readonly value: SqlValue | null }[];
  readonly order: readonly { readonly column: string; readonly descending: boolean }[];
  readonly limit: SqlValue | null;
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"[^"]*"|\$\d+|::|->>?|<>|!=|>=|<=|\|\||[a-z_][\w$]*|\d+(?:\.\d+)?|[^\s\w]/gi;

/** What a query of Ecto could not say, or not as simply. */
const BEYOND =
  /^(?:WITH|RECURSIVE|OVER|WINDOW|LATERAL|UNION|INTERSECT|EXCEPT|RETURNING|USING|CASE|CAST|INTERVAL|EXTRACT|ARRAY|CONFLICT|TABLESAMPLE|ROLLUP|CUBE|GROUPING|INTO|COLLATE|SIMILAR|AT|IF|REGEXP|RLIKE|MATCH|CROSS|NATURAL|SKIP|NOWAIT|CURRENT|ONLY|FILTER|WITHIN)$/;
/** Functions that Ecto has too. */
const FUNCTIONS = /^(?:COUNT|SUM|AVG|MIN|MAX|COALESCE)$/;
const KEYWORDS =
  /^(?:AND|OR|NOT|IN|ON|WHERE|VALUES|ANY|BETWEEN|LIKE|ILIKE|EXISTS|AS|FROM|JOIN|BY|HAVING|SET|SELECT|DISTINCT)$/;
/** Tables that no schema of the project stands for. */
const SYSTEM = /^(?:pg_\w*|information_schema|sqlite_\w*|schema_migrations|generate_series|unnest|dual)$/i;

/** Reads SQL of the simple kind; null for all other. */
export function simpleStatement(sql: string): SimpleStatement | null {
  const tokens = (sql.match(TOKEN) ?? []).filter((token) => !/^(?:--|\/\*)/.test(token));
  while (tokens.at(-1) === ";") tokens.pop();
  const words = tokens.map((token) => token.toUpperCase());
  const verb = words[0];
  if (verb !== "SELECT" && verb !== "UPDATE" && verb !== "DELETE") return null;
  const tableAt = verb === "SELECT" ? words.indexOf("FROM") + 1 : verb === "UPDATE" ? 1 : 2;
  const table = nameOf(tokens[tableAt]);
  if (tableAt === 0 || table === null || SYSTEM.test(table) || words[tableAt + 1] === ".") return null;
  // A statement without a condition is a tool's, and one on all rows meant so.
  if (verb !== "SELECT" && !words.includes("WHERE")) return null;
  if (words.filter((word) => word === "SELECT").length > (verb === "SELECT" ? 1 : 0)) return null;
  if (
    words.some((word) => word === ";" || word === "::" || word === "||" || word.startsWith("->") || BEYOND.test(word))
  )
    return null;
  if (words.includes("DISTINCT") && words.includes("ON") && words.indexOf("ON") === words.indexOf("DISTINCT") + 1)
    return null;
  const calls = words.filter((word, i) => /^[A-Z_]\w*$/.test(word) && words[i + 1] === "(");
  if (calls.some((word) => !FUNCTIONS.test(word) && !KEYWORDS.test(word))) return null;
  // What else is written with signs is some database's own.
  if (words.some((word) => /^[~@#&|^[\]{}\\%:]$/.test(word))) return null;
  return { verb, table, select: verb === "SELECT" ? selectOf(tokens) : null };
}

function nameOf(token: string | undefined): string | null {
  return /^"?([a-z_]\w*)"?$/i.exec(token ?? "")?.[1] ?? null;
}

/** Reads the tokens of a `SELECT` one by one; null as soon as one is not expected. */
function selectOf(tokens: readonly string[]): SimpleSelect | null {
  let at = 1;
  let questions = 0;
  let aliases: readonly string[] = [];
  const peek = (): string => (tokens[at] ?? "").toUpperCase();
  const taken = (...words: readonly string[]): boolean => {
    if (!words.every((word, i) => (tokens[at + i] ?? "").toUpperCase() === word)) return false;
    at += words.length;
    return true;
  };
  /** `name` or `alias.name`. */
  const column = (): string | null => {
    const first = nameOf(tokens[at]);
    if (first === null || RESERVED.test(first)) return null;
    at++;
    if (!taken(".")) return first;
    const second = nameOf(tokens[at]);
    if (second === null) return null;
    at++;
    aliases = [...aliases, first];
    return second;
  };
  const value = (): SqlValue | null => {
    const token = tokens[at] ?? "";
    at++;
    if (/^\$\d+$/.test(token)) return { parameter: Number(token.slice(1)) };
    if (token === "?") return { parameter: ++questions };
    const text = /^'([^'"\\#]*)'$/.exec(token)?.[1];
    if (text !== undefined) return { literal: `"${text}"` };
    return /^(?:\d+|true|false)$/i.test(token) ? { literal: token.toLowerCase() } : null;
  };
  const columns: string[] = [];
  if (!taken("1") && !taken("*")) {
    do {
      const name = column();
      if (name === null) return null;
      columns.push(name);
    } while (taken(","));
  }
  if (!taken("FROM")) return null;
  const table = nameOf(tokens[at++]);
  const given = peek() === "AS" || (nameOf(tokens[at]) !== null && !RESERVED.test(peek()));
  if (given) taken("AS");
  const alias = given ? nameOf(tokens[at++]) : table;
  const where: SimpleSelect["where"][number][] = [];
  if (taken("WHERE")) {
    do {
      const name = column();
      if (name === null) return null;
      if (taken("IS", "NULL")) where.push({ column: name, operator: "IS NULL", value: null });
      else if (taken("IS", "NOT", "NULL")) where.push({ column: name, operator: "IS NOT NULL", value: null });
      else {
        const operator = tokens[at++] ?? "";
        const right = value();
        if (!/^(?:=|<>|!=|<|>|<=|>=)$/.test(operator) || !right) return null;
        where.push({ column: name, operator, value: right });
      }
    } while (taken("AND"));
  }
  const order: SimpleSelect["order"][number][] = [];
  if (taken("ORDER", "BY")) {
    do {
      const name = column();
      if (name === null) return null;
      const descending = taken("DESC");
      if (!descending) taken("ASC");
      order.push({ column: name, descending });
    } while (taken(","));
  }
  const limit = taken("LIMIT") ? value() : null;
  return at === tokens.length && aliases.every((name) => name === alias) ? { columns, where, order, limit } : null;
}

const RESERVED =
  /^(?:DISTINCT|ALL|FROM|WHERE|ORDER|LIMIT|OFFSET|GROUP|HAVING|JOIN|INNER|LEFT|RIGHT|FULL|FOR|ON|AND|OR|NOT|NULL)$/i;
