import type { Range } from "../base/range.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { isDiscarded } from "../syntax/flow.ts";
import type { Anchors } from "./anchors.ts";
import type { CallPlace } from "./call-place.ts";
import type { Callee } from "./callee.ts";
import type { BranchFact, CallFact, Flow, LoopFact, ReceiveFact } from "./facts.ts";
import type { HeldValues } from "./held-values.ts";
import { isFlush, isOfTimer, takenBy } from "./receives.ts";
import { ANY, shapeOf } from "./shape.ts";

const NO_CALLS: readonly number[] = [];
const NO_RECEIVES: readonly ReceiveFact[] = [];

/** The facts on the calls of one form as they are found. The facts name each other by their index here. */
export class CallRecord {
  readonly calls: CallFact[] = [];
  readonly loops: LoopFact[] = [];
  readonly branches: BranchFact[] = [];
  receives: readonly ReceiveFact[] = NO_RECEIVES;
  private forks = 0;

  constructor(private readonly anchors: Anchors) {}

  /** Adds a call and gives its index. */
  addCall(
    at: Range,
    { module, name, target = null }: Callee,
    arity: number,
    args: readonly Node[],
    flows: readonly Flow[],
    place: CallPlace,
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

  /** The index of the call of the node, which was read from that index on; -1 when it is none. */
  lastOf(node: Node | undefined, from: number): number {
    if (node?.type !== "call") return -1;
    for (let i = this.calls.length - 1; i >= from; i--) if (this.calls[i]?.name === node.name) return i;
    return -1;
  }

  /** Adds a loop that stands at that place, and gives its index. */
  addLoop(node: Call, kind: string, collection: Node, { loop, branch }: CallPlace, held: HeldValues): number {
    this.loops.push({
      at: this.anchors.add({ start: node.calleeStart, end: node.calleeEnd }),
      kind,
      parent: loop,
      branch,
      fixed: held.isFixed(collection),
      chunked: held.isBatches(collection),
      collection: shapeOf(collection),
      discarded: kind.endsWith(".each") || isDiscarded(node),
    });
    return this.loops.length - 1;
  }

  /** Adds the loop that a function is that calls itself with the rest of a list, and gives its index. */
  addRecursion(at: Range): number {
    this.loops.push({
      at: this.anchors.add(at),
      kind: "recursion",
      parent: -1,
      branch: -1,
      fixed: false,
      chunked: false,
      collection: ANY,
      discarded: false,
    });
    return this.loops.length - 1;
  }

  /** The place around the innermost loop: what is done for one key of a map is done once. */
  outsideLoop(place: CallPlace): CallPlace {
    return { ...place, loop: this.loops[place.loop]?.parent ?? -1 };
  }

  /** A number for a construct of which one of several branches is taken. */
  fork(): number {
    return this.forks++;
  }

  /** Adds a branch of the fork, and gives the place on it. */
  addBranch(
    fork: number,
    place: CallPlace,
    failure = false,
    on = -1,
    catches: BranchFact["catches"] = null,
  ): CallPlace {
    this.branches.push({ parent: place.branch, of: fork, on, failure, catches });
    return { ...place, branch: this.branches.length - 1 };
  }

  /** Adds the `receive`, unless it is one that waits for nothing. */
  addReceive(node: Call): void {
    if (isFlush(node) || isOfTimer(node)) return;
    const at = this.anchors.add({ start: node.calleeStart, end: node.calleeEnd });
    this.receives = [...this.receives, { at, ...takenBy(node) }];
  }
}
