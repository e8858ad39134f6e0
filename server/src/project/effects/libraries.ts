import type { CallFact } from "../../facts/facts.ts";
import { entry, milliseconds, type Shape } from "../../facts/shape.ts";
import type { LibraryKind, LibraryKindOf } from "../calls/library-modules.ts";
import type { Effect } from "./effect.ts";

/** Functions of a library module by name; `*` stands for all others. */
type Functions = ReadonlyMap<string, Effect>;

function functions(...entries: readonly (readonly [Effect, string])[]): Functions {
  return new Map(
    entries.flatMap(([effect, names]) =>
      names
        .trim()
        .split(/\s+/)
        .map((name) => [name, effect] as const),
    ),
  );
}

const HTTP_VERBS =
  "get get! post post! put put! patch patch! delete delete! head head! options options! request request!";

/** What functions of known libraries do, by module; each with the documentation that says so. */
const LIBRARIES: ReadonlyMap<string, Functions> = new Map([
  // Ecto.Adapters.SQL (ecto_sql 3.13): raw statements; `sqlEffect` looks at their text.
  ["Ecto.Adapters.SQL", functions(["db-write", "query query! query_many query_many!"], ["db-read", "explain"])],
  // Oban 2.20, "insert", "insert_all", "drain_queue": jobs are rows.
  [
    "Oban",
    functions(["db-write", "insert insert! insert_all cancel_job cancel_all_jobs retry_job retry_all_jobs delete_job"]),
  ],
  // Req 0.5: every function but `new`, `merge`, `assign` and the like makes a request.
  ["Req", functions(["http", `${HTTP_VERBS} run run!`])],
  ["HTTPoison", functions(["http", HTTP_VERBS])],
  ["HTTPotion", functions(["http", HTTP_VERBS])],
  ["Tesla", functions(["http", HTTP_VERBS])],
  ["Finch", functions(["http", "request request! stream stream! stream_while"])],
  // Mint.HTTP 1.7: `connect` waits for the handshake, `recv` for data; `request` only sends.
  ["Mint.HTTP", functions(["http", "connect recv"])],
  // Req.Request 0.5, `run_request/1`; Mojito 0.7; OAuth2.Client 2.1; AMQP 4.0: opening waits for the broker.
  ["Req.Request", functions(["http", "run_request"])],
  ["Mojito", functions(["http", HTTP_VERBS])],
  ["OAuth2.Client", functions(["http", `get_token get_token! refresh_token refresh_token! ${HTTP_VERBS}`])],
  ["AMQP.Connection", functions(["http", "open"])],
  ["AMQP.Channel", functions(["http", "open"])],
  // download 0.0.4, `from/2`: "Download the file from `url` and save it to disk".
  ["Download", functions(["http", "from"])],
  ["Neuron", functions(["http", "query mutation"])],
  ["ExAws", functions(["http", "request request! stream!"])],
  // Goth 1.4: "Fetch the token from the Google API"; `Goth.fetch/1` has it at hand mostly. Goth.Client 1.2 "will always hit the server".
  ["Goth.Token", functions(["http", "fetch"])],
  ["Goth.Client", functions(["http", "get_access_token retrieve_metadata_project"])],
  // hackney 1.x and OTP's inets
  [":hackney", functions(["http", "request get post put patch delete head body"])],
  [":httpc", functions(["http", "request"])],
  // ibrowse 4.4
  [":ibrowse", functions(["http", "send_req send_req_direct"])],
  [":gun", functions(["http", "await await_body await_up"])],
  // OTP ssl, gen_tcp: connecting and reading wait for the other side.
  [":gen_tcp", functions(["http", "connect recv"])],
  [":ssl", functions(["http", "connect recv handshake"])],
  // Drivers called past Ecto: a server of somebody else's, over a network.
  ["Postgrex", functions(["http", "query query! prepare prepare! execute execute! transaction"])],
  ["MyXQL", functions(["http", "query query! prepare prepare! execute execute! transaction"])],
  ["Mongo", functions(["http", "find find_one insert_one insert_many update_one update_many delete_one aggregate"])],
  // Redix 1.5: a command waits for the connection's process and the server behind it.
  [
    "Redix",
    functions(["process-call", "command command! pipeline pipeline! transaction_pipeline transaction_pipeline!"]),
  ],
  // eredis 1.7, eredis_cluster 0.8: the same by a client of Erlang's.
  [":eredis", functions(["process-call", "q qp"])],
  [":eredis_cluster", functions(["process-call", "q qk qn qw qp qa qmn transaction eval"])],
  // GenServer, `call/3`: "makes a synchronous call and waits for its reply"; `stop/3` waits for the exit.
  ["GenServer", functions(["process-call", "call multi_call stop"], ["spawn", "start start_link"])],
  [":gen_server", functions(["process-call", "call multi_call stop"], ["spawn", "start start_link"])],
  [":gen_statem", functions(["process-call", "call stop"], ["spawn", "start start_link"])],
  ["GenStage", functions(["process-call", "call stop"], ["spawn", "start start_link"])],
  // Agent: every function but `cast` and `start*` waits for the agent.
  ["Agent", functions(["process-call", "get update get_and_update stop"], ["spawn", "start start_link"])],
  // Task: `await*` and `yield*` wait; `async*` and `start*` start processes.
  [
    "Task",
    functions(
      ["process-call", "await await_many yield yield_many shutdown"],
      ["spawn", "async start start_link async_stream"],
    ),
  ],
  [
    "Task.Supervisor",
    functions(["spawn", "async async_nolink start_child async_stream async_stream_nolink start_link"]),
  ],
  [
    "Supervisor",
    functions(
      ["spawn", "start_link start_child restart_child"],
      ["process-call", "stop terminate_child delete_child which_children count_children"],
    ),
  ],
  [
    "DynamicSupervisor",
    functions(
      ["spawn", "start_link start_child"],
      ["process-call", "stop terminate_child which_children count_children"],
    ),
  ],
  [":rpc", functions(["process-call", "call multicall block_call yield"])],
  [":erpc", functions(["process-call", "call multicall receive_response wait_response"])],
  [":global", functions(["process-call", "trans sync register_name set_lock"])],
  ["Process", functions(["sleep", "sleep"], ["spawn", "spawn"])],
  [":timer", functions(["sleep", "sleep"])],
  [":proc_lib", functions(["spawn", "spawn spawn_link start start_link"])],
  ["Node", functions(["spawn", "spawn spawn_link spawn_monitor"])],
  // File, :file (Elixir 1.18): all of them touch the disk; `cp_r` and `rm_rf` go through a folder recursively.
  ["File", functions(["file", "*"], ["folder", "cp_r cp_r! rm_rf rm_rf!"])],
  [":file", functions(["file", "*"])],
  // System: `cmd` and `shell` wait for the program's end.
  ["System", functions(["os-command", "cmd shell"])],
  [":os", functions(["os-command", "cmd"])],
  ["Port", functions(["os-command", "open"])],
  // Mogrify 0.9: `save` and `create` run ImageMagick; all before only collects options.
  ["Mogrify", functions(["os-command", "save create identify verbose"])],
  ["MuonTrap", functions(["os-command", "cmd"])],
  // Phoenix.PubSub 2.1
  [
    "Phoenix.PubSub",
    functions([
      "broadcast",
      "broadcast broadcast! broadcast_from broadcast_from! local_broadcast local_broadcast_from direct_broadcast direct_broadcast!",
    ]),
  ],
  // Phoenix.Channel.Server (phoenix 1.8): what `Endpoint.broadcast` calls, for a PubSub of one's own.
  [
    "Phoenix.Channel.Server",
    functions([
      "broadcast",
      "broadcast broadcast! broadcast_from broadcast_from! local_broadcast local_broadcast_from",
    ]),
  ],
  // Absinthe.Subscription: `publish/3` broadcasts.
  ["Absinthe.Subscription", functions(["broadcast", "publish"])],
]);

