import type { Binary, Call, Clause, Def, FunctionReference, Node, Section } from "../syntax/ast.ts";
import { type Closure, isClosure } from "../syntax/closure.ts";
import { isBranching } from "../syntax/flow.ts";
import { type Loop, loopOf } from "../syntax/iteration.ts";
import { eachChild, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import { afterCondition, type CallPlace, insideOf, TOP, whereAsked } from "./call-place.ts";
import { CallRecord } from "./call-record.ts";
import { appliedBy, calleeOf, delegatedBy, isLocal, isOpaque, isPure } from "./callee.ts";
import { callsArgument, runsOf } from "./closures.ts";
import { asksConnected, bitGenerator, caughtBy, isOneKey, keyOf, roleOf } from "./constructs.ts";
import type { Flow } from "./facts.ts";
import { ELEMENT, parameterFlow } from "./flow-bits.ts";
import { Flows, NO_FLOWS } from "./flows.ts";
import { HeldValues } from "./held-values.ts";
import { InvokedParameters } from "./invoked-parameters.ts";
import { type ListSource, ListSources } from "./list-sources.ts";
import { aimOf } from "./query-aim.ts";
import { recursionHead } from "./recursion.ts";
import { type RenderedElements, renderedElements } from "./rendered-elements.ts";
import { isError, outcomeOf, Results, union } from "./results.ts";
import { transactionOf } from "./transaction.ts";

const NO_CALLS: readonly number[] = [];

/** Collects the calls and loops of a function clause, a test or any other form. */
export class CallCollector {
  /** What was found so far. */
  readonly record: CallRecord;
  private readonly results = new Results();
  private readonly flows = new Flows();
  private readonly held = new HeldValues();
  private readonly invoked = new InvokedParameters();
  private readonly sources = new ListSources();
  private made: string | null = null;
  private unseen = false;

  constructor(private readonly anchors: Anchors) {
    this.record = new CallRecord(anchors);
  }

  /** The parameters that the function calls, or gives to a function that calls them at once. */
  get invokes(): readonly number[] {
    return this.invoked.indices;
  }

  /** Which list each variable holds. */
  get lists(): readonly ListSource[] {
    return this.sources.all;
  }

  /** What is new each time in what its calls are given; null where nothing is. */
  get anew(): string | null {
    return this.made;
  }

  /** True where it calls what only running shows, and no call fact says so: `fun.()`, `handler.run(order)`. */
  get opaque(): boolean {
    return this.unseen;
  }

  /** Reads a function clause, its calls in the order in which they run; recursion along a list counts as a loop over its whole body. */
  clause(def: Def): void {
    def.params.forEach((param, i) => {
      this.flows.bind(param, parameterFlow(i));
      this.invoked.declare(param, i);
      this.sources.declare(param);
    });
    if (def.guard) visit(def.guard, (node) => this.flows.check(node));
    this.delegate(def);
    const place: CallPlace = { ...TOP, loop: this.recursion(def) };
    const fork = this.record.fork();
    const main = this.main("try", def.sections, fork, place);
    if (def.body) this.walk(def.body, main);
    for (const section of def.sections) {
      const role = roleOf("try", section.name);
      if (role === "way") this.walk(section, this.record.addBranch(fork, place, true, -1, caughtBy(section.name)));
      else this.walk(section, role === "main" ? main : place);
    }
    if (def.guard) this.walk(def.guard, place);
  }

  /** Reads any other form. */
  form(node: Node): void {
    this.walk(node, TOP);
  }

  private walk(node: Node, place: CallPlace): void {
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

  /** Reads the node and gives the calls whose results its value may hold. */
  private given(node: Node, place: CallPlace): readonly number[] {
    const { calls } = this.record;
    const from = calls.length;
    const held = this.results.of(node);
    this.walk(node, place);
    return union(this.results.among(calls, from), held);
  }

  private binary(node: Binary, place: CallPlace): void {
    const { operator, left, right } = node;
    this.walk(left, place);
    this.flows.check(node);
    const connected = place.connected || ((operator === "&&" || operator === "and") && asksConnected(left));
    const cached = place.cached || ((operator === "||" || operator === "or") && this.held.asksCache(left));
    const from = this.record.calls.length;
    const given = this.given(right, whereAsked(place, connected, cached));
    if (operator !== "=" && operator !== "<-") return;
    this.flow(right, left, given);
    this.held.match(left, right);
    this.sources.match(left, right, this.held.isFixed(right), (inner) => this.record.lastOf(inner, from));
  }

  /** What `value` depends on, `pattern` then depends on too. */
  private flow(value: Node, pattern: Node, given: readonly number[]): void {
    this.results.bind(pattern, given);
    this.flows.bind(pattern, this.flows.of(value));
  }

  private call(node: Call, place: CallPlace): void {
    if (node.target) this.walk(node.target, place);
    if (isLocal(node, "for")) {
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
    const rendered = renderedElements(node);
    if (rendered) {
      this.rendering(node, rendered, place);
      return;
    }
    if (node.name === "" && node.target?.type === "variable") this.invoked.invoke(node.target, place);
    if (isLocal(node, "apply")) this.apply(node, place);
    if (isLocal(node, "receive") && place.runs === "inline") this.record.addReceive(node);
    const transaction = node.args.some(isClosure) ? transactionOf(node, this.anchors) : null;
    const fork = isBranching(node) ? this.record.fork() : -1;
    // What follows in a `with` or `try` is on the way that its `else` or `rescue` is not on.
    const main = fork < 0 ? place : this.main(node.name, node.sections, fork, place);
    let here = main;
    let uses = NO_CALLS;
    const from = this.record.calls.length;
    for (const arg of node.args) {
      if (isClosure(arg)) continue;
      uses = union(uses, this.given(arg, here));
      if (isLocal(node, "with")) here = this.afterStep(arg, here);
    }
    const on = isLocal(node, "case") ? this.record.lastOf(node.args[0], from) : -1;
    const index = this.keep(node, place, uses);
    node.args.forEach((arg, argument) => {
      const runs = runsOf(node, argument, index, place.runs);
      if (isClosure(arg)) {
        const inside = { ...insideOf(node, main), transaction: transaction ?? place.transaction };
        // `record |> tap(fn record -> …)`
        if (arg.type === "fn")
          for (const { patterns } of arg.clauses) for (const pattern of patterns) this.results.bind(pattern, uses);
        this.closure(arg, { ...inside, runs }, this.flows.ofData(node));
      }
      if (runs === place.runs && callsArgument(node, argument)) this.invoked.invoke(arg, place);
    });
    this.sections(node, place, main, fork, uses, on);
  }

  /** Keeps the call as a fact when it can matter, and returns its index, or -1. */
  private keep(node: Call, place: CallPlace, uses: readonly number[]): number {
    const callee = calleeOf(node, this.held);
    if (!callee) {
      this.unseen ||= isOpaque(node);
      return -1;
    }
    const at = { start: node.ownStart, end: node.end };
    const arity = node.args.length + (node.sections.length > 0 ? 1 : 0);
    const flows = this.flows.ofEach(node.args, place.loop >= 0);
    this.made ??= this.flows.sourceOfAnew(flows);
    const aim = aimOf(node, (part) => this.flows.of(part));
    return this.record.addCall(at, callee, arity, node.args, flows, place, false, outcomeOf(node), uses, aim);
  }

  /** `apply(fun, [a, b])` and `apply(Module, :function, [a, b])` */
  private apply(node: Call, place: CallPlace): void {
    const [fun] = node.args;
    if (fun && node.args.length === 2) this.invoked.invoke(fun, place);
    const applied = appliedBy(node);
    if (!applied) return;
    const { callee, args } = applied;
    this.record.addCall(node, callee, args.length, args, this.flows.ofEach(args, place.loop >= 0), place, false);
  }

  /** The call that a `defdelegate` is. */
  private delegate(def: Def): void {
    const callee = delegatedBy(def);
    if (!callee) return;
    const { params } = def;
    this.record.addCall(nameRange(def), callee, params.length, params, this.flows.ofEach(params, false), TOP, false);
  }

  /** The way through a `with` or `try` on which nothing fails, when there is another. */
  private main(name: string, sections: readonly Section[], fork: number, place: CallPlace): CallPlace {
    const forks = /^(?:with|try)$/.test(name) && sections.some((section) => roleOf(name, section.name) === "way");
    return forks ? this.record.addBranch(fork, place) : place;
  }

  /** `with true <- connected?(socket), :ok <- subscribe()` */
  private afterStep(step: Node, place: CallPlace): CallPlace {
    return whereAsked(place, place.connected || asksConnected(step), place.cached || this.held.asksCache(step));
  }

  private sections(
    node: Call,
    outer: CallPlace,
    mainWay: CallPlace,
    fork: number,
    given: readonly number[],
    on: number,
  ): void {
    if (node.sections.length === 0) return;
    const condition = node.module === null ? node.args[0] : undefined;
    const conditions = isLocal(node, "with") ? node.args : condition ? [condition] : [];
    const place =
      !outer.cached && conditions.some((asked) => this.held.asksCache(asked)) ? { ...outer, cached: true } : outer;
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
      const way = (failure: boolean): CallPlace =>
        role === "way" ? this.record.addBranch(fork, inner, failure, on, catches) : inner;
      const byKey = this.held.isKey(condition);
      if (section.body) this.walk(section.body, way(fails));
      for (const clause of section.clauses) {
        if (condition) for (const pattern of clause.patterns) this.flow(condition, pattern, given);
        const inside = way(fails || clause.patterns.some(isError));
        if (isLocal(node, "cond")) this.walk(clause, afterCondition(clause, inside));
        else this.walk(clause, byKey && isOneKey(clause.patterns[0]) ? this.record.outsideLoop(inside) : inside);
      }
    }
  }

  private comprehension(node: Call, outer: CallPlace): void {
    let place = outer;
    for (const arg of node.args) {
      const generator = arg.type === "binary" && arg.operator === "<-" ? arg : bitGenerator(arg);
      if (!generator) {
        this.walk(arg, place);
        continue;
      }
      const given = this.given(generator.right, place);
      place = { ...place, loop: this.record.addLoop(node, "for", generator.right, place, this.held) };
      this.results.bind(generator.left, given);
      this.flows.bind(generator.left, this.flows.of(generator.right) | ELEMENT);
    }
    for (const section of node.sections) this.walk(section, place);
  }

  private loop(node: Call, { collection, closures, kind, elements }: Loop, place: CallPlace): void {
    let given = NO_CALLS;
    for (const arg of node.args)
      if (!isClosure(arg) || !closures.includes(arg)) given = union(given, this.given(arg, place));
    const inner = { ...place, loop: this.record.addLoop(node, kind, collection, place, this.held) };
    const element = this.flows.of(collection) | ELEMENT;
    for (const closure of closures) {
      if (closure.type === "function-reference") this.reference(closure, inner, element, elements);
      else if (closure.type === "capture") this.flows.capturing(element, () => this.walk(closure.body, inner));
      else {
        const { clauses } = closure;
        const fork = clauses.length > 1 ? this.record.fork() : -1;
        for (const clause of clauses) {
          for (const pattern of clause.patterns.slice(0, elements)) {
            this.flows.bind(pattern, element);
            this.results.bind(pattern, given);
            const key = keyOf(pattern);
            if (key?.type === "variable") this.held.holdKey(key.name);
          }
          const around = fork >= 0 && isOneKey(keyOf(clause.patterns[0])) ? place : inner;
          this.closureBody(clause, fork < 0 ? around : this.record.addBranch(fork, around));
        }
      }
    }
  }

  /** Reads a call that renders a view for each element: a loop around a call of that view's `render/2`. */
  private rendering(node: Call, { collection, view, template }: RenderedElements, place: CallPlace): void {
    for (const arg of node.args) this.walk(arg, place);
    const inner = { ...place, loop: this.record.addLoop(node, node.name, collection, place, this.held) };
    const flows = [0, this.flows.of(collection) | ELEMENT];
    const args = [template, collection];
    this.record.addCall(node, { module: view, name: "render" }, 2, args, flows, inner, false);
  }

  private recursion(def: Def): number {
    const head = recursionHead(def);
    if (!head) return -1;
    this.flows.bind(head, this.flows.of(head) | ELEMENT);
    return this.record.addRecursion(nameRange(def));
  }

  /** Reads a closure that runs at `place` and gets what depends on `flow`. */
  private closure(node: Closure, place: CallPlace, flow: Flow): void {
    if (node.type === "function-reference") this.reference(node, place, flow, node.arity);
    else if (node.type === "capture") this.flows.capturing(flow, () => this.walk(node.body, place));
    else {
      const { clauses } = node;
      const fork = clauses.length > 1 ? this.record.fork() : -1;
      for (const clause of clauses) {
        for (const pattern of clause.patterns) this.flows.bind(pattern, flow);
        this.closureBody(clause, fork < 0 ? place : this.record.addBranch(fork, place));
      }
    }
  }

  private closureBody(clause: Clause, place: CallPlace): void {
    if (clause.guard) this.walk(clause.guard, place);
    this.walk(clause.body, place);
  }

  /** `&fun/2`: its first `elements` parameters get what depends on `flow`. */
  private reference(node: FunctionReference, place: CallPlace, flow: Flow, elements: number): void {
    if (isPure(node.module, node.name)) return;
    const flows = flow === 0 ? NO_FLOWS : Array.from({ length: node.arity }, (_, i) => (i < elements ? flow : 0));
    this.record.addCall(node, node, node.arity, [], flows, place, true);
  }
}

/** Where the name of the function stands. */
function nameRange({ nameStart, name }: Def): { start: number; end: number } {
  return { start: nameStart, end: nameStart + (name ?? "").length };
}
