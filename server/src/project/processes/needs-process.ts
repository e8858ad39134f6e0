import type { CallFact } from "../../facts/facts.ts";

/** What belongs to the process that calls it: the process is then more than a way to call functions. */
const OWNED =
  /^(?:Process|Port|Registry|Agent|Task(?:\.Supervisor)?|Phoenix\.PubSub|Phoenix\.Tracker|:ets|:dets|:timer|:pg|:global|:gen_tcp|:gen_udp|:ssl|:erlang)$/;
const OWNED_NAMES = /^(?:send|subscribe|monitor|spawn\w*|reply|start_link|register)$/;
/** Functions of `File` that leave files as they are. */
const READS = /^(?:read|stat|lstat|exists|dir|regular|ls|stream)[?!]?$/;

/** What only one process may do, or what two callers at a time would get in each other's way with. */
export function needsProcess(call: CallFact): boolean {
  return (
    OWNED.test(call.module ?? "") ||
    OWNED_NAMES.test(call.name) ||
    (call.module === "File" && !READS.test(call.name)) ||
    isCommand(call)
  );
}

function isCommand({ module, name }: CallFact): boolean {
  return (
    (module === "System" && /^(?:cmd|shell|put_env)$/.test(name)) || (module === ":os" && /^(?:cmd|putenv)$/.test(name))
  );
}
