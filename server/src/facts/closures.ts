import type { Call } from "../syntax/ast.ts";
import type { Runs } from "./facts.ts";

/** Modules whose functions run the closures that they are given before they return. */
const RUNS_CLOSURE =
  /^(?:Enum|Stream|Map|Keyword|List|MapSet|Access|Range|String|Regex|Macro|Logger|Ecto\.Multi|Phoenix\.Component|Ecto\.Changeset|:lists|:maps|Repo)$/;
const RUNS_CLOSURE_NAMES = new Set([
  "then",
  "tap",
  "transaction",
  "transact",
  "checkout",
  "update_in",
  "get_and_update_in",
  "update!",
]);

/** Functions of these modules that put the closure away: `Keyword.get(opts, :start, &start/1)`. */
const KEEPS =
  /^(?:(?:Map|Keyword|List|Enum|Access)\.(?:append|at|delete|fetch|get|insert_at|member\?|pop|put|put_new|replace!?|replace_at|wrap)|Phoenix\.Component\.assign)$/;

/** Functions that run the closure around which they measure or lock, in modules whose others do not; and where they take it. */
const RUNS_AROUND: ReadonlyMap<string, number> = new Map([
  [":timer.tc/1", 0],
  [":timer.tc/2", 0],
  [":telemetry.span/3", 2],
  [":global.trans/2", 1],
  [":global.trans/3", 1],
  [":global.trans/4", 1],
]);

/** Modules and names that run a closure in another process, later, or not at all. */
const ELSEWHERE =
  /^(?:Task|Task\.Supervisor|Agent|Process|GenServer|Supervisor|DynamicSupervisor|Oban|ExUnit\.Callbacks|:telemetry|:proc_lib|:erlang|:timer|Node)$/;
const ELSEWHERE_NAMES = new Set(
  "spawn spawn_link spawn_monitor start_async assign_async stream_async attach_hook on_exit start_child start_link start send_after".split(
    " ",
  ),
);

/**
 * How the closure runs that the call gets as an argument, where the call itself runs as `around` says. `index` is that of
 * the call in its clause's facts, -1 when it is no fact.
 */
export function runsOf(call: Call, argument: number, index: number, around: Runs): Runs {
  const { module, name } = call;
  if (RUNS_AROUND.get(fullName(call)) === argument) return around;
  if ((module !== null && ELSEWHERE.test(module)) || ELSEWHERE_NAMES.has(name)) return "elsewhere";
  if (module !== null && KEEPS.test(`${module}.${name}`) && !isUpdate(call)) return "elsewhere";
  if ((module !== null && RUNS_CLOSURE.test(module)) || RUNS_CLOSURE_NAMES.has(name)) return around;
  if (around !== "inline" || index < 0) return "elsewhere";
  return { handedTo: index, argument };
}

const CALLS_ARGUMENT = new Set(
  `all? any? checkout chunk_by count dedup_by drop_while each filter filter_map find find_index find_value flat_map
   flat_map_reduce frequencies_by get_and_update get_and_update! get_and_update_in group_by into map map_every map_join
   map_reduce max_by min_by new partition reduce reduce_while reject run scan sort_by split_while split_with sum_by
   take_while tap then transact transaction uniq_by update update! update_in with_index zip_with`.split(/\s+/),
);

/** True when a function that runs closures calls what it gets as that argument, if it is one. */
export function callsArgument(call: Call, argument: number): boolean {
  const { name } = call;
  if (RUNS_AROUND.get(fullName(call)) === argument) return true;
  return CALLS_ARGUMENT.has(name) && (argument > 0 || /^(?:transact|transaction|checkout)$/.test(name));
}

function fullName({ module, name, args }: Call): string {
  return `${module}.${name}/${args.length}`;
}

/** `assign(socket, fn assigns -> … end)` calls what it gets, `assign(socket, :key, fn -> … end)` keeps it. */
function isUpdate({ name, args }: Call): boolean {
  return name === "assign" && args.length === 2;
}
