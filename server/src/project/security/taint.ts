import { shortName } from "../../base/module-name.ts";
import { sameBy } from "../../base/same-items.ts";
import type { Anchor, CallFact, ClauseOfModule, Flow, ModuleFacts } from "../../facts/facts.ts";
import { ANEW, FIELD, heldParameters, INPUT, KEY, parameterIndex } from "../../facts/flow-bits.ts";
import type { Link } from "../calls/link.ts";
import type { ClauseMemo } from "../clause-memo.ts";
import { byModule } from "../conclusions.ts";
import { repos } from "../database/repos.ts";
import { effects } from "../effects/effects.ts";
import type { Hop, Hops } from "../effects/witness.ts";
import type { Lookup } from "../lookup.ts";
import { behavesAs } from "../processes/servers.ts";
import { type Sink, sinkOf } from "./sinks.ts";

/** A dangerous call, and how what others send comes to it. */
export interface Tainted {
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
  readonly sink: Sink;
  /** The calls that hand the data on, from the function that receives it down to the sink, which is the last; null where none is known to. */
  readonly hops: Hops | null;
  /** True where the argument holds data of a parameter, whoever calls; of terms, unless all callers have it of messages; of SQL, unless all give keys that they write out. */
  readonly ofParameter: boolean;
  /** Of an atom: the way from the function that makes a new value each time, where it runs again and again; null for others. */
  readonly anew: Hops | null;
}

const NONE: readonly Tainted[] = [];
/** How many functions deep the way from the sink back to a request is followed. */
const DEPTH = 5;

/** The dangerous calls of each module, with the way that data of requests, sockets and forms takes to them. */
export const taint = byModule({
  name: "taint",
  slices: effects.slices,
  isAbout: hasSinks,
  nothing: NONE,
  conclude: taintedIn,
  same: isSame,
});

function taintedIn(facts: Lookup, module: ModuleFacts): readonly Tainted[] {
  const isRepo = facts.read(repos);
  const out: Tainted[] = [];
  for (const { clause, call } of facts.clauses.all(possibleSinks, module)) {
    const sink = sinkOf(call, isRepo);
    if (!sink || (sink.kind === "term" && readsItsOwn(module))) continue;
    const flow = call.flows[sink.argument] ?? 0;
    const hops =
      flow === 0
        ? null
        : wayFromOutside({ module, clause, call }, flow, facts, sink.kind === "atom" ? FOR_ATOMS : FOR_OTHERS);
    const ofParameter = heldParameters(flow).length > 0;
    const isKnown = sink.kind === "term" ? isOfMessage : sink.kind === "sql" ? isKey : null;
    const known = !hops && ofParameter && isKnown !== null && comesFrom(isKnown, { module, clause, call }, flow, facts);
    const anew = sink.kind === "atom" && !hops && flow !== 0 ? wayFromNew({ module, clause, call }, flow, facts) : null;
    out.push({ clause, call, sink, hops, ofParameter: ofParameter && !known, anew });
  }
  return out.length > 0 ? out : NONE;
}

/** The way from a value that is new each time, where it is made more often than when the node or its only process starts. */
function wayFromNew(sink: Hop, flow: Flow, facts: Lookup): Hops | null {
  const hops = wayFromOutside(sink, flow, facts, FOR_NEW);
  return hops && runsAgain(hops[0], facts) ? hops : null;
}

const FOR_NEW: Beginning = { input: ANEW, parameters: () => [] };
/** What runs when the node or a process starts, most of which are there once. */
const AT_START =
  /^(?:init|start|start_\w+|child_spec|(?:\w+_)?children|(?:setup|config|boot)\w*|prep_stop|__\w+__)[!?]?$/;

function runsAgain({ module, clause }: Hop, facts: Lookup, depth = DEPTH): boolean {
  if (AT_START.test(clause.name) || module.fileClass !== "code") return false;
  const callers = facts.callers(clause).filter((link) => link.clause !== clause);
  return depth === 0 || callers.length === 0 || callers.some((link) => runsAgain(link, facts, depth - 1));
}

/** Where the way of data begins: flows that hold input, and parameters that others fill. */
interface Beginning {
  readonly input: Flow;
  readonly parameters: (module: ModuleFacts, clause: ClauseOfModule) => readonly number[];
}

const FOR_OTHERS: Beginning = { input: INPUT, parameters: untrustedParameters };
/** What is read from a store may be anything as well: atoms made of it outlive it. */
const FOR_ATOMS: Beginning = {
  input: INPUT | FIELD,
  parameters: (module, clause) => (decodes(module, clause) ? ENCODED : untrustedParameters(module, clause)),
};

/** The encoded data, and what comes with it: the name of its type, as a rule. */
const ENCODED = [0, 1];

