import { errorOf } from "../../facts/error.ts";
import { type Anchor, type CallFact, type ClauseOfModule, headOf, type ModuleFacts } from "../../facts/facts.ts";
import { canMatch, isAtomShape, isOpen, type Shape } from "../../facts/shape.ts";
import { listOf } from "../conclusions.ts";
import type { Lookup } from "../lookup.ts";
import { packages } from "../packages.ts";
import { isTool } from "../tools.ts";
import { isAsked } from "./asked.ts";
import { type Sender, senders } from "./senders.ts";
import { behavesAs } from "./servers.ts";
import { type Touches, touches } from "./touches.ts";

/** A request of a server, or an error that it answers with, that no test brings about. */
export interface Gap {
  /** As the source has it: `{:hold, …}`, `{:error, :empty}`. */
  readonly what: string;
  readonly at: Anchor;
  /** `name/arity` of the public function that sends it; null for errors, and where none does. */
  readonly by: string | null;
}

/** A GenServer of which tests leave something out. */
export interface UntestedServer {
  readonly module: string;
  readonly at: Anchor;
  /** How many kinds of request it takes. */
  readonly requests: number;
  readonly untested: readonly Gap[];
  readonly errors: readonly Gap[];
  /** True when a test of it ends a process. */
  readonly restarted: boolean;
  /** Where its tests would stand; null where there is such a file, or a module of that name. */
  readonly newTest: string | null;
}

/**
 * The servers whose requests no test sends: not by a message, not by a function that sends it, nor by anything that calls
 * such a function. What a framework runs counts as tested when its module is.
 */
export const untested = listOf({
  name: "untested",
  slices: ["tests", "functions", "uses", "quoted", "packages"],
  subjects: (facts) => (isTried(facts) ? facts.where(isServer) : []),
  conclude: untestedIn,
});

/** An example next to what it shows has no production to find anything out in. */
function isTried(facts: Pick<Lookup, "read">): boolean {
  return facts.read(touches).any && facts.read(packages).mix?.example !== true;
}

function untestedIn(facts: Lookup, server: ModuleFacts): readonly UntestedServer[] {
  const found = new Search(facts).server(server);
  return found ? [found] : [];
}

function isServer(module: ModuleFacts): boolean {
  return (
    module.fileClass === "code" && behavesAs(module, "GenServer") && !isTool(module) && !HELPS_TESTS.test(module.path)
  );
}

/** An application of an umbrella that only tests depend on. */
const HELPS_TESTS = /\/(?:testing|test_support|test_helpers?)\/lib\//;

/** `{:reply, state, state}`: nothing that a test could find out. */
function isGetter({ clauses }: Request): boolean {
  return clauses.every(({ calls, callback }) => {
    const ways = callback?.returns ?? [];
    return calls.length === 0 && ways.length > 0 && ways.every(repliesState);
  });
}

function repliesState(way: Shape): boolean {
  const [tag, reply, state, more] = way.kind === "tuple" ? way.items : [];
  if (!isAtomShape(tag, "reply") || reply?.kind !== "variable" || state?.kind !== "variable" || more) return false;
  return reply.name === state.name;
}

/** The clauses of a server for one kind of request. */
interface Request {
  readonly kind: "call" | "cast";
  readonly what: string;
  readonly clauses: ClauseOfModule[];
}

/** Sends that are not followed. */
const ELSEWISE = /^(?:GenServer|:gen_server)\.(?:multi_call|abcast|send_request)$/;
const ENDS = /^(?:Process\.exit|GenServer\.stop|(?:Dynamic)?Supervisor\.(?:terminate_child|restart_child|stop))\/\d$/;
/** Whose callbacks have other names than a GenServer's. */
const PROCESSES = [
  ":gen_statem",
  "GenStateMachine",
  "GenStage",
  "Broadway",
  "Flow",
  "ThousandIsland.Handler",
  "DBConnection",
];
const JOB = /Worker$|^Oban|Job$/;
/** Who is asked for: functions that something gets to, and those that it calls itself, whatever they are given. */
interface Way {
  reached(module: ModuleFacts, clause: ClauseOfModule): boolean;
  called(module: ModuleFacts, clause: ClauseOfModule): boolean;
}
/** How many functions of its own module a message may be handed through. */
const DEPTH = 3;

class Search {
  private readonly tests: Touches;
  private readonly reached = new Map<ClauseOfModule, boolean>();
  private readonly byTests: Way = {
    reached: (module, clause) => this.isReached(module, clause),
    called: (module, clause) => this.isCalled(module, clause),
  };
  private readonly byProject: Way = {
    reached: (module, clause) => isAsked(this.facts, module, clause),
    called: () => false,
  };

  constructor(private readonly facts: Lookup) {
    this.tests = facts.read(touches);
  }

