import type { Call, Clause, Def, Fn, FunctionReference, Node, Section } from "../syntax/ast.ts";
import { boundNames, isBranching } from "../syntax/flow.ts";
import { fixedSize, isBatching, loopOf } from "../syntax/iteration.ts";
import { eachChild, find } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { BranchFact, CallFact, LoopFact, Runs, TransactionFact } from "./facts.ts";
import { KERNEL, PURE_MODULES } from "./pure.ts";
import { isError, outcomeOf, Results, union } from "./results.ts";
import { ANY, shapeOf } from "./shape.ts";
import { transactionOf } from "./transaction.ts";

/** Where a call stands: what runs it, which loop is around it, whether `connected?` was asked. */
interface Place {
  readonly runs: Runs;
  readonly loop: number;
  readonly connected: boolean;
  readonly branch: number;
  readonly transaction: TransactionFact | null;
}

const NO_CALLS: readonly number[] = [];

const TOP: Place = { runs: "inline", loop: -1, connected: false, branch: -1, transaction: null };

/** Functions that run the closure they are given before they return. */
const RUNS_CLOSURE =
  /^(?:Enum|Stream|Map|Keyword|List|MapSet|Access|Range|String|Regex|Macro|Logger|Ecto\.Multi|Phoenix\.Component|Ecto\.Changeset|:lists|:maps|:timer\.tc|:global\.trans|Repo)$/;
const RUNS_CLOSURE_NAMES = new Set([
  "then",
  "tap",
  "transaction",
  "transact",
  "checkout",
  "update_in",
  "get_and_update_in",
  "update!",
]);

/** Modules and names that run a closure in another process, later, or not at all. */
const ELSEWHERE =
  /^(?:Task|Task\.Supervisor|Agent|Process|GenServer|Supervisor|DynamicSupervisor|Oban|ExUnit\.Callbacks|:telemetry|:proc_lib|:erlang|:timer|Node)$/;
const ELSEWHERE_NAMES = new Set(
  "spawn spawn_link spawn_monitor start_async assign_async stream_async attach_hook on_exit start_child start_link start send_after".split(
    " ",
  ),
);

/** Collects the calls and loops of a function clause, a test or any other form. */
export class CallCollector {
  readonly calls: CallFact[] = [];
  readonly loops: LoopFact[] = [];
  readonly branches: BranchFact[] = [];
  private forks = 0;
  private readonly results = new Results();
  /** Variables that hold what a loop iterates over, or something computed from it. */
  private readonly elements = new Set<string>();
  /** Variables that hold a parameter of the function, or something computed from it. */
  private readonly parameters = new Set<string>();
  /** Variables that hold a collection whose size the source code decides, and such that hold batches. */
  private readonly fixed = new Set<string>();
  private readonly batches = new Set<string>();

  constructor(private readonly anchors: Anchors) {}

  /** Reads a function clause; recursion along a list counts as a loop over its whole body. */
  clause(def: Def): void {
    for (const param of def.params) boundNames(param, this.parameters);
    const place: Place = { ...TOP, loop: this.recursion(def) };
    const fork = this.forks++;
    const main = this.main("try", def.sections, fork, place);
    if (def.body) this.walk(def.body, main);
    for (const section of def.sections) {
      const role = roleOf("try", section.name);
      this.walk(section, role === "way" ? this.onBranch(fork, place, true) : role === "main" ? main : place);
    }
    if (def.guard) this.walk(def.guard, place);
  }

  /** Reads any other form. */
  form(node: Node): void {
    this.walk(node, TOP);
  }

  private walk(node: Node, place: Place): void {
    switch (node.type) {
      case "call":
        this.call(node, place);
        return;
      case "binary":
        this.binary(node, place);
        return;
      case "fn":
        for (const clause of node.clauses) this.walk(clause, { ...place, runs: "elsewhere" });
        return;
      case "capture":
        this.walk(node.body, { ...place, runs: "elsewhere" });
        return;
      case "function-reference":
        this.reference(node, { ...place, runs: "elsewhere" }, false);
        return;
      default:
        eachChild(node, (child) => this.walk(child, place));
    }
  }