/** True for `deserialize` and `decode` of a module that implements a behaviour for serializers. */
function decodes({ behaviours }: ModuleFacts, { keyword, name }: ClauseOfModule): boolean {
  return (
    keyword === "def" && /^(?:deserialize|decode)!?$/.test(name) && behaviours.some((one) => /Serializer$/.test(one))
  );
}

interface PossibleSink {
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
}

const NO_SINKS: readonly PossibleSink[] = [];

function hasSinks(module: ModuleFacts, clauses: ClauseMemo): boolean {
  return clauses.all(possibleSinks, module).length > 0;
}

/** The calls that are sinks if their module is a repository, or whatever it is. Macros run when the project is compiled. */
function possibleSinks(clause: ClauseOfModule): readonly PossibleSink[] {
  if (!/^(?:defp?|template)$/.test(clause.keyword)) return NO_SINKS;
  const out = clause.calls.flatMap((call) => (sinkOf(call, ANY_MODULE) ? [{ clause, call }] : []));
  return out.length > 0 ? out : NO_SINKS;
}

const ANY_MODULE = (): boolean => true;

/** The shortest way on which data from outside reaches the call, breadth first from the call back to its callers. */
function wayFromOutside(sink: Hop, flow: Flow, facts: Lookup, from: Beginning): Hops | null {
  let level: { readonly hops: Hops; readonly flow: Flow }[] = [{ hops: [sink], flow }];
  const seen = new Set<string>();
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    for (const { hops, flow } of level) if (comesFromOutside(hops[0], flow, from)) return hops;
    const next: typeof level = [];
    for (const { hops, flow } of level) {
      const [{ clause, module }] = hops;
      for (const parameter of heldParameters(flow)) {
        const key = `${module.path} ${clause.form} ${clause.name} ${parameter}`;
        if (seen.has(key)) continue;
        seen.add(key);
        for (const link of callersInOrder(facts, clause)) {
          const target = link.targets.find((candidate) => candidate.clause === clause);
          const argument = target?.parameters.findIndex((to) => parameterIndex(to) === parameter) ?? -1;
          const given = link.call.flows[argument];
          if (!given) continue;
          next.push({ hops: [{ module: link.module, clause: link.clause, call: link.call }, ...hops], flow: given });
        }
      }
    }
    level = next;
  }
  return null;
}

/** What other processes send: none of them is a client, and what a database notifies of, the program has mostly put there. */
const MESSAGES = /^handle_(?:info|cast)\/2$|^handle_call\/3$/;

/** Whether the data of that flow is what is asked for; null where those who hand it on have to tell. */
type IsKnown = (clause: ClauseOfModule, flow: Flow) => boolean | null;

/** Data of a message to a process. */
function isOfMessage(clause: ClauseOfModule): boolean | null {
  return MESSAGES.test(`${clause.name}/${clause.arity}`) ? !isTransport(clause) : null;
}

/** The key of a row: nobody chooses it. With the data of others beside it, it says nothing of those. */
function isKey(_clause: ClauseOfModule, flow: Flow): boolean | null {
  const parameters = heldParameters(flow).length;
  return flow & KEY ? parameters < 2 : parameters > 0 ? null : false;
}

/** A type of Ecto that reads with `binary_to_term` what it has dumped itself. That it has a `cast` makes no form of it. */
function readsItsOwn(module: ModuleFacts): boolean {
  if (!module.byName.has("dump") || !behavesAs(module, "Ecto.Type", "Ecto.ParameterizedType")) return false;
  return module.clauses.some(({ calls }) => calls.some(({ name }) => name === "term_to_binary"));
}

/** True where everybody known to hand the data on has what is asked for. */
function comesFrom(isKnown: IsKnown, { clause }: Hop, flow: Flow, facts: Lookup, depth = DEPTH): boolean {
  const answer = isKnown(clause, flow);
  if (answer !== null) return answer;
  const ways = heldParameters(flow).flatMap((parameter) =>
    callersInOrder(facts, clause).flatMap((link) => {
      const target = link.targets.find((candidate) => candidate.clause === clause);
      const argument = target?.parameters.findIndex((to) => parameterIndex(to) === parameter) ?? -1;
      const given = link.call.flows[argument] ?? 0;
      return given === 0 ? [] : [{ hop: { module: link.module, clause: link.clause, call: link.call }, given }];
    }),
  );
  return (
    depth > 0 && ways.length > 0 && ways.every(({ hop, given }) => comesFrom(isKnown, hop, given, facts, depth - 1))
  );
}

/** Callers in the order of their places, so that the answer does not depend on the order in which files were read. */
function callersInOrder(facts: Lookup, clause: ClauseOfModule): Link[] {
  return [...facts.callers(clause)].sort((a, b) =>
    a.module.path !== b.module.path
      ? a.module.path < b.module.path
        ? -1
        : 1
      : a.clause.form - b.clause.form || a.call.at - b.call.at,
  );
}