  server(module: ModuleFacts): UntestedServer | null {
    const { tests } = this;
    if (tests.doctests.has(module.name)) return null;
    if (this.facts.named(module.name).length > 1 || this.facts.once(sendsElsewise, module)) return null;
    const all = this.facts.once(requestsOf, module);
    const own = tests.of(module.name);
    if (all.length === 0 || own.some((test) => test.sendsAnything)) return null;
    const tested = all.filter((request) => this.isTested(module, request));
    const left = all.filter((request) => !tested.includes(request) && this.isSentAtAll(module, request));
    const errors = this.errorsLeft(
      module,
      tested.flatMap(({ clauses }) => clauses),
    );
    if (left.every(isGetter) && errors.length === 0) return null;
    return {
      module: module.name,
      at: headOf(module),
      requests: all.length,
      untested: left.map((request) => {
        const [first] = request.clauses as [ClauseOfModule];
        return {
          what: request.what,
          at: { path: module.path, form: first.form, at: first.at },
          by: this.senderOf(module, request),
        };
      }),
      errors,
      restarted: own.some(({ calls }) => [...calls].some((call) => ENDS.test(call))),
      newTest: this.newTest(module),
    };
  }

  private isTested(server: ModuleFacts, request: Request): boolean {
    const isMeant = (message: Shape): boolean => matches(request, message);
    if (this.tests.messages.some(({ kind, message }) => kind === request.kind && isMeant(message))) return true;
    return this.sendersTo(server, request).some((sender) => this.isSent(server, sender, request, this.byTests));
  }

  /** False for a request of which nothing in the project makes use. */
  private isSentAtAll(server: ModuleFacts, request: Request): boolean {
    return this.sendersTo(server, request).some((sender) => this.isSent(server, sender, request, this.byProject));
  }

  private sendersTo({ name }: ModuleFacts, { kind }: Request): readonly Sender[] {
    const { facts } = this;
    return [
      ...facts.ask(() => facts.read(senders).to(kind, name)),
      ...facts.ask(() => facts.read(senders).to(kind, null)),
    ];
  }

  /** True when the sender is brought to send the request on such a way. */
  private isSent(server: ModuleFacts, sender: Sender, request: Request, by: Way, depth = 0): boolean {
    const { message, clause, module } = sender;
    if (!isOpen(message)) return matches(request, message) && by.reached(module, clause);
    const isOwn = sender.origin === server;
    if (by.called(module, clause)) return true;
    const parameter =
      message.kind === "variable"
        ? clause.params.findIndex((param) => param.kind === "variable" && param.name === message.name)
        : -1;
    // What another module passes on, and what it is, is not known: it may be for any server.
    if (parameter < 0 || depth === DEPTH) return isOwn && by.reached(module, clause);
    return this.facts.callers(clause).some((link) => {
      const target = link.targets.find((candidate) => candidate.clause === clause);
      const given = link.call.args[target?.parameters.indexOf(parameter) ?? -1];
      return (
        given !== undefined &&
        this.isSent(
          server,
          { ...sender, module: link.module, clause: link.clause, message: given },
          request,
          by,
          depth + 1,
        )
      );
    });
  }

  /** True when a test calls the clause, or anything from which calls lead to it. */
  private isReached(module: ModuleFacts, clause: ClauseOfModule): boolean {
    const known = this.reached.get(clause);
    if (known !== undefined) return known;
    const way = new Map([[clause, module]]);
    let found = false;
    for (const [at, owner] of way) {
      found = this.reached.get(at) ?? (this.isCalled(owner, at) || this.isRun(owner, at));
      if (found) break;
      for (const link of this.facts.callers(at)) way.set(link.clause, link.module);
      // `Task.Supervisor.start_child(supervisor, __MODULE__, :collect, [path])`
      for (const other of owner.clauses) if (handsOver(other, at.name)) way.set(other, owner);
    }
    this.reached.set(clause, found);
    if (!found) for (const at of way.keys()) this.reached.set(at, false);
    return found;
  }

  private isCalled({ name }: ModuleFacts, clause: ClauseOfModule): boolean {
    for (let arity = clause.arity - clause.defaults; arity <= clause.arity; arity++)
      if (this.tests.calls.has(`${name}.${clause.name}/${arity}`)) return true;
    return false;
  }

  /** True for what a framework runs, in modules that tests touch, or that no test needs to name. */
  private isRun(module: ModuleFacts, clause: ClauseOfModule): boolean {
    if (module.keyword === "template") return this.tests.dispatches;
    // Whoever calls the protocol may get here.
    if (module.keyword === "defimpl") return true;
    // A process that runs beside the tests gets there by what they do to others.
    if (clause.callback !== null || behavesAs(module, ...PROCESSES)) return true;
    // So does a handler of `:gen_event` or of telemetry, which runs with whatever is noted.
    if (clause.name === "handle_event" && (clause.arity === 2 || clause.arity === 4)) return true;
    // So does a job, and whoever is configured with the implementation of a behaviour.
    if (
      module.behaviours.some((behaviour) => behaviour !== "GenServer") ||
      module.uses.some(({ module: used }) => JOB.test(used))
    )
      return true;
    // So does what a module that it uses asks of it.
    if (module.uses.some((use) => this.facts.named(use.module).some((used) => declares(used, clause)))) return true;
    if (behavesAs(module, "GenServer")) return false;
    const { uses, name } = module;
    if (uses.length === 0) return false;
    if (behavesAs(module, "Application", "Supervisor") || this.tests.modules.has(name)) return true;
    return this.tests.dispatches && /Web(?:\.|$)|Controller|Live|Channel|Plug|Resolver|Schema|API|Api/.test(name);
  }