/** What the functions do that a library gives to the modules that use it. */
const KINDS: Readonly<Record<LibraryKind, Functions>> = {
  // The callbacks of `Ecto.Repo` (ecto 3.13); `paginate` is what Scrivener, Paginator, Quarto and Kerosene add.
  repo: functions(
    ["db-read", "aggregate all all_by exists? get get! get_by get_by! one one! paginate reload reload! preload stream"],
    [
      "db-write",
      `delete delete! delete_all insert insert! insert_all insert_or_update insert_or_update! update update! update_all
       query query! query_many query_many!`,
    ],
  ),
  // Swoosh.Mailer and Bamboo.Mailer; `deliver_later` of Bamboo hands the mail to another process.
  mailer: functions(["mail", "deliver deliver! deliver_many deliver_now deliver_now!"]),
  // Phoenix.Endpoint (phoenix 1.8), section "Channels".
  endpoint: functions([
    "broadcast",
    "broadcast broadcast! broadcast_from broadcast_from! local_broadcast local_broadcast_from",
  ]),
  "http-client": functions(["http", HTTP_VERBS]),
  "remote-api": functions(["http", "*"]),
  // stripity_stripe 3 and ExTwilio 0.10: what is not one of these works on what is here (`Stripe.Webhook.construct_event/3`).
  "remote-resource": functions([
    "http",
    "create retrieve update list delete cancel confirm capture attach detach search all find destroy stream",
  ]),
  // Phoenix.Presence: tracking waits for the tracker's process.
  presence: functions(["process-call", "track untrack update"]),
};

const NONE: Functions = new Map();
const SPAWNS = /^spawn(?:_link|_monitor)?$/;
const WRITES_CLOSURE = /^(?:transaction|transact)$/;