function comesFromOutside({ module, clause }: Hop, flow: Flow, { input, parameters }: Beginning): boolean {
  if (flow & input) return true;
  const untrusted = parameters(module, clause);
  return untrusted.length > 0 && heldParameters(flow).some((index) => untrusted.includes(index));
}

/** The parameters that a client fills, by the kind of module and the callback. */
function untrustedParameters(module: ModuleFacts, clause: ClauseOfModule): readonly number[] {
  const signature = `${clause.name}/${clause.arity}`;
  if (clause.keyword !== "def") return [];
  if (isTransport(clause)) return [0];
  for (const [behaviours, callbacks] of CALLBACKS) {
    const parameters = callbacks.get(signature);
    if (parameters && behavesAs(module, ...behaviours)) return parameters;
  }
  const isAction =
    clause.arity === 2 && !/^(?:call|init)$/.test(clause.name) && behavesAs(module, "Phoenix.Controller");
  return isAction && isConn(clause) ? [1] : [];
}

const CALLBACKS: readonly (readonly [readonly string[], ReadonlyMap<string, readonly number[]>])[] = [
  [
    ["Phoenix.LiveView", "Phoenix.LiveComponent"],
    new Map([
      ["handle_event/3", [0, 1]],
      ["handle_params/3", [0, 1]],
      ["mount/3", [0]],
    ]),
  ],
  [
    ["Phoenix.Channel"],
    new Map([
      ["handle_in/3", [0, 1]],
      ["join/3", [0, 1]],
    ]),
  ],
  [
    ["Phoenix.Socket"],
    new Map([
      ["connect/2", [0]],
      ["connect/3", [0]],
    ]),
  ],
  [["WebSock", "Phoenix.Socket.Transport"], new Map([["handle_in/2", [0]]])],
  [[":cowboy_websocket"], new Map([["websocket_handle/2", [0]]])],
  [["Phoenix.Socket.Serializer"], new Map([["decode!/2", [0]]])],
  // Ecto 3.13, "Ecto.Type": `cast/1` gets what a changeset is given, `load/1` what the program itself has dumped.
  [["Ecto.Type"], new Map([["cast/1", [0]]])],
  [["Ecto.ParameterizedType"], new Map([["cast/2", [0]]])],
];

/** A first parameter that is called `conn`, or matched as one. */
function isConn({ params: [first] }: ClauseOfModule): boolean {
  if (first?.kind === "variable") return /^_?conn$/.test(first.name);
  return first?.kind === "map" && (first.struct === null || first.struct === "Plug.Conn");
}

/** `handle_info({:tcp, socket, data}, state)` */
function isTransport({ name, arity, params: [message] }: ClauseOfModule): boolean {
  const tag = name === "handle_info" && arity === 2 && message?.kind === "tuple" ? message.items[0] : undefined;
  return tag?.kind === "atom" && /^(?:tcp|udp|ssl)$/.test(tag.value);
}

function isSame(a: readonly Tainted[], b: readonly Tainted[]): boolean {
  return sameBy(a, b, isSameWay);
}

function isSameWay(a: Tainted, b: Tainted): boolean {
  if (a.clause !== b.clause || a.call !== b.call || a.ofParameter !== b.ofParameter) return false;
  return a.sink.argument === b.sink.argument && isSameHops(a.hops, b.hops) && isSameHops(a.anew, b.anew);
}

function isSameHops(a: readonly Hop[] | null, b: readonly Hop[] | null): boolean {
  return a === null || b === null ? a === b : sameBy(a, b, isSameHop);
}

function isSameHop(a: Hop, b: Hop): boolean {
  return a.call === b.call && a.clause === b.clause && a.module.path === b.module.path;
}

/** "what a client sends to `StudyController.index/2`", "input that `TokenPlug.call/2` reads", "what `Color.cast/1` is given" */
export function originOf([first]: Hops): string {
  const name = `\`${shortName(first.module.name)}.${first.clause.name}/${first.clause.arity}\``;
  if (first.clause.name === "cast" || decodes(first.module, first.clause)) return `what ${name} is given`;
  return untrustedParameters(first.module, first.clause).length > 0
    ? `what a client sends to ${name}`
    : `input that ${name} reads`;
}

/** The hand-overs before the sink, as places to click. */
export function wayTo(hops: Hops): { readonly at: Anchor; readonly message: string }[] {
  return hops.slice(0, -1).map(({ module, clause, call }) => ({
    at: { path: module.path, form: clause.form, at: call.at },
    message: `\`${clause.name}/${clause.arity}\` hands it to \`${call.name}/${call.arity}\` here`,
  }));
}
