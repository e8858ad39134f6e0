import { sameBy } from "../../base/same-items.ts";
import type { Anchor, CallFact, ClauseOfModule, Flow, ModuleFacts } from "../../facts/facts.ts";
import { ANEW, FIELD, heldParameters, INPUT, KEY } from "../../facts/flow-bits.ts";
import type { ClauseMemo } from "../clause-memo.ts";
import { byModule } from "../conclusions.ts";
import { repos } from "../database/repos.ts";
import { effects } from "../effects/effects.ts";
import type { Hop, Hops } from "../effects/witness.ts";
import type { Lookup } from "../lookup.ts";
import { behavesAs } from "../processes/servers.ts";
import { type Beginning, comesFrom, DEPTH, wayFrom } from "./data-ways.ts";
import { type Sink, sinkOf } from "./sinks.ts";
import { isTransport, untrustedOrEncoded, untrustedParameters } from "./untrusted.ts";

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
    const here = { module, clause, call };
    const isAtom = sink.kind === "atom";
    const hops = flow === 0 ? null : wayFrom(isAtom ? FOR_ATOMS : FOR_OTHERS, here, flow, facts);
    const ofParameter = heldParameters(flow).length > 0;
    const isKnown = sink.kind === "term" ? isOfMessage : sink.kind === "sql" ? isKey : null;
    const known = !hops && ofParameter && isKnown !== null && comesFrom(isKnown, here, flow, facts);
    const anew = isAtom && !hops && flow !== 0 ? wayFromNew(here, flow, facts) : null;
    out.push({ clause, call, sink, hops, ofParameter: ofParameter && !known, anew });
  }
  return out.length > 0 ? out : NONE;
}

/** The way from a value that is new each time, where it is made more often than when the node or its only process starts. */
function wayFromNew(sink: Hop, flow: Flow, facts: Lookup): Hops | null {
  const hops = wayFrom(FOR_NEW, sink, flow, facts);
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

const FOR_OTHERS: Beginning = { input: INPUT, parameters: untrustedParameters };
/** What is read from a store may be anything as well: atoms made of it outlive it. */
const FOR_ATOMS: Beginning = { input: INPUT | FIELD, parameters: untrustedOrEncoded };

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

/** What other processes send: none of them is a client, and what a database notifies of, the program has mostly put there. */
const MESSAGES = /^handle_(?:info|cast)\/2$|^handle_call\/3$/;

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

/** The hand-overs before the sink, as places to click. */
export function wayTo(hops: Hops): { readonly at: Anchor; readonly message: string }[] {
  return hops.slice(0, -1).map(({ module, clause, call }) => ({
    at: { path: module.path, form: clause.form, at: call.at },
    message: `\`${clause.name}/${clause.arity}\` hands it to \`${call.name}/${call.arity}\` here`,
  }));
}
