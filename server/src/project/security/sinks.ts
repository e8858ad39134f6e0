import { shortName } from "../../base/module-name.ts";
import type { CallFact } from "../../facts/facts.ts";
import { entry, isAtomShape, type Shape } from "../../facts/shape.ts";

/** What an attacker gains by what reaches the call: atoms, SQL, terms, a shell, code. */
export type SinkKind = "atom" | "sql" | "term" | "shell" | "code";

/** A call that must not get what others send as that argument. */
export interface Sink {
  readonly kind: SinkKind;
  readonly argument: number;
}

const FIXED: ReadonlyMap<string, Sink> = new Map(
  (
    [
      ["atom", 0, "String.to_atom List.to_atom :erlang.binary_to_atom :erlang.list_to_atom Module.concat"],
      ["term", 0, ":erlang.binary_to_term"],
      ["shell", 0, ":os.cmd System.shell"],
      ["code", 0, "Code.eval_string Code.eval_quoted Code.compile_string EEx.eval_string"],
      [
        "sql",
        1,
        `Ecto.Adapters.SQL.query Ecto.Adapters.SQL.query! Ecto.Adapters.SQL.query_many Ecto.Adapters.SQL.stream
         Postgrex.query Postgrex.query! Postgrex.prepare Postgrex.stream MyXQL.query MyXQL.query! Exqlite.query`,
      ],
    ] as const
  ).flatMap(([kind, argument, names]) => names.split(/\s+/).map((name) => [name, { kind, argument }] as const)),
);
/** How all of them are called, and the others below: of most calls no more is asked. */
const NAMES: ReadonlySet<string> = new Set([
  ...[...FIXED.keys()].map((name) => shortName(name)),
  ..."decode decode! cmd open query_many! safe_concat".split(" "),
]);
const REPO_QUERY = /^(?:query|query_many)!?$/;
const SHELL = /^(?:.*\/)?(?:ba|da|z|k)?sh$/;

/** What the call is to somebody who may choose one of its arguments; null where that does no harm. */
export function sinkOf(call: CallFact, isRepo: (module: string) => boolean): Sink | null {
  const { module, name, args } = call;
  if (module === null || !NAMES.has(name)) return null;
  const known = FIXED.get(`${module}.${name}`);
  if (module === "Module") return known ? { kind: "atom", argument: args.length - 1 } : null;
  if (known) return known.kind === "term" && isSafe(args[1]) ? null : known;
  if (/^(?:Jason|Poison)$/.test(module))
    return isAtomShape(entry(args[1], "keys"), "atoms") ? { kind: "atom", argument: 0 } : null;
  if (module === "System" && name === "cmd") {
    const [program] = args;
    return program?.kind === "string" && SHELL.test(program.value) ? { kind: "shell", argument: 1 } : null;
  }
  if (module === "Port" && name === "open") {
    const [port] = args;
    return port?.kind === "tuple" && isAtomShape(port.items[0], "spawn") ? { kind: "shell", argument: 0 } : null;
  }
  return REPO_QUERY.test(name) && isRepo(module) ? { kind: "sql", argument: 0 } : null;
}

/** `[:safe]`: no new atoms. Functions remain, which is for the term's user to know. */
function isSafe(options: Shape | undefined): boolean {
  return options?.kind === "list" && options.items.some((item) => isAtomShape(item, "safe"));
}
