import type { Block, Call, Node } from "./ast.ts";
import { isAtom } from "./literals.ts";
import { find } from "./visit.ts";

/** The function that returns what another one raises; `module` where it is in another module. */
export interface Twin {
  readonly name: string;
  readonly module?: string;
  /** `{:ok, value}` or `{:error, reason}`; `{:ok, value}` or `:error`; the value or `nil`; `{number, rest}` or `:error`. */
  readonly returns: "result" | "ok" | "nil" | "parsed";
}

/** Functions ending in `!` whose twin without it returns a result, by module. Documentation of Elixir 1.18, Ecto 3.13, Req 0.5. */
const RESULTS: ReadonlyMap<string, RegExp> = new Map([
  ["File", /^(?:read|stat|lstat|ls|open|read_link)!$/],
  ["Jason", /^(?:decode|encode)!$/],
  ["Poison", /^(?:decode|encode)!$/],
  ["Date", /^(?:from_iso8601|new)!$/],
  ["Time", /^(?:from_iso8601|new)!$/],
  ["NaiveDateTime", /^(?:from_iso8601|new)!$/],
  ["DateTime", /^(?:from_unix|from_naive|new|shift_zone)!$/],
  ["URI", /^new!$/],
  ["Regex", /^compile!$/],
  ["Req", /^(?:get|post|put|patch|delete|head|request)!$/],
  ["HTTPoison", /^(?:get|post|put|patch|delete|head|request)!$/],
  ["Tesla", /^(?:get|post|put|patch|delete|head|request)!$/],
  ["Code", /^string_to_quoted!$/],
]);
const OK_OR_ERROR: ReadonlyMap<string, RegExp> = new Map([
  ["Base", /^(?:url_)?(?:hex_)?decode(?:16|32|64)!$/],
  ["Map", /^fetch!$/],
  ["Keyword", /^fetch!$/],
  ["Version", /^parse!$/],
  ["Ecto.UUID", /^(?:cast|dump|load)!$/],
]);

/** The function to call instead of one that raises, or null. */
function twinOf({ module, name, target }: Call): Twin | null {
  if (module === null || target) return null;
  const bare = name.slice(0, -1);
  if (RESULTS.get(module)?.test(name)) return { name: bare, returns: "result" };
  if (OK_OR_ERROR.get(module)?.test(name)) return { name: bare, returns: "ok" };
  if (module === "String" && /^to_(?:integer|float)$/.test(name))
    return { name: "parse", module: name === "to_integer" ? "Integer" : "Float", returns: "parsed" };
  if (!/(?:^|\.)\w*Repo$/.test(module)) return null;
  if (/^(?:get|get_by|one)!$/.test(name)) return { name: bare, returns: "nil" };
  return /^(?:insert|update|delete|insert_or_update)!$/.test(name) ? { name: bare, returns: "result" } : null;
}

/** A call that can raise, and all that its function does besides: `wrap` is the `{:ok, …}` around it, or null. */
export interface Raising {
  readonly call: Call;
  readonly twin: Twin;
  readonly wrap: Node | null;
}

/** The call when the block does nothing else: `File.read!(path)`, `{:ok, File.read!(path)}`. */
export function protectedCall(body: Block): Raising | null {
  const [only] = body.statements;
  if (!only || body.statements.length !== 1) return null;
  const wrapped =
    only.type === "tuple" && only.items.length === 2 && isAtom(only.items[0], "ok") ? only.items[1] : only;
  if (wrapped?.type !== "call") return null;
  const twin = twinOf(wrapped);
  // `Integer.parse` knows no other base without being told in the same way, which `String.to_integer/2` does.
  if (!twin || (twin.returns === "parsed" && wrapped.args.length !== 1)) return null;
  return wrapped.args.every(isPlain) ? { call: wrapped, twin, wrap: wrapped === only ? null : only } : null;
}

/** An argument that cannot raise itself, as far as names tell. */
function isPlain(arg: Node): boolean {
  return (
    find(
      arg,
      (n) =>
        n.type === "fn" ||
        n.type === "unknown" ||
        (n.type === "call" && !/^(?:Path|Application|Keyword)$/.test(n.module ?? "")),
    ) === null
  );
}
