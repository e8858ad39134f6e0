import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { headOf } from "../../facts/facts.ts";
import { anchor, moduleRule, type ViewContext } from "../../lint/rule.ts";
import { effects } from "../../project/effects/effects.ts";
import { evidence, reaches } from "../../project/effects/witness.ts";
import { asked } from "../../project/processes/asked.ts";
import { type Polling, pollingOf } from "../../project/processes/polled-value.ts";
import { clientsOf, requestName, type ServerProfile, serverProfiles } from "../../project/processes/server-profile.ts";
import { injectsCallbacks, isOfCluster, multiplicity } from "../../project/processes/servers.ts";

export default moduleRule({
  id: "otp/genserver-as-kv-store",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  summary: "A GenServer that only gets and puts: every read waits in one mailbox, as a table's readers would not.",
  check(module, cx) {
    const server = cx.about(serverProfiles, module);
    const many = multiplicity(module);
    if (!server || server.serialises || many === "many" || isOfCluster(module) || injectsCallbacks(module, cx)) return;
    const polling = many === "one" ? pollingOf(server, cx.about(effects, module)) : null;
    if (polling && cx.about(asked, module)) reportReaders(server, polling, cx);
    else if (isStore(server)) reportStore(server, cx);
  },
});

/** Who reads a value that the server fetches waits for the next fetching. */
function reportReaders({ module, requests }: ServerProfile, { handler, wait }: Polling, cx: ViewContext): void {
  const [reader, ...others] = requests.flatMap((clause) => clientsOf(module, clause));
  if (!reader) return;
  cx.report(
    anchor(module, reader.client, reader.call.at),
    `\`${reader.client.name}\` only looks at what \`${module.name}\` has fetched, and yet waits while it fetches again (its \`${handler.name}\` ${reaches(wait.witness)}); keep the value in an ETS table or in \`:persistent_term\`, where readers look themselves.`,
    {
      related: [
        { at: anchor(module, handler, wait.call.at), message: "Nobody is answered before this is done" },
        ...evidence(wait.witness),
        ...others.map(({ client, call }) => ({
          at: anchor(module, client, call.at),
          message: `\`${client.name}\` waits for it, too`,
        })),
      ],
    },
  );
}

function reportStore(server: ServerProfile, cx: ViewContext): void {
  const { module } = server;
  const [get] = accessing(server, "get");
  const [put] = accessing(server, "put");
  if (!get || !put) return;
  const clients = accessing(server, "get").flatMap((clause) => clientsOf(module, clause));
  const use = module.useForms.find((form) => form.use.module === "GenServer");
  const related = [
    { at: anchor(module, get, get.at), message: `${titleOf(get)} only looks something up` },
    { at: anchor(module, put, put.at), message: `${titleOf(put)} only changes an entry` },
  ];
  // Those who read are who waits; where the module has no functions for them, they wait somewhere else.
  const [reading] = clients.map(({ client, call }) => anchor(module, client, call.at));
  cx.report(
    reading ?? (use ? anchor(module, use, use.at) : headOf(module)),
    `\`${module.name}\` only gets and puts, so all its readers wait for each other and for every write; keep the entries in a named ETS table that readers look into themselves, or, where there are few, in an \`Agent\`.`,
    { related },
  );
}

/** True when getting and putting is all that the process does. */
function isStore(server: ServerProfile): boolean {
  const { module, requests, handlers } = server;
  if (server.owns || server.tables.length > 0) return false;
  if (module.byName.has("terminate") || !requests.every(({ state }) => state?.access)) return false;
  return handlers.every((clause) => requests.includes(clause) || isIdle(clause)) && startsQuietly(module);
}

function accessing(server: ServerProfile, access: "get" | "put"): readonly ClauseOfModule[] {
  return server.requests.filter(({ state }) => state?.access === access);
}

/** A clause that takes messages only to throw them away. */
function isIdle({ name, callback, calls }: ClauseOfModule): boolean {
  return name === "handle_info" && callback?.unchanged === true && calls.length === 0;
}

/** `init` makes up the first state of what it is given: a server that loads something has more to do. */
function startsQuietly(module: ModuleFacts): boolean {
  return (module.byName.get("init") ?? []).every(({ calls }) => calls.length === 0);
}

function titleOf(clause: ClauseOfModule): string {
  const request = requestName(clause);
  return request === null ? `This \`${clause.name}\`` : `\`:${request}\``;
}
