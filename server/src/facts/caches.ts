import type { Call } from "../syntax/ast.ts";

/** Functions that look something up in memory, by module; those of modules and functions called "cache" are known by name. */
const LOOKUPS: ReadonlyMap<string, RegExp> = new Map([
  [":ets", /^(?:lookup|lookup_element|member|match|match_object|select)$/],
  [":persistent_term", /^get$/],
  ["Process", /^get$/],
  ["Cachex", /^(?:get|get!|fetch|fetch!|exists\?|get_and_update|get_and_update!)$/],
  ["ConCache", /^(?:get|get_or_store|dirty_get_or_store|fetch_or_store|dirty_fetch_or_store)$/],
]);

const CACHE_MODULE = /(?:^|\.)\w*Cach(?:e|es|ing)$/;
const CACHE_FUNCTION = /(?:^|_)(?:cached?|memoi[sz]ed?)(?:_|$)/;
const ASKS =
  /^(?:get|fetch|lookup|read|find|has|exists?|member|remember|memoi[sz]e|cached?|with|or_|try)|(?:_|^)(?:get|fetch|lookup|read|find|or_\w+)(?:_|[!?]?$)/;

/** Who does these with a cache does what the closure says in any case. */
const WRITES =
  /^(?:clear|delete|drop|evict|expire|flush|invalidate|put|refresh|renew|reset|set|store|update|warm|write)_/;

/** True for a call that runs the closure that it is given only for what a cache does not hold: `persistent_cache(key, fn -> … end)`. */
export function fillsCache(call: Call): boolean {
  return asksCache(call) || (!call.target && CACHE_FUNCTION.test(call.name) && !WRITES.test(call.name));
}

/** True for a call that asks a cache: `:ets.lookup(…)`, `Cachex.get(…)`, `Shop.Cache.get(…)`, `cache_get(…)`. */
export function asksCache({ module, name, target }: Call): boolean {
  if (target && module === null) return false;
  if (module !== null && LOOKUPS.get(module)?.test(name)) return true;
  const inCache = module !== null && CACHE_MODULE.test(module);
  return (inCache || CACHE_FUNCTION.test(name)) && (ASKS.test(name) || /^(?:cached?|memoi[sz]ed?)$/.test(name));
}