  private errorsLeft(module: ModuleFacts, clauses: readonly ClauseOfModule[]): Gap[] {
    const own = this.tests.of(module.name);
    const left = new Map<string, Gap>();
    for (const clause of clauses) {
      for (const way of clause.callback?.returns ?? []) {
        const [tag, answer] = way.kind === "tuple" ? way.items : [];
        if (!answer || !isAtomShape(tag, "reply")) continue;
        const reason = errorOf(answer);
        if (reason === null || reason === "_" || own.some(({ errors }) => errors.has("_"))) continue;
        if (this.tests.errors.has(reason) || left.has(reason)) continue;
        const at = { path: module.path, form: clause.form, at: clause.at };
        left.set(reason, { what: shown(answer), at, by: null });
      }
    }
    return [...left.values()];
  }

  private senderOf(module: ModuleFacts, request: Request): string | null {
    const sender = this.sendersTo(module, request).find(
      ({ message, clause, module: owner }) =>
        owner === module && clause.keyword === "def" && !isOpen(message) && matches(request, message),
    );
    return sender ? `${sender.clause.name}/${sender.clause.arity}` : null;
  }

  private newTest({ name, path }: ModuleFacts): string | null {
    const file = path.replace(/^(.*)\/lib\/(.*)\.ex$/, "$1/test/$2_test.exs");
    const taken = file === path || this.tests.paths.has(file) || this.facts.named(`${name}Test`).length > 0;
    return taken ? null : file;
  }
}

/** True where the module has a `@callback` that the clause implements. */
function declares({ callbacks }: ModuleFacts, { name, arity }: ClauseOfModule): boolean {
  return callbacks.length > 0 && callbacks.includes(`${name}/${arity}`);
}

function handsOver({ calls }: ClauseOfModule, name: string): boolean {
  return calls.some(({ args }) => args.some((arg) => arg.kind === "atom" && arg.value === name));
}

function matches({ clauses }: Request, message: Shape): boolean {
  return clauses.some(({ params: [pattern] }) => pattern !== undefined && canMatch(pattern, message));
}

function sendsElsewise(module: ModuleFacts): boolean {
  const isElsewise = (call: CallFact): boolean => ELSEWISE.test(`${call.module}.${call.name}`);
  return module.clauses.some(({ calls }) => calls.some(isElsewise));
}

const KINDS = new Map([
  ["handle_call/3", "call"],
  ["handle_cast/2", "cast"],
] as const);

/** What a server takes, by the tags of its clauses; what takes anything is no request of its own. */
function requestsOf(module: ModuleFacts): readonly Request[] {
  const out = new Map<string, Request>();
  for (const clause of module.clauses) {
    const kind = clause.keyword === "def" ? KINDS.get(`${clause.name}/${clause.arity}` as "handle_call/3") : undefined;
    const [message] = clause.params;
    const key = message ? tagOf(message) : null;
    if (!kind || !message || key === null || doesNothing(clause)) continue;
    const known = out.get(`${kind} ${key}`);
    if (known) known.clauses.push(clause);
    else out.set(`${kind} ${key}`, { kind, what: shown(message), clauses: [clause] });
  }
  return [...out.values()];
}

/** True for a request that only stops the server, or answers `:ok` and calls nothing: setting how much is logged is no call. */
function doesNothing({ calls, callback }: ClauseOfModule): boolean {
  if (!callback || callback.returns.length === 0 || calls.some(({ name }) => name !== "self")) return false;
  return callback.returns.every((way) => {
    const [tag, answer] = way.kind === "tuple" ? way.items : [];
    return isAtomShape(tag, "stop") || (callback.unchanged && isAtomShape(tag, "reply") && isAtomShape(answer, "ok"));
  });
}

/** What tells requests apart: the atom, and for a tuple how many things come with it. */
function tagOf(shape: Shape): string | null {
  if (shape.kind === "atom") return shape.value;
  if (shape.kind !== "tuple") return null;
  const [tag] = shape.items;
  return tag?.kind === "atom" ? `${tag.value}/${shape.items.length}` : null;
}

/** The shape as the source might have it. */
function shown(shape: Shape): string {
  switch (shape.kind) {
    case "atom":
      return /^(?:nil|true|false)$/.test(shape.value) ? shape.value : `:${shape.value}`;
    case "tuple":
      return `{${shape.items.map((item, i) => (item.kind === "atom" || item.kind === "tuple" || i === 0 ? shown(item) : "…")).join(", ")}}`;
    case "variable":
      return shape.name;
    case "string":
      return JSON.stringify(shape.value);
    default:
      return "…";
  }
}
