import type { Call, Node } from "../syntax/ast.ts";

/** Calls whose value is another one each time: unique by themselves, random bytes, references, clocks. */
const FRESH = new Set(
  `make_ref System.unique_integer System.system_time System.os_time System.monotonic_time :erlang.unique_integer
   :erlang.system_time :erlang.monotonic_time :erlang.make_ref :erlang.now :erlang.timestamp :os.timestamp :os.system_time
   DateTime.utc_now DateTime.now! NaiveDateTime.utc_now Timex.now Ecto.UUID.generate Ecto.UUID.bingenerate UUID.uuid1
   UUID.uuid4 Uniq.UUID.uuid4 Uniq.UUID.uuid7 :uuid.get_v4 :uuid.get_v4_urandom :uuid.get_v1 Nanoid.generate
   ShortUUID.generate Ksuid.generate Ulid.generate Ecto.ULID.generate :crypto.strong_rand_bytes`.split(/\s+/),
);
const NAMES = new Set([...FRESH].map((name) => name.slice(name.lastIndexOf(".") + 1)));
/** Functions that give such a value in another form, by module. */
const FORMS: ReadonlyMap<string | null, RegExp> = new Map([
  [null, /^inspect$/],
  ["Kernel", /^inspect$/],
  ["Integer", /^to_(?:string|charlist)$/],
  ["DateTime", /^to_(?:unix|string|iso8601|naive)$/],
  ["NaiveDateTime", /^to_(?:string|iso8601)$/],
  ["UUID", /^binary_to_string!$/],
  [":uuid", /^uuid_to_string$/],
  [":erlang", /^(?:ref_to_list|integer_to_binary|integer_to_list|phash2|md5)$/],
  [":crypto", /^hash$/],
]);

/** The call, as messages name it, when it gives another value each time: `System.unique_integer/1`; null for all others. */
export function freshName({ module, name, args, target }: Call): string | null {
  if (target || !NAMES.has(name)) return null;
  const full = module === null ? name : `${module}.${name}`;
  return FRESH.has(full) ? `${full}/${args.length}` : null;
}

/** True for what is new when its parts are: `:erlang.phash2(ref)`, though not `:erlang.phash2(ref, 16)`, which is one of few. */
export function keepsFresh(node: Node): boolean {
  if (node.type !== "call" || node.target || !FORMS.get(node.module)?.test(node.name)) return false;
  return node.name !== "phash2" || node.args.length === 1;
}

/** True for what has parts of which only some are new, and for a part of such a value: the year of a clock, the kind of a record. */
export function mayHoldMore({ type }: Node): boolean {
  return type === "map" || type === "tuple" || type === "pair" || type === "field" || type === "access";
}
