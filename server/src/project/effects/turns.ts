import type { CallFact, ClauseOfModule, LoopFact, ModuleFacts } from "../../facts/facts.ts";
import { dependence, ELEMENT, parameterFlow } from "../../facts/flow-bits.ts";
import { isAtomShape, type Shape, sameShape } from "../../facts/shape.ts";
import type { Effect } from "./effect.ts";
import type { ModuleEffects } from "./effects.ts";
import { CHANGES_FILES } from "./outward.ts";
import { lastHop, type Witness } from "./witness.ts";

/** What takes longer than a query: where that is done for each element, it is not the queries that are slow. */
const SLOWER: readonly Effect[] = ["http", "mail", "sleep", "os-command"];
/** Farther away, something slow is done in rare cases only. */
const MAX_SLOW_HOPS = 4;

/** Collections whose elements are databases or tables, not rows, or attempts: one query each is what is meant. */
const DATABASES = /(?:^|_)(?:tenants?|prefix(?:es)?|repos?|shards?|schemas?|tables?|attempts?|retr(?:y|ies))(?:$|_)/i;

/** The calls of one turn of the loop around the call, itself included. */
export function sameTurn(clause: ClauseOfModule, call: CallFact): readonly CallFact[] {
  return clause.calls.filter((other) => other.loop === call.loop);
}

/** True when each turn of the loop waits for something slower than a query, or did so where its elements were made. */
export function waitsLonger(
  known: ModuleEffects,
  clause: ClauseOfModule,
  call: CallFact,
  more: readonly Effect[] = [],
): boolean {
  return [...sameTurn(clause, call), ...makingElements(clause, clause.loops[call.loop]?.collection)].some(
    (other) =>
      known.runs(other, clause) &&
      [...SLOWER, ...more].some((effect) => known.does(other, effect) && isUsual(known.of(other, effect))),
  );
}

/** The calls for each element of the list of which the loop's own was mapped: `urls |> Enum.map(&download/1) |> Enum.map(…)`. */
function makingElements(clause: ClauseOfModule, collection: Shape | undefined): readonly CallFact[] {
  if (collection?.kind !== "call" || !/^(?:Enum|Stream)$/.test(collection.module ?? "")) return [];
  const [list] = collection.args;
  const kind = `${collection.module}.${collection.name}`;
  const before = clause.loops.findIndex((loop) => loop.kind === kind && sameShape(loop.collection, list));
  const own = /map$/.test(collection.name) ? clause.calls.filter(({ loop }) => loop >= 0 && loop === before) : [];
  return [...own, ...makingElements(clause, list)];
}

/** True for what is near, or stands in no branch all the way: wrappers of a client may be many. */
function isUsual(witness: Witness | null): boolean {
  if (!witness) return false;
  return witness.hops.length <= MAX_SLOW_HOPS || witness.hops.every(({ call }) => call.branch < 0);
}

/**
 * True for elements that come one by one out of a stage: there is no list of them for which one could ask at once. What streams from the
 * database comes of a query, which can say it.
 */
export function isStaged({ kind, collection }: LoopFact): boolean {
  return kind.startsWith("Flow.") || comesFromStage(collection);
}

function comesFromStage(shape: Shape | undefined): boolean {
  if (shape?.kind !== "call" || shape.module === "Enum") return false;
  return shape.module === "Flow" || shape.module === "GenStage" || comesFromStage(shape.args[0]);
}

/**
 * True when what was done for the element before decides what the query finds: it was written, its tenant's database or
 * rights were chosen, or a transaction of its own was begun. One query for all elements would not see that.
 */
export function followsItsElement(known: ModuleEffects, { hops }: Witness): boolean {
  return hops.some(({ clause, call }, i) => {
    const around = i > 0 ? clause.calls : sameTurn(clause, call);
    if (around.some((other) => other !== call && isTransaction(known, other))) return true;
    const mask = i > 0 ? ~1 : 1;
    const before = clause.calls.slice(0, clause.calls.indexOf(call));
    return before.some(
      (other) =>
        other.runs === "inline" &&
        (i > 0 || other.loop === call.loop) &&
        other.flows.some((flow) => dependence(flow) & mask) &&
        (/^put_/.test(other.name) || writesForIt(known, other)),
    );
  });
}

