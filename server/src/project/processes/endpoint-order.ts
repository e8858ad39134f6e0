import type { Anchor, ModuleFacts } from "../../facts/facts.ts";
import { listOf } from "../conclusions.ts";
import { repos } from "../database/repos.ts";
import type { Facts } from "../project.ts";
import { behavesAs } from "./servers.ts";
import { treesBelow } from "./started-within.ts";
import { type Child, exclude, type Supervisor, supervisors } from "./supervision.ts";
import { requestTo } from "./web-requests.ts";

/** An endpoint that is started before what its requests need; `used` is where a request comes to it. */
export interface EarlyEndpoint {
  readonly endpoint: Child;
  readonly needed: readonly { readonly child: Child; readonly used: Anchor | null }[];
}

/** Endpoints that stand before what serves their requests. */
export const earlyEndpoints = listOf({
  name: "early endpoints",
  slices: ["functions", "uses"],
  subjects: (facts) => facts.read(supervisors),
  conclude: endpointsOf,
});

function endpointsOf(facts: Facts, { children }: Supervisor): EarlyEndpoint[] {
  const seen = new Set<string>();
  return children.flatMap((endpoint, i): EarlyEndpoint[] => {
    const isEndpoint = facts.named(endpoint.module).some((module) => behavesAs(module, "Phoenix.Endpoint"));
    const place = JSON.stringify(endpoint.at);
    if (!isEndpoint || endpoint.forTests || seen.has(place)) return [];
    const later = children.slice(i + 1).filter((child) => !exclude(endpoint, child) && !before(children, i, child));
    const needed = later.flatMap((child) => needOf(endpoint, child, facts) ?? []);
    if (needed.length === 0) return [];
    seen.add(place);
    return [{ endpoint, needed }];
  });
}

/** How requests of the endpoint need a child that is started after it; null where they are not known to. */
function needOf(endpoint: Child, child: Child, facts: Facts): EarlyEndpoint["needed"][number] | null {
  if (facts.read(repos)(child.module)) return { child, used: null };
  const own = facts.named(child.module);
  // Without a child of its own, the endpoint starts the PubSub that the presence needs to start.
  if (own.some(isPresence)) return startsPubSub(facts) ? { child, used: null } : null;
  const started = startedBy(child, facts);
  if (started === null) return null;
  const code = child.module === "Oban" ? facts.where(isWorker) : started.flatMap(({ module }) => facts.named(module));
  if (code.some((module) => speaksOf(module, endpoint.module))) return null;
  for (const one of started) {
    const used = requestTo(one, facts);
    if (used) return { child, used };
  }
  return child.module === "Phoenix.PubSub" && opensChannels(endpoint, facts) ? { child, used: null } : null;
}

/** True where the PubSub is a child of some supervisor. */
function startsPubSub(facts: Facts): boolean {
  return facts.read(supervisors).some(({ children }) => children.some(({ module }) => module === "Phoenix.PubSub"));
}

function isPresence(module: ModuleFacts): boolean {
  return behavesAs(module, "Phoenix.Presence");
}

/** True when the child is in the list above that place too, under another condition. */
function before(children: readonly Child[], i: number, child: Child): boolean {
  return children.slice(0, i).some((other) => other.module === child.module && other.name === child.name);
}

/** How many supervisors may stand below each other. */
const DEPTH = 4;

/**
 * The child, and where it is a supervisor of the project's what that starts; null where it is not known what, because a tree may
 * stand on what the endpoint serves.
 */
function startedBy(child: Child, facts: Facts, depth = DEPTH): readonly Child[] | null {
  const alone = facts.named(child.module).some(startsChildren) ? null : [child];
  const trees = depth > 0 ? treesBelow(child, facts) : [];
  if (trees.length === 0 || !trees.every(({ complete }) => complete)) return alone;
  const below = trees.flatMap(({ children }) => children.map((inner) => startedBy(inner, facts, depth - 1)));
  return below.every((inner) => inner !== null) ? [child, ...below.flat()] : alone;
}

/** A dynamic supervisor has no children at first, unless its `init` sees to it that some are started. */
function startsChildren(module: ModuleFacts): boolean {
  if (!behavesAs(module, "DynamicSupervisor")) return behavesAs(module, "Supervisor");
  const starts = module.byName.get("init") ?? [];
  return starts.some(({ calls }) => calls.some((call) => !/^(?:DynamicSupervisor|Logger)$/.test(call.module ?? "")));
}

function isSocket(module: ModuleFacts): boolean {
  return behavesAs(module, "Phoenix.Socket");
}

/** Who joins a channel of a socket in the endpoint's application subscribes by the endpoint's PubSub. */
function opensChannels({ at }: Child, facts: Facts): boolean {
  const sockets = facts.where(isSocket).filter((module) => applicationOf(module) === applicationOf(at));
  return sockets.some(({ mentions }) =>
    mentions.some((name) => facts.named(name).some((module) => behavesAs(module, "Phoenix.Channel"))),
  );
}

/** The folder of the application that a file belongs to, in an umbrella. */
function applicationOf({ path }: { readonly path: string }): string {
  return path.slice(0, path.lastIndexOf("/lib/") + 1);
}

function isWorker(module: ModuleFacts): boolean {
  return behavesAs(module, "Oban.Worker");
}

/** What needs the endpoint comes after it. */
function speaksOf(module: ModuleFacts, endpoint: string): boolean {
  return (
    module.mentions.includes(endpoint) ||
    module.clauses.some((clause) => clause.calls.some((call) => call.module === endpoint))
  );
}
