import type { Call, Clause, Def, Fn, FunctionReference, Node, Section } from "../syntax/ast.ts";
import { boundNames, isBranching, isDiscarded, keywordValue } from "../syntax/flow.ts";
import { fixedSize, isBatching, loopOf } from "../syntax/iteration.ts";
import { eachChild, find, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import { asksCache } from "./caches.ts";
import { callsArgument, isClosure, runsOf } from "./closures.ts";
import {
  asksConnected,
  bitGenerator,
  headAndTail,
  isOneKey,
  isRepoByName,
  keyOf,
  moduleSource,
  roleOf,
} from "./constructs.ts";
import type { BranchFact, CallFact, Flow, LoopFact, ReceiveFact, Runs, TransactionFact } from "./facts.ts";
import { ELEMENT, parameterFlow } from "./flow-bits.ts";
import { Flows } from "./flows.ts";
import { KEPT, KERNEL, PURE_MODULES } from "./pure.ts";
import { aimOf } from "./query-aim.ts";
import { isFlush, isOfTimer, takenBy } from "./receives.ts";
import { isError, outcomeOf, Results, union } from "./results.ts";
import { ANY, type Shape, shapeOf } from "./shape.ts";
import { transactionOf } from "./transaction.ts";

/** Where a call stands: what runs it, which loop is around it, what was asked before, whether it is in a template. */
interface Place {
  readonly runs: Runs;
  readonly loop: number;
  readonly connected: boolean;
  readonly cached: boolean;
  readonly template: boolean;
  readonly branch: number;
  readonly transaction: TransactionFact | null;
}

const TOP: Place = {
  runs: "inline",
  loop: -1,
  connected: false,
  cached: false,
  template: false,
  branch: -1,
  transaction: null,
};
const NO_CALLS: readonly number[] = [];
const NO_FLOWS: readonly Flow[] = [];
const NO_RECEIVES: readonly ReceiveFact[] = [];

/** What a call names: a function of a module, of this one where it is null, or of a module read from somewhere. */
interface Callee {
  readonly module: string | null;
  readonly name: string;
  readonly target: Shape | null;
}

/** Collects the calls and loops of a function clause, a test or any other form. */
export class CallCollector {
  readonly calls: CallFact[] = [];
  readonly loops: LoopFact[] = [];
  readonly branches: BranchFact[] = [];
  receives: readonly ReceiveFact[] = NO_RECEIVES;
  private forks = 0;
  private readonly results = new Results();
  private readonly invoked = new Set<number>();
  private readonly flows = new Flows();
  /** The parameters that are plain variables, by name. */
  private readonly parameters = new Map<string, number>();
  /** Variables that hold a collection whose size the source code decides, and such that hold batches. */
  private readonly fixed = new Set<string>();
  private readonly batches = new Set<string>();
  /** Variables that hold what a cache answered, and such that hold a key of a map. */
  private readonly cached = new Set<string>();
  private readonly keys = new Set<string>();
  /** Variables that hold a module read from the configuration. */
  private readonly configured = new Map<string, Shape>();

  constructor(private readonly anchors: Anchors) {}

  /** The parameters that the function calls, or gives to a function that calls them at once. */
  get invokes(): readonly number[] {
    return [...this.invoked].sort((a, b) => a - b);
  }

  /** Reads a function clause, its calls in the order in which they run; recursion along a list counts as a loop over its whole body. */
  clause(def: Def): void {
    def.params.forEach((param, i) => {
      this.flows.bind(param, parameterFlow(i));
      if (param.type === "variable") this.parameters.set(param.name, i);
    });
    if (def.guard) visit(def.guard, (node) => this.flows.check(node));
    if (def.keyword === "defdelegate") this.delegate(def);
    const place: Place = { ...TOP, loop: this.recursion(def) };
    const fork = this.forks++;
    const main = this.main("try", def.sections, fork, place);
    if (def.body) this.walk(def.body, main);
    for (const section of def.sections) {
      const role = roleOf("try", section.name);
      this.walk(
        section,
        role === "way" ? this.onBranch(fork, place, true, -1, caughtBy(section.name)) : role === "main" ? main : place,
      );
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
        this.reference(node, { ...place, runs: "elsewhere" }, 0, 0);
        return;
      case "template":
        this.walk(node.body, { ...place, template: true });
        return;
      default:
        eachChild(node, (child) => this.walk(child, place));
    }
  }

  private binary(node: Extract<Node, { type: "binary" }>, place: Place): void {
    this.walk(node.left, place);
    const { operator } = node;
    this.flows.check(node);
    const connected = place.connected || ((operator === "&&" || operator === "and") && asksConnected(node.left));
    const cached = place.cached || ((operator === "||" || operator === "or") && this.asksCache(node.left));
    const right = connected === place.connected && cached === place.cached ? place : { ...place, connected, cached };
    const given = this.given(node.right, right);
    if (operator !== "=" && operator !== "<-") return;
    this.flow(node.right, node.left, given);
    if (this.asksCache(node.right)) boundNames(node.left, this.cached);
    if (node.left.type === "variable") this.hold(node.left.name, node.right);
  }

  private call(node: Call, place: Place): void {
    if (node.target) this.walk(node.target, place);
    if (node.module === null && node.name === "for" && !node.target) {
      this.comprehension(node, place);
      return;
    }
    if (node.module === null && node.name === "quote") return;
    this.flows.check(node);
    const loop = loopOf(node);
    if (loop) {
      this.loop(node, loop, place);
      return;
    }
    if (node.name === "" && node.target?.type === "variable") this.invoke(node.target, place);
    if (isLocal(node, "apply")) this.apply(node, place);
    if (isLocal(node, "receive") && place.runs === "inline" && !isFlush(node) && !isOfTimer(node)) {
      const at = this.anchors.add({ start: node.calleeStart, end: node.calleeEnd });
      this.receives = [...this.receives, { at, ...takenBy(node) }];
    }
    const transaction = node.args.some(isClosure) ? transactionOf(node, this.anchors) : null;
    const fork = isBranching(node) ? this.forks++ : -1;
    // What follows in a `with` or `try` is on the way that its `else` or `rescue` is not on.
    const main = fork < 0 ? place : this.main(node.name, node.sections, fork, place);
    let here = main;
    let uses = NO_CALLS;
    const from = this.calls.length;
    for (const arg of node.args) {
      if (isClosure(arg)) continue;
      uses = union(uses, this.given(arg, here));
      if (isLocal(node, "with")) here = this.afterStep(arg, here);
    }
    const on = isLocal(node, "case") ? this.lastOf(node.args[0], from) : -1;
    const index = this.keep(node, place, uses);
    node.args.forEach((arg, argument) => {
      const runs = runsOf(node, argument, index, place.runs);
      if (isClosure(arg)) {
        const inside = { ...insideOf(node, main), transaction: transaction ?? place.transaction };
        // `record |> tap(fn record -> …)`
        if (arg.type === "fn")
          for (const { patterns } of arg.clauses) for (const pattern of patterns) this.results.bind(pattern, uses);
        this.closure(arg, { ...inside, runs }, this.flowOfOthers(node, arg));
      }
      if (runs === place.runs && callsArgument(node, argument)) this.invoke(arg, place);
    });
    this.sections(node, place, main, fork, uses, on);
  }

  /** The index of the call of the node, which was read from that index on; -1 when it is none. */
  private lastOf(node: Node | undefined, from: number): number {
    if (node?.type !== "call") return -1;
    for (let i = this.calls.length - 1; i >= from; i--) if (this.calls[i]?.name === node.name) return i;
    return -1;
  }

  /** Reads the node and gives the calls whose results its value may hold. */
  private given(node: Node, place: Place): readonly number[] {
    const from = this.calls.length;
    const held = this.results.of(node);
    this.walk(node, place);
    return union(this.results.among(this.calls, from), held);
  }

  /** The way through a `with` or `try` on which nothing fails, when there is another. */
  private main(name: string, sections: readonly Section[], fork: number, place: Place): Place {
    const forks = /^(?:with|try)$/.test(name) && sections.some((section) => roleOf(name, section.name) === "way");
    return forks ? this.onBranch(fork, place) : place;
  }

  private onBranch(fork: number, place: Place, failure = false, on = -1, catches: BranchFact["catches"] = null): Place {
    this.branches.push({ parent: place.branch, of: fork, on, failure, catches });
    return { ...place, branch: this.branches.length - 1 };
  }

  /** `with true <- connected?(socket), :ok <- subscribe()` */
  private afterStep(step: Node, place: Place): Place {
    const connected = place.connected || asksConnected(step);
    const cached = place.cached || this.asksCache(step);
    return connected === place.connected && cached === place.cached ? place : { ...place, connected, cached };
  }

  /** True when the value of the expression is what a cache answers, or depends on it. */
  private asksCache(node: Node): boolean {
    switch (node.type) {
      case "variable":
        return this.cached.has(node.name);
      case "call":
        return asksCache(node) || node.args.some((arg) => this.asksCache(arg));
      case "binary":
        return this.asksCache(node.left) || this.asksCache(node.right);
      case "unary":
        return this.asksCache(node.operand);
      case "field":
        return this.asksCache(node.object);
      default:
        return false;
    }
  }

  private sections(node: Call, outer: Place, mainWay: Place, fork: number, given: readonly number[], on: number): void {
    if (node.sections.length === 0) return;
    const condition = node.module === null ? node.args[0] : undefined;
    const conditions = isLocal(node, "with") ? node.args : condition ? [condition] : [];
    const place =
      !outer.cached && conditions.some((asked) => this.asksCache(asked)) ? { ...outer, cached: true } : outer;
    const main = place.cached && !mainWay.cached ? { ...mainWay, cached: true } : mainWay;
    const asks = !place.connected && conditions.some(asksConnected);
    const negated = asks && condition?.type === "unary" ? true : node.name === "unless";
    for (const section of node.sections) {
      const positive = section.name === "else" ? negated : !negated || section.clauses.length > 0;
      const role = roleOf(fork < 0 ? "" : node.name, section.name);
      const around = role === "main" ? main : place;
      const inner = asks && positive ? { ...around, connected: true } : around;
      const fails = isLocal(node, "with") || isLocal(node, "try");
      const catches = caughtBy(section.name);
      const way = (failure: boolean): Place =>
        role === "way" ? this.onBranch(fork, inner, failure, on, catches) : inner;
      const byKey = condition?.type === "variable" && this.keys.has(condition.name);
      if (section.body) this.walk(section.body, way(fails));
      for (const clause of section.clauses) {
        if (condition) for (const pattern of clause.patterns) this.flow(condition, pattern, given);
        const inside = way(fails || clause.patterns.some(isError));
        if (isLocal(node, "cond")) this.walk(clause, afterAsking(clause, inside));
        else this.walk(clause, byKey && isOneKey(clause.patterns[0]) ? this.outside(inside) : inside);
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
      place = { ...place, loop: this.addLoop(node, "for", generator.right, place) };
      this.results.bind(generator.left, given);
      this.flows.bind(generator.left, this.flows.of(generator.right) | ELEMENT);
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
    const inner = { ...place, loop: this.addLoop(node, loop.kind, loop.collection, place) };
    const element = this.flows.of(loop.collection) | ELEMENT;
    for (const closure of loop.closures) {
      if (closure.type === "function-reference") this.reference(closure, inner, element, loop.elements);
      else if (closure.type === "capture") this.flows.capturing(element, () => this.walk(closure.body, inner));
      else {
        const { clauses } = closure as Fn;
        const fork = clauses.length > 1 ? this.forks++ : -1;
        for (const clause of clauses) {
          for (const pattern of clause.patterns.slice(0, loop.elements)) {
            this.flows.bind(pattern, element);
            this.results.bind(pattern, given);
            const key = keyOf(pattern);
            if (key?.type === "variable") this.keys.add(key.name);
          }
          const around = fork >= 0 && isOneKey(keyOf(clause.patterns[0])) ? place : inner;
          this.closureBody(clause, fork < 0 ? around : this.onBranch(fork, around));
        }
      }
    }
  }

  /** Around the innermost loop: what is done for one key of a map is done once. */
  private outside(place: Place): Place {
    return { ...place, loop: this.loops[place.loop]?.parent ?? -1 };
  }

  /** Reads a closure that runs at `place` and gets what depends on `flow`. */
  private closure(node: Node, place: Place, flow: Flow): void {
    if (node.type === "function-reference") this.reference(node, place, flow, node.arity);
    else if (node.type === "capture") this.flows.capturing(flow, () => this.walk(node.body, place));
    else {
      const { clauses } = node as Fn;
      const fork = clauses.length > 1 ? this.forks++ : -1;
      for (const clause of clauses) {
        for (const pattern of clause.patterns) this.flows.bind(pattern, flow);
        this.closureBody(clause, fork < 0 ? place : this.onBranch(fork, place));
      }
    }
  }

  /** What the arguments beside the closure depend on: `then(user, fn u -> … end)`. */
  private flowOfOthers(call: Call, closure: Node): Flow {
    return call.args.reduce((flow, arg) => (arg === closure || isClosure(arg) ? flow : flow | this.flows.of(arg)), 0);
  }

  private closureBody(clause: Clause, place: Place): void {
    if (clause.guard) this.walk(clause.guard, place);
    this.walk(clause.body, place);
  }

  /** `&fun/2`: its first `elements` parameters get what depends on `flow`. */
  private reference(node: FunctionReference, place: Place, flow: Flow, elements: number): void {
    if (isPure(node.module, node.name)) return;
    const flows = flow === 0 ? NO_FLOWS : Array.from({ length: node.arity }, (_, i) => (i < elements ? flow : 0));
    this.add(node, node, node.arity, [], flows, place, true);
  }

  /** A function parameter that is called, or given to a function that calls it at once. */
  private invoke(node: Node, place: Place): void {
    const index = node.type === "variable" && place.runs === "inline" ? this.parameters.get(node.name) : undefined;
    if (index !== undefined) this.invoked.add(index);
  }

  /** `apply(Module, :function, [a, b])`, where all three are written out. */
  private apply(node: Call, place: Place): void {
    const [module, name, list] = node.args;
    if (module && node.args.length === 2) this.invoke(module, place);
    if (module?.type !== "alias" || name?.type !== "atom" || list?.type !== "list") return;
    const callee = { module: module.module, name: name.value, target: null };
    this.add(node, callee, list.items.length, list.items, this.flowsOf(list.items, place), place, false);
  }

  /** `defdelegate f(a, b), to: Module, as: :g` */
  private delegate(def: Def): void {
    const to = keywordValue(def.options, "to");
    const target = to?.type === "attribute" ? to.value : to;
    const as = keywordValue(def.options, "as");
    if (target?.type !== "alias" || def.name === null) return;
    const at = { start: def.nameStart, end: def.nameStart + def.name.length };
    const callee = { module: target.module, name: as?.type === "atom" ? as.value : def.name, target: null };
    this.add(at, callee, def.params.length, def.params, this.flowsOf(def.params, TOP), TOP, false);
  }

  /** Keeps the call as a fact when it can matter, and returns its index, or -1. */
  private keep(node: Call, place: Place, uses: readonly number[]): number {
    const callee = this.calleeOf(node);
    if (!callee) return -1;
    const at = { start: node.ownStart, end: node.end };
    const arity = node.args.length + (node.sections.length > 0 ? 1 : 0);
    const flows = this.flowsOf(node.args, place);
    const aim = aimOf(node, (part) => this.flows.of(part));
    return this.add(at, callee, arity, node.args, flows, place, false, outcomeOf(node), uses, aim);
  }

  private calleeOf(node: Call): Callee | null {
    const { module, name, target } = node;
    if (name === "" || isPure(module, name)) return null;
    if (!target || module !== null) return { module, name, target: null };
    // `Ecto.Multi.run(multi, :step, fn repo, changes -> repo.insert(…) end)`
    if (isRepoByName(target)) return { module: "Repo", name, target: null };
    const shape = target.type === "variable" ? this.configured.get(target.name) : moduleSource(target);
    return shape ? { module: null, name, target: shape } : null;
  }

  private add(
    at: { readonly start: number; readonly end: number },
    { module, name, target = null }: Pick<Callee, "module" | "name"> & Partial<Callee>,
    arity: number,
    args: readonly Node[],
    flows: readonly Flow[],
    place: Place,
    captured: boolean,
    outcome: CallFact["outcome"] = "kept",
    uses: readonly number[] = NO_CALLS,
    aim: CallFact["aim"] = null,
  ): number {
    this.calls.push({
      at: this.anchors.add(at),
      module,
      name,
      arity,
      args: args.map((arg) => shapeOf(arg)),
      target,
      runs: place.runs,
      loop: place.loop,
      flows,
      connected: place.connected,
      cached: place.cached,
      captured,
      template: place.template,
      outcome,
      branch: place.branch,
      transaction: place.transaction,
      uses,
      aim,
    });
    return this.calls.length - 1;
  }

  private flowsOf(args: readonly Node[], place: Place): readonly Flow[] {
    const mask = place.loop >= 0 ? ~0 : ~ELEMENT;
    const flows = args.map((arg) => this.flows.of(arg) & mask);
    return flows.some((flow) => flow !== 0) ? flows : NO_FLOWS;
  }

  private addLoop(node: Node, kind: string, collection: Node, { loop, branch }: Place): number {
    this.loops.push({
      at: this.anchors.add(node.type === "call" ? { start: node.calleeStart, end: node.calleeEnd } : node),
      kind,
      parent: loop,
      branch,
      fixed: fixedSize(collection, this.fixed),
      chunked: isBatching(collection, this.batches),
      collection: shapeOf(collection),
      discarded: kind.endsWith(".each") || isDiscarded(node),
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
      branch: -1,
      fixed: false,
      chunked: false,
      collection: ANY,
      discarded: false,
    });
    this.flows.bind(parts.head, this.flows.of(parts.head) | ELEMENT);
    return this.loops.length - 1;
  }

  /** What `value` depends on, `pattern` then depends on too. */
  private flow(value: Node, pattern: Node, given: readonly number[]): void {
    this.results.bind(pattern, given);
    this.flows.bind(pattern, this.flows.of(value));
  }

  /** What is known of the value that a variable now holds. */
  private hold(name: string, value: Node): void {
    for (const [names, holds] of [
      [this.fixed, fixedSize(value, this.fixed)],
      [this.batches, isBatching(value, this.batches)],
    ] as const) {
      if (holds) names.add(name);
      else names.delete(name);
    }
    const source = moduleSource(value);
    if (source) this.configured.set(name, source);
    else this.configured.delete(name);
  }
}

function isPure(module: string | null, name: string): boolean {
  return module === null ? KERNEL.has(name) : PURE_MODULES.has(module) && !KEPT.has(`${module}.${name}`);
}

function caughtBy(section: string): BranchFact["catches"] {
  return section === "catch" ? "exits" : section === "rescue" ? "errors" : null;
}

function isLocal(call: Call, name: string): boolean {
  return call.module === null && call.name === name && !call.target;
}

/** Where the closures stand that the call is given: a cache, or `assign_new`, runs them for what it does not hold, a multi when it is run. */
function insideOf(node: Call, place: Place): Place {
  if (node.module === "Ecto.Multi" && place.loop >= 0) return { ...place, loop: -1 };
  return asksCache(node) || node.name === "assign_new" ? { ...place, cached: true } : place;
}

/** `connected?(socket) -> …` of a `cond`. */
function afterAsking(clause: Clause, place: Place): Place {
  const asks = clause.patterns.some((condition) => condition.type !== "unary" && asksConnected(condition));
  return asks ? { ...place, connected: true } : place;
}