const TRANSACTION = /^transac(?:t|tion)$/;

/** True for what begins a transaction, itself or behind the project's own words for it: `execute(multi)`. */
function isTransaction(known: ModuleEffects, call: CallFact): boolean {
  if (TRANSACTION.test(call.name)) return true;
  if (call.runs !== "inline" || known.targets(call).length === 0) return false;
  const write = known.of(call, "db-write");
  return write !== null && write.hops.length <= MAX_SLOW_HOPS && TRANSACTION.test(lastHop(write).call.name);
}

/** Outcomes of a call on which depends what is done next. */
export const DECIDES: ReadonlySet<string> = new Set(["checked", "failed", "asked"]);

/** True where a row that is found is changed, and otherwise one is inserted: `case get(code) do nil -> …; lane -> update(lane) end`. */
export function updatesWhatItFinds(known: ModuleEffects, { hops }: Witness): boolean {
  return hops.some(({ clause, call }) => {
    if (!DECIDES.has(call.outcome)) return false;
    const at = clause.calls.indexOf(call);
    const ways = clause.branches.flatMap(({ on }, i) => (on === at ? [i] : []));
    if (ways.length < 2) return false;
    // `case get(code) do nil -> %Lane{}; lane -> lane end |> Lane.changeset(row) |> Repo.insert_or_update()`
    if (clause.calls.slice(at + 1).some(({ name, branch }) => branch === call.branch && UPSERTS.test(name)))
      return true;
    // Where none is there, `create_seat/2` does what it does: one statement for all rows would leave that out.
    if (ways.some((way) => createsOn(known, clause, way))) return true;
    const writing = (write: RegExp): number | undefined => ways.find((way) => writesOn(known, clause, way, write));
    const inserts = (than: number): boolean =>
      ways.some((way) => way !== than && writesOn(known, clause, way, /^insert!?$/));
    // `case get(code) do nil -> create(code); lane -> delete(lane) end`: what is there is replaced.
    return [writing(/^update!?$/), writing(/^delete!?$/)].some((way) => way !== undefined && inserts(way));
  });
}

/** True where a function of the project that does more than to insert, as to check rights or to tell others, makes the row. */
function createsOn(known: ModuleEffects, { calls }: ClauseOfModule, way: number): boolean {
  return calls.some((call) => {
    const write = call.branch === way && /^create(?:_|!?$)/.test(call.name) ? known.of(call, "db-write") : null;
    return write !== null && write.hops.length > 2;
  });
}

const UPSERTS = /^insert_or_update!?$/;

function writesOn(known: ModuleEffects, { calls }: ClauseOfModule, way: number, name: RegExp): boolean {
  return calls.some((call) => {
    const write = call.branch === way ? known.of(call, "db-write") : null;
    return write !== null && name.test(lastHop(write).call.name);
  });
}

/** Farther away, what is done where nothing is found is no more what the function is for. */
const MAX_MAKING_HOPS = 6;

/** True where a row that is not found is fetched from elsewhere, or made with files: `case get(url) do nil -> download(url); … end`. */
export function fetchesWhatItLacks(known: ModuleEffects, { hops }: Witness): boolean {
  const isSlow = (call: CallFact): boolean =>
    changesFiles(known, call) ||
    SLOWER.some((effect) => (known.of(call, effect)?.hops.length ?? Number.POSITIVE_INFINITY) <= MAX_MAKING_HOPS);
  return hops.some(({ clause, call }, i) => {
    if (onWaysOf(clause, call).some((other) => known.runs(other, clause) && isSlow(other))) return true;
    // Of the query itself, or of a function that is one: what tries several ways to find something looks for it in each.
    const missing = i >= hops.length - 2 ? whereNothing(known, clause, call) : [];
    return missing.some((other) => other.calls.some((made) => known.runs(made, other) && isSlow(made)));
  });
}