/** What a call does by itself, without regard to what it calls; null when nothing is known of it. */
export function primitiveEffect(call: CallFact, kindOf: LibraryKindOf): Effect | null {
  const { module, name } = call;
  if (call.target !== null) return REQUESTS.test(name) && isHttpClient(call.target) ? "http" : null;
  // Kernel's `spawn` and its like.
  if (module === null) return SPAWNS.test(name) ? "spawn" : null;
  const kind = kindOf(module);
  if (kind === "repo") return repoEffect(call);
  const own = kind ? KINDS[kind] : NONE;
  const library = LIBRARIES.get(module) ?? NONE;
  const effect = own.get(name) ?? library.get(name) ?? library.get("*") ?? own.get("*") ?? null;
  if (effect === "os-command" && saysWhatItKnows(call)) return null;
  if (kind === "remote-api" && PREPARES.test(name)) return null;
  return module === "Ecto.Adapters.SQL" && effect === "db-write" ? sqlEffect(call.args[1]) : effect;
}

/** What a client has besides its requests: `new/1`, `child_spec/1`, `auth_headers/0`, `encode_body/1`. */
const PREPARES =
  /^(?:new|init|start|start_link|child_spec|impl|adapter|client|build|config|configure|encode|decode|parse|process|handle|base)(?:_|[!?]?$)|_(?:url|uri|headers|options|opts|config)$/;

/** Programs that only print what the system has at hand, in a millisecond or two; `epmd -daemon` leaves its work to another process. */
const ANSWERS_AT_ONCE =
  /^(?:\/\S*\/)?(?:arch|basename|date|dirname|echo|epmd|getconf|hostname|id|nproc|printenv|pwd|uname|which|whoami)(?:\s|$)/;

/** What reads a local repository, and neither asks another machine nor goes through all of history: `git -C /srv/docs show HEAD:a.md`. */
const READS_REPOSITORY =
  /^git(?:\s+-[cC]\s+\S+|\s+--[a-z-]+=\S+|\s+--(?:no-pager|bare))*\s+(?:--version|version|cat-file|config|describe|for-each-ref|hash-object|log|ls-files|ls-tree|merge-base|rev-parse|show|show-ref|status|symbolic-ref|var)(?=\s|$)[^;&|]*$/;

/** `System.cmd("whoami", [])`, `:os.cmd("hostname -f")`, `System.cmd("git", ["show", "HEAD:" <> path])` */
function saysWhatItKnows({ args: [program, list] }: CallFact): boolean {
  if (program?.kind !== "string") return false;
  const words = list?.kind === "list" ? list.items.map((word) => (word.kind === "string" ? word.value : "?")) : [];
  return ANSWERS_AT_ONCE.test(program.value) || READS_REPOSITORY.test([program.value, ...words].join(" "));
}

const REQUESTS = /^(?:get|head|post|put|patch|delete|request)!?$/;

const HTTP = /(?:^|_)(?:http(?:oison)?|tesla|finch|ex_aws)(?:_|$)/;
/** `Shop.HTTP.impl()`, `Shop.Wrapper.ExAWS.impl()` */
const OF_HTTP = /(?:^|\.)(?:HTTP\w*|ExA[Ww][Ss])$/;

/**
 * `Application.get_env(:shop, :http_client)`, `@http_client`, `http_client()`: whatever it is in this environment, it is there for
 * requests.
 */
function isHttpClient(target: Shape): boolean {
  if (target.kind === "attribute") return HTTP.test(target.name);
  if (target.kind !== "call") return false;
  if (target.args.length === 0) return HTTP.test(target.name) || OF_HTTP.test(target.module ?? "");
  if (target.module !== "Application" || !target.name.includes("env")) return false;
  const [, key] = target.args;
  return key?.kind === "atom" && HTTP.test(key.value);
}

function repoEffect(call: CallFact): Effect | null {
  if (/^query(?:_many)?!?$/.test(call.name)) return sqlEffect(call.args[0]);
  // `Repo.transaction(multi)` writes; of `Repo.transaction(fn -> … end)` the calls in the closure tell.
  if (WRITES_CLOSURE.test(call.name)) return call.args[0]?.kind === "function" || call.captured ? null : "db-write";
  return KINDS.repo.get(call.name) ?? null;
}

/** What raw SQL does, by its first word; text that is computed is not known to read only. */
function sqlEffect(sql: Shape | undefined): Effect {
  return sql?.kind === "string" && /^\s*(?:select|with|show|explain|values)\b/i.test(sql.value)
    ? "db-read"
    : "db-write";
}

/** How long a call of another process may wait, as far as it says: milliseconds, "infinity", or null where it says nothing. */
export function timeoutOf(call: CallFact): number | "infinity" | null {
  for (const arg of call.args.slice(1)) {
    const shape = entry(arg, "timeout") ?? (call.args.indexOf(arg) >= 2 || call.module === "Task" ? arg : null);
    if (shape?.kind === "atom" && shape.value === "infinity") return "infinity";
    const time = milliseconds(shape);
    if (time !== null) return time;
  }
  return null;
}