  private binary(node: Extract<Node, { type: "binary" }>, place: Place): void {
    this.walk(node.left, place);
    const { operator } = node;
    const connected = place.connected || ((operator === "&&" || operator === "and") && asksConnected(node.left));
    const given = this.given(node.right, { ...place, connected });
    if (operator !== "=" && operator !== "<-") return;
    this.flow(node.right, node.left, given);
    if (node.left.type === "variable") this.hold(node.left.name, node.right);
  }

  private call(node: Call, place: Place): void {
    if (node.target) this.walk(node.target, place);
    if (node.module === null && node.name === "for" && !node.target) {
      this.comprehension(node, place);
      return;
    }
    if (node.module === null && node.name === "quote") return;
    const loop = loopOf(node);
    if (loop) {
      this.loop(node, loop, place);
      return;
    }
    const index = this.keep(node, place);
    const transaction = node.args.some(isClosure) ? transactionOf(node, this.anchors) : null;
    const fork = isBranching(node) ? this.forks++ : -1;
    // What follows in a `with` or `try` is on the way that its `else` or `rescue` is not on.
    const main = fork < 0 ? place : this.main(node.name, node.sections, fork, place);
    let { connected } = place;
    let uses = NO_CALLS;
    for (const arg of node.args) {
      const here = connected === place.connected ? main : { ...main, connected };
      if (isClosure(arg)) {
        const runs = runsOf(node, index, place.runs);
        // `record |> tap(fn record -> …)`
        if (arg.type === "fn")
          for (const { patterns } of arg.clauses) for (const p of patterns) this.results.bind(p, uses);
        this.closure(arg, { ...here, runs, transaction: transaction ?? place.transaction }, false);
      } else uses = union(uses, this.given(arg, here));
      // `with true <- connected?(socket), :ok <- subscribe()`
      connected ||= isLocal(node, "with") && asksConnected(arg);
    }
    if (index >= 0 && uses.length > 0) this.calls[index] = { ...(this.calls[index] as CallFact), uses };
    this.sections(node, place, main, fork, uses);
  }

  /** Reads the node and gives the calls whose results its value may hold. */
  private given(node: Node, place: Place): readonly number[] {
    const from = this.calls.length;
    const held = this.results.of(node);
    this.walk(node, place);
    const inside = Array.from({ length: this.calls.length - from }, (_, i) => from + i);
    return union(inside, held);
  }

  /** The way through a `with` or `try` on which nothing fails, when there is another. */
  private main(name: string, sections: readonly Section[], fork: number, place: Place): Place {
    const forks = /^(?:with|try)$/.test(name) && sections.some((section) => roleOf(name, section.name) === "way");
    return forks ? this.onBranch(fork, place) : place;
  }

  private onBranch(fork: number, place: Place, failure = false): Place {
    this.branches.push({ parent: place.branch, of: fork, failure });
    return { ...place, branch: this.branches.length - 1 };
  }

  private sections(node: Call, place: Place, main: Place, fork: number, given: readonly number[]): void {
    const condition = node.module === null ? node.args[0] : undefined;
    const conditions = isLocal(node, "with") ? node.args : condition ? [condition] : [];
    const asks = !place.connected && conditions.some(asksConnected);
    const negated = asks && condition?.type === "unary" ? true : node.name === "unless";
    for (const section of node.sections) {
      const positive = section.name === "else" ? negated : !negated || section.clauses.length > 0;
      const role = roleOf(fork < 0 ? "" : node.name, section.name);
      const around = role === "main" ? main : place;
      const inner = asks && positive ? { ...around, connected: true } : around;
      const fails = isLocal(node, "with") || isLocal(node, "try");
      const way = (failure: boolean): Place => (role === "way" ? this.onBranch(fork, inner, failure) : inner);
      if (section.body) this.walk(section.body, way(fails));
      for (const clause of section.clauses) {
        if (condition) for (const pattern of clause.patterns) this.flow(condition, pattern, given);
        const inside = way(fails || clause.patterns.some(isError));
        this.walk(clause, isLocal(node, "cond") ? afterAsking(clause, inside) : inside);
      }
    }
  }