/** The calls in the branches of a `case` of the call's value. */
function onWaysOf({ calls, branches }: ClauseOfModule, call: CallFact): readonly CallFact[] {
  if (!DECIDES.has(call.outcome)) return [];
  const at = calls.indexOf(call);
  const isOn = (branch: number): boolean => {
    const fact = branches[branch];
    return fact !== undefined && (fact.on === at || isOn(fact.parent));
  };
  return calls.filter(({ branch }) => isOn(branch));
}

/** The clauses for `nil` of functions that get the call's value: `code |> get() |> keep_or_return(code)`. */
function whereNothing(known: ModuleEffects, { calls }: ClauseOfModule, call: CallFact): readonly ClauseOfModule[] {
  return calls.flatMap((other) => {
    const at = other.args.findIndex(
      (arg) => arg.kind === "call" && arg.name === call.name && arg.module === call.module,
    );
    if (at < 0) return [];
    return known.targets(other).flatMap(({ clause, parameters }) => {
      const param = clause.params[parameters[at] ?? -1];
      return isAtomShape(param, "nil") ? [clause] : [];
    });
  });
}

/** True where the call changes files, itself or in a function near. */
function changesFiles(known: ModuleEffects, call: CallFact, depth = 3): boolean {
  if (depth === 0 || !known.does(call, "file")) return false;
  if (known.targets(call).length === 0) return CHANGES_FILES.test(call.name);
  return known.targets(call).some(({ clause }) => clause.calls.some((inner) => changesFiles(known, inner, depth - 1)));
}

/** Two kinds of elements may share a query; from three on, each has a reason of its own. */
const KINDS = 3;

/** True where the way leads through a function that makes another query for each kind of element, by its clauses: no one query is all of them. */
export function asksByKind(known: ModuleEffects, { hops }: Witness): boolean {
  return hops.some(({ call }) => {
    const targets = known.targets(call);
    if (targets.length < KINDS) return false;
    const queries = targets.flatMap(({ clause }) => {
      const read = clause.calls.find((one) => QUERYING.test(one.name) && known.targets(one).length === 0);
      return read && known.does(read, "db-read") ? [read] : [];
    });
    return queries.length >= KINDS;
  });
}

/** `Enum.map(queries, &Repo.all/1)` */
const QUERYING = /^(?:all|one!?|exists\?|stream|aggregate)$/;

/**
 * True when the element decides in which table, or in which tenant's schema, the query reads, or is itself the query: no one query
 * reads in all of them.
 */
export function aimsByElement(known: ModuleEffects, { hops }: Witness): boolean {
  const [{ call: first }] = hops;
  if (hops.length === 1 && first.captured && QUERYING.test(first.name)) return true;
  let mask: number = ELEMENT;
  for (const [i, { call }] of hops.entries()) {
    const next = hops[i + 1];
    if (!next) return call.aim !== null && (call.aim.place & mask) !== 0;
    const target = known.targets(call).find(({ clause }) => clause === next.clause);
    let given = 0;
    call.flows.forEach((flow, argument) => {
      const parameter = target?.parameters[argument];
      if (parameter !== undefined && dependence(flow) & mask) given |= dependence(parameterFlow(parameter));
    });
    mask = given;
  }
  return false;
}

/**
 * True where the way leads through a changeset function that looks something up for one of its changes only, and the attributes
 * that it is given are written out without that one: `Seat.changeset(seat, %{row: row})`.
 */
export function lacksChange({ hops }: Witness): boolean {
  return hops.some(({ call: { args } }, i) => {
    const next = hops[i + 1];
    if (!next) return false;
    const given = args.flatMap((arg) => (arg.kind === "map" && arg.struct === null ? arg.keys : []));
    const changes = next.clause.calls.flatMap(({ name, args: [, key] }) =>
      /^(?:get|fetch)_change!?$/.test(name) && key?.kind === "atom" ? [key.value] : [],
    );
    const isOfChange = next.call.args
      .flatMap((arg) => (arg.kind === "keyword" ? arg.entries.map(([, value]) => value) : [arg]))
      .some((arg) => arg.kind === "variable" && changes.includes(arg.name) && !given.includes(arg.name));
    return given.length > 0 && next.call.branch >= 0 && isOfChange;
  });
}

