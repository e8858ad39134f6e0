import { errorOf } from "../../facts/error.ts";
import { type Anchor, type CallFact, type ClauseOfModule, headOf, type ModuleFacts } from "../../facts/facts.ts";
import { isAtomShape, isOpen, type Shape } from "../../facts/shape.ts";
import { listOf } from "../conclusions.ts";
import type { Lookup } from "../lookup.ts";
import { packages } from "../packages.ts";
import { isTool } from "../tools.ts";
import { isAsked } from "./asked.ts";
import { type Sender, senders } from "./senders.ts";
import { isGetter, matches, type Request, requestsOf, shown } from "./server-requests.ts";
import { behavesAs } from "./servers.ts";
import { TestedCode } from "./tested-code.ts";
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

/** Sends that are not followed. */
const ELSEWISE = /^(?:GenServer|:gen_server)\.(?:multi_call|abcast|send_request)$/;
const ENDS = /^(?:Process\.exit|GenServer\.stop|(?:Dynamic)?Supervisor\.(?:terminate_child|restart_child|stop))\/\d$/;

/** Who is asked for: functions that something gets to, and those that it calls itself, whatever they are given. */
interface Way {
  isReached(module: ModuleFacts, clause: ClauseOfModule): boolean;
  isCalled(module: ModuleFacts, clause: ClauseOfModule): boolean;
}

/** How many functions of its own module a message may be handed through. */
const DEPTH = 3;

class Search {
  private readonly tests: Touches;
  private readonly byTests: Way;
  private readonly byProject: Way = {
    isReached: (module, clause) => isAsked(this.facts, module, clause),
    isCalled: () => false,
  };

  constructor(private readonly facts: Lookup) {
    this.tests = facts.read(touches);
    this.byTests = new TestedCode(facts);
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
        const [first] = request.clauses;
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
    if (!isOpen(message)) return matches(request, message) && by.isReached(module, clause);
    const isOwn = sender.origin === server;
    if (by.isCalled(module, clause)) return true;
    const parameter =
      message.kind === "variable"
        ? clause.params.findIndex((param) => param.kind === "variable" && param.name === message.name)
        : -1;
    // What another module passes on, and what it is, is not known: it may be for any server.
    if (parameter < 0 || depth === DEPTH) return isOwn && by.isReached(module, clause);
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

function sendsElsewise(module: ModuleFacts): boolean {
  const isElsewise = (call: CallFact): boolean => ELSEWISE.test(`${call.module}.${call.name}`);
  return module.clauses.some(({ calls }) => calls.some(isElsewise));
}