  private comprehension(node: Call, outer: Place): void {
    let place = outer;
    for (const arg of node.args) {
      const generator = arg.type === "binary" && arg.operator === "<-" ? arg : bitGenerator(arg);
      if (!generator) {
        this.walk(arg, place);
        continue;
      }
      const given = this.given(generator.right, place);
      place = { ...place, loop: this.addLoop(node, "for", generator.right, place.loop) };
      this.flow(generator.right, generator.left, given);
      boundNames(generator.left, this.elements);
    }
    for (const section of node.sections) this.walk(section, place);
  }

  private loop(
    node: Call,
    loop: { collection: Node; closures: readonly Node[]; kind: string; elements: number },
    place: Place,
  ): void {
    let given = NO_CALLS;
    for (const arg of node.args) if (!loop.closures.includes(arg)) given = union(given, this.given(arg, place));
    const inner = { ...place, loop: this.addLoop(node, loop.kind, loop.collection, place.loop) };
    for (const closure of loop.closures) {
      if (closure.type === "fn") {
        const fork = closure.clauses.length > 1 ? this.forks++ : -1;
        for (const clause of closure.clauses) {
          for (const pattern of clause.patterns.slice(0, loop.elements)) {
            this.flow(loop.collection, pattern, given);
            boundNames(pattern, this.elements);
          }
          const around = fork >= 0 && isForOneKey(clause) ? place : inner;
          this.closureBody(clause, fork < 0 ? around : this.onBranch(fork, around));
        }
      } else this.closure(closure, inner, true);
    }
  }

  /** Reads a closure that runs at `place`, once an element when it is that of a loop. */
  private closure(node: Node, place: Place, perElement: boolean): void {
    if (node.type === "function-reference") this.reference(node, place, perElement);
    else if (node.type === "capture") this.walk(node.body, place);
    else {
      const { clauses } = node as Fn;
      const fork = clauses.length > 1 ? this.forks++ : -1;
      for (const clause of clauses) this.closureBody(clause, fork < 0 ? place : this.onBranch(fork, place));
    }
  }

  private closureBody(clause: Clause, place: Place): void {
    if (clause.guard) this.walk(clause.guard, place);
    this.walk(clause.body, place);
  }

  private reference(node: FunctionReference, place: Place, element: boolean): void {
    if (isPure(node.module, node.name)) return;
    this.calls.push({
      at: this.anchors.add(node),
      module: node.module,
      name: node.name,
      arity: node.arity,
      args: [],
      runs: place.runs,
      loop: place.loop,
      element,
      parameter: element,
      connected: place.connected,
      captured: true,
      outcome: "kept",
      branch: place.branch,
      transaction: place.transaction,
      uses: NO_CALLS,
    });
  }

  /** Keeps the call as a fact when it can matter, and returns its index, or -1. */
  private keep(node: Call, place: Place): number {
    if (node.name === "" || (node.target && node.module === null) || isPure(node.module, node.name)) {
      return -1;
    }
    this.calls.push({
      at: this.anchors.add({ start: node.ownStart, end: node.end }),
      module: node.module,
      name: node.name,
      arity: node.args.length + (node.sections.length > 0 ? 1 : 0),
      args: node.args.map((arg) => shapeOf(arg)),
      runs: place.runs,
      loop: place.loop,
      element: place.loop >= 0 && node.args.some((arg) => mentions(arg, this.elements)),
      parameter: node.args.some((arg) => mentions(arg, this.parameters)),
      connected: place.connected,
      captured: false,
      outcome: outcomeOf(node),
      branch: place.branch,
      transaction: place.transaction,
      uses: NO_CALLS,
    });
    return this.calls.length - 1;
  }

  private addLoop(node: Node, kind: string, collection: Node, parent: number): number {
    this.loops.push({
      at: this.anchors.add(node.type === "call" ? { start: node.calleeStart, end: node.calleeEnd } : node),
      kind,
      parent,
      fixed: fixedSize(collection, this.fixed),
      chunked: isBatching(collection, this.batches),
      collection: shapeOf(collection),
    });
    return this.loops.length - 1;
  }