function writesForIt(known: ModuleEffects, call: CallFact): boolean {
  return (
    (known.perArgument(call, "db-write") ?? known.perElement(call, "db-write")) !== null && !isOptional(known, call)
  );
}

/** True where one of the clauses that the call may run does nothing at all: what is done in rare cases decides little. */
export function isOptional(known: ModuleEffects, call: CallFact): boolean {
  return known.targets(call).some(({ clause }) => clause.defaults === 0 && clause.calls.length === 0);
}

/** Batches, short lists, databases, and loops that stop when they have found something or failed. */
export function isDeliberate(loop: LoopFact): boolean {
  return loop.chunked || loop.fixed || loop.kind.endsWith(".reduce_while") || isOfDatabases(loop.collection);
}

/** "the `Enum.each`", or for a function that goes through a list itself "the list that `drop/2` goes through". */
export function nameOfLoop({ kind }: LoopFact, { name, arity }: ClauseOfModule): string {
  return kind === "recursion" ? `the list that \`${name}/${arity}\` goes through` : `the \`${kind}\``;
}

type Functions = (module: string | null) => readonly ModuleFacts[];

/** True for the elements of a function that is given nothing but what is written out, and asks nobody: `def kinds, do: @kinds`. */
export function isConstant({ collection }: LoopFact, functions: Functions): boolean {
  return isWrittenOut(collection, functions);
}

/** What sets and lists are made of others by, with no more elements than the first of them has. */
const PART =
  /^(?:new|to_list|difference|intersection|filter|reject|uniq|sort|sort_by|reverse|shuffle|keys|values|take)$/;

function isWrittenOut(shape: Shape | undefined, functions: Functions): boolean {
  if (shape?.kind !== "call") return false;
  const { module, name, args } = shape;
  if (module !== null && /^(?:Enum|MapSet|Map|Keyword)$/.test(module))
    return PART.test(name) && isWrittenOut(args[0], functions);
  return (
    args.every(({ kind }) => kind === "atom" || kind === "string") && asksNobody(module, name, args.length, functions)
  );
}

/** Farther away, nobody knows. */
const MAX_CONSTANT = 4;

function asksNobody(module: string | null, name: string, arity: number, functions: Functions, depth = 0): boolean {
  if (depth > MAX_CONSTANT) return false;
  const owners = functions(module);
  const clauses = owners.flatMap(({ byName }) => (byName.get(name) ?? []).filter((clause) => clause.arity === arity));
  const own =
    (called: string | null): Functions =>
    (other) =>
      functions(other ?? called);
  return (
    clauses.length > 0 &&
    clauses.every(({ calls }) =>
      calls.every((call) => {
        if (call.target !== null || call.template) return false;
        return call.module === "Application" || asksNobody(call.module, call.name, call.arity, own(module), depth + 1);
      }),
    )
  );
}

/** By the name of the variable, or of the function that gives the collection, behind what filters and sorts it. */
function isOfDatabases(shape: Shape | undefined): boolean {
  if (shape?.kind === "atom" || shape?.kind === "string") return DATABASES.test(shape.value);
  if (shape?.kind === "variable") return DATABASES.test(shape.name);
  if (shape?.kind !== "call") return false;
  // What a function of the project is given besides names no elements: the rows of one table are many.
  return (
    DATABASES.test(shape.name) || (HANDS_ON.test(shape.module ?? "") && shape.args.slice(0, 2).some(isOfDatabases))
  );
}

/** Modules whose functions hand on what they are given, or what a key that they are given stands for: `get_env(:shop, :ecto_repos)`. */
const HANDS_ON = /^(?:Enum|Stream|Map|Keyword|List|MapSet|Application)$/;
