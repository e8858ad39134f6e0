import type { Call, Def, Node } from "../syntax/ast.ts";
import { boundValues, isBoundOnce } from "../syntax/binding.ts";
import { type Env, uses } from "../syntax/env.ts";
import { boundNames } from "../syntax/flow.ts";
import { ancestors, callsIn, find, mentions, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import { waysOut, wholeName } from "./callback.ts";
import { type EntryLookup, EntryUses } from "./entry-uses.ts";
import type { EntryFacts, EntryKey } from "./facts.ts";
import { keepsFresh } from "./fresh.ts";
import { PURE_MODULES } from "./pure.ts";
import { SerialNumbers } from "./serial-numbers.ts";
import { isStateLike } from "./state-variables.ts";
import { isFresh, LOGGING } from "./state-words.ts";

/** Behaviours of processes that keep a state from message to message. */
const PROCESSES: readonly string[] =
  `GenServer GenStage GenStateMachine :gen_server :gen_statem WebSock Phoenix.Socket.Transport Phoenix.Channel WebSockex
   :cowboy_websocket`.split(/\s+/);
/** Ends the timer, or the waiting, that an entry stands for. */
const CANCELS = /^(?:Process\.cancel_timer|:erlang\.cancel_timer|:timer\.cancel)$/;
const ANSWERS = /^(?:(?:GenServer|GenStage|:gen_server|:gen_statem)\.reply|Phoenix\.Channel\.reply)$/;
const STARTS_TIMER = /^(?:Process\.send_after|:erlang\.(?:send_after|start_timer)|:timer\.\w+)$/;

/** Of functions that have nothing to do with entries, one for all. */
const NOTHING: EntryFacts = { adds: [], answers: [], begins: [], otherwise: [], handsTo: [], ends: false };

/** True for the functions of modules that are processes with a state. */
export function isOfProcess(env: Env): boolean {
  return env.behaviours.some((one) => PROCESSES.includes(one)) || PROCESSES.some((one) => uses(env, one));
}

/**
 * What a function of a process does with the entries of maps that its state holds.
 * @param written the calls in its body
 */
export function entriesOf(def: Def, written: readonly Call[], env: Env, anchors: Anchors): EntryFacts | null {
  if (!isOfProcess(env) || !def.body) return null;
  const calls = def.sections.length > 0 ? [...written, ...def.sections.flatMap(callsIn)] : written;
  const read = new EntryUses(def);
  const changed = new Set([...read.otherwise, ...read.begun, ...read.added.map(({ field }) => field)]);
  const answered = read.lookups.flatMap((lookup) => {
    const by = changed.has(lookup.field) ? null : endOf(lookup, def, calls);
    return by ? [{ ...lookup, by }] : [];
  });
  const done = new Set(answered.map(({ field }) => field));
  // Who reads an entry and does not end it may read one that was answered before: a history.
  for (const { field } of read.lookups) if (!done.has(field)) read.otherwise.add(field);
  const facts: EntryFacts = {
    adds: read.added.length > 0 ? addsOf(read, def, anchors) : [],
    answers: answered.map(({ node, field, by }) => ({ at: anchors.add(node), field, by })),
    begins: [...read.begun, ...(read.structs.some((struct) => isState(struct, env)) ? ["*"] : [])],
    otherwise: [...read.otherwise],
    handsTo: handedTo(def, calls, env),
    ends: waysOut(def).every(isEnd),
  };
  return Object.values(facts).every((said) => said === false || (Array.isArray(said) && said.length === 0))
    ? NOTHING
    : facts;
}

function addsOf({ added }: EntryUses, def: Def, anchors: Anchors): EntryFacts["adds"] {
  const numbers = new SerialNumbers(def);
  return added.map(({ field, node, key }) => ({ at: anchors.add(node), field, key: keyOf(key, def, numbers) }));
}

/** How the function ends what the entry stands for, and goes on after that; null where it does not. */
function endOf({ node, pattern }: EntryLookup, def: Def, calls: readonly Call[]): "timer" | "caller" | null {
  const names = pattern ? boundNames(pattern) : namesOfEntry(node);
  takeParts(names, def);
  const isOfEntry = (part: Node): boolean => mentions(part, names) || find(part, (one) => one === node) !== null;
  for (const call of calls) {
    const [what] = call.args;
    const by = CANCELS.test(called(call)) ? "timer" : ANSWERS.test(called(call)) ? "caller" : null;
    if (by && what && isOfEntry(what) && goesOn(call, def)) return by;
  }
  return null;
}

function called({ module, name }: Call): string {
  return `${module}.${name}`;
}

/** The variables that are bound to what a look-up gives. */
function namesOfEntry(lookup: Node): Set<string> {
  const { parent } = lookup;
  if (parent?.type === "binary" && /^(?:=|<-)$/.test(parent.operator)) return boundNames(parent.left);
  return parent?.type === "call" && parent.name === "case" ? namesOfCase(parent) : new Set();
}

function namesOfCase(call: Call): Set<string> {
  const names = new Set<string>();
  for (const { clauses } of call.sections)
    for (const { patterns } of clauses) for (const pattern of patterns) boundNames(pattern, names);
  return names;
}

/** Adds the variables that are bound to parts of what those hold: `{from, timer} = entry`, `case entry do …`. */
function takeParts(names: Set<string>, def: Def): void {
  visit(def, (node) => {
    if (node.type === "binary" && /^(?:=|<-)$/.test(node.operator) && isPartOf(node.right, names))
      boundNames(node.left, names);
    else if (node.type === "call" && node.name === "case" && node.args[0] && isPartOf(node.args[0], names))
      for (const name of namesOfCase(node)) names.add(name);
  });
}

/** `entry`, `entry.timer` */
function isPartOf(node: Node, names: ReadonlySet<string>): boolean {
  if (node.type === "field" || node.type === "access") return isPartOf(node.object, names);
  return node.type === "variable" && names.has(node.name);
}

/** True when a way out of the branch in which the node stands does not end the process. */
function goesOn(node: Node, def: Def): boolean {
  const ways = waysOut(def);
  for (const around of ancestors(node)) {
    if (around.type !== "clause" && around.type !== "section" && around !== def) continue;
    const within = ways.filter((way) => around === def || find(around, (one) => one === way) !== null);
    if (within.length > 0) return within.some((way) => !isEnd(way));
  }
  return false;
}

/** `{:stop, …}` */
function isEnd(way: Node): boolean {
  const tag = way.type === "tuple" ? way.items[0] : undefined;
  return tag?.type === "atom" && /^(?:stop|close|stop_and_reply|shutdown)$/.test(tag.value);
}

/** `%State{…}`: the whole is made anew. */
function isState(name: string, { module }: Env): boolean {
  return name === module || /(?:State|Data|Socket)$/.test(name);
}

/** The modules whose functions get the whole state; `?` where it is not known which. */
function handedTo(def: Def, calls: readonly Call[], env: Env): readonly string[] {
  const isCallback = /^(?:handle_|websocket_|init|join)/.test(def.name ?? "");
  const wholes = def.params.map(wholeName).filter((name, i, { length }) => {
    const isLast = i === length - 1;
    return name !== null && ((isCallback && isLast) || /(?:^|_)(?:state|socket)$/.test(name));
  });
  const isWhole = (arg: Node): boolean =>
    arg.type === "variable" && (wholes.includes(arg.name) || isStateLike(arg) || arg.name === "socket");
  const modules = new Set<string>();
  for (const { module, target, args } of calls) {
    if (!args.some(isWhole)) continue;
    if (module === null ? target !== null : module !== env.module && !PURE_MODULES.has(module) && !LOGGING.test(module))
      modules.add(module ?? "?");
  }
  return [...modules];
}

/** Whether a key is another one each time; null where it may come again, or that is not known. */
function keyOf(key: Node, def: Def, numbers: SerialNumbers, seen: readonly Node[] = []): EntryKey | null {
  if (seen.includes(key) || seen.length > MAX_STEPS) return null;
  const next = (node: Node): EntryKey | null => keyOf(node, def, numbers, [...seen, key]);
  if (numbers.of(key) !== null) return { kind: "new" };
  switch (key.type) {
    case "field": {
      // A field of what the function is given is as old as that.
      const whole = next(key.object);
      return whole?.kind === "parameter" ? null : whole;
    }
    case "tuple":
      return firstOf(key.items, next);
    case "variable": {
      const value = boundValues(key, key.name).findLast((one) => isBefore(one, key));
      if (value) return next(value);
      if (!isBoundOnce(key)) return null;
      const index = def.params.findIndex((param) => param.type === "variable" && param.name === key.name);
      return index >= 0 ? { kind: "parameter", index } : matchedCall(def, key.name, next);
    }
    case "call":
      if (isFresh(key) || STARTS_TIMER.test(called(key))) return { kind: "new" };
      if (key.target) return null;
      if (keepsFresh(key) || (key.module !== null && PURE_MODULES.has(key.module))) return firstOf(key.args, next);
      return { kind: "call", module: key.module, name: key.name, arity: key.args.length };
    default:
      return null;
  }
}

/** True for the value of a match that has run wherever the node runs: it stands before, in a block around the node. */
function isBefore(value: Node, node: Node): boolean {
  const block = value.parent?.parent;
  if (!block || value.end > node.start) return false;
  for (const around of ancestors(node)) if (around === block) return true;
  return false;
}

/** How many variables and fields a key is followed through. */
const MAX_STEPS = 6;

function firstOf(nodes: readonly Node[], of: (node: Node) => EntryKey | null): EntryKey | null {
  for (const node of nodes) {
    const found = of(node);
    if (found?.kind === "new") return found;
  }
  return null;
}

/** `{:ok, ref} = Gate.ask(…)`, `{id, state} = next_id(state)` */
function matchedCall(def: Def, name: string, of: (node: Node) => EntryKey | null): EntryKey | null {
  const match = find(
    def,
    (node) => node.type === "binary" && /^(?:=|<-)$/.test(node.operator) && boundNames(node.left).has(name),
  );
  return match?.type === "binary" && match.right.type === "call" ? of(match.right) : null;
}