  private recursion(def: Def): number {
    const list = def.params.findIndex((param) => param.type === "list" && headAndTail(param) !== null);
    const parts = list < 0 ? null : headAndTail(def.params[list] as Node);
    if (!parts || !def.body || def.name === null) return -1;
    const again = find(
      def.body,
      (n) =>
        n.type === "call" &&
        n.module === null &&
        n.name === def.name &&
        n.args.length === def.params.length &&
        n.args[list]?.type === "variable" &&
        (n.args[list] as { name: string }).name === parts.tail,
    );
    if (!again) return -1;
    this.loops.push({
      at: this.anchors.add({ start: def.nameStart, end: def.nameStart + def.name.length }),
      kind: "recursion",
      parent: -1,
      fixed: false,
      chunked: false,
      collection: ANY,
    });
    boundNames(parts.head, this.elements);
    return this.loops.length - 1;
  }

  /** What `value` depends on, `pattern` then depends on too. */
  private flow(value: Node, pattern: Node, given: readonly number[]): void {
    this.results.bind(pattern, given);
    if (mentions(value, this.elements)) boundNames(pattern, this.elements);
    if (mentions(value, this.parameters)) boundNames(pattern, this.parameters);
  }

  /** What is known of the collection that a variable now holds. */
  private hold(name: string, value: Node): void {
    for (const [names, holds] of [
      [this.fixed, fixedSize(value, this.fixed)],
      [this.batches, isBatching(value, this.batches)],
    ] as const) {
      if (holds) names.add(name);
      else names.delete(name);
    }
  }
}

/** True when the node mentions one of the variables, or `&1`, which stands for an element. */
function mentions(node: Node, names: ReadonlySet<string>): boolean {
  return find(node, (n) => n.type === "capture-argument" || (n.type === "variable" && names.has(n.name))) !== null;
}

/** `{:tag, tag}, query -> …` among other clauses: of a map or options, where every key is there once. */
function isForOneKey({ patterns: [element] }: Clause): boolean {
  const key = element?.type === "tuple" && element.items.length === 2 ? element.items[0] : undefined;
  return (key?.type === "atom" && !/^(?:nil|true|false|ok|error)$/.test(key.value)) || key?.type === "string";
}

function isPure(module: string | null, name: string): boolean {
  return module === null ? KERNEL.has(name) : PURE_MODULES.has(module);
}

function isClosure(node: Node): boolean {
  return node.type === "fn" || node.type === "capture" || node.type === "function-reference";
}

function runsOf(call: Call, index: number, around: Runs): Runs {
  const { module, name } = call;
  if ((module !== null && ELSEWHERE.test(module)) || ELSEWHERE_NAMES.has(name)) return "elsewhere";
  if ((module !== null && RUNS_CLOSURE.test(module)) || RUNS_CLOSURE_NAMES.has(name)) return around;
  if (around !== "inline" || index < 0) return "elsewhere";
  return { handedTo: index };
}

function isLocal(call: Call, name: string): boolean {
  return call.module === null && call.name === name && !call.target;
}

/**
 * What a section is to the construct it belongs to: one way of several, part of the way on which nothing fails, or run
 * whatever happens.
 */
function roleOf(construct: string, section: string): "way" | "main" | "always" {
  if (construct === "" || (construct === "try" && section === "after")) return "always";
  if (construct === "with") return section === "else" ? "way" : "main";
  if (construct === "try") return section === "do" || section === "else" ? "main" : "way";
  return "way";
}

/** `connected?(socket) -> …` of a `cond`. */
function afterAsking(clause: Clause, place: Place): Place {
  const asks = clause.patterns.some((condition) => condition.type !== "unary" && asksConnected(condition));
  return asks ? { ...place, connected: true } : place;
}

function asksConnected(node: Node): boolean {
  return find(node, (n) => n.type === "call" && n.name === "connected?") !== null;
}

/** `<<x <- binary>>` */
function bitGenerator(node: Node): Extract<Node, { type: "binary" }> | null {
  if (node.type !== "bitstring") return null;
  const last = node.items.at(-1);
  return last?.type === "binary" && last.operator === "<-" ? last : null;
}

function headAndTail(list: Node): { head: Node; tail: string } | null {
  const only = list.type === "list" && list.items.length === 1 ? list.items[0] : undefined;
  if (only?.type !== "binary" || only.operator !== "|" || only.right.type !== "variable") return null;
  return { head: only.left, tail: only.right.name };
}
