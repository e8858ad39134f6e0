import type { Call, Def, Node, Variable } from "../syntax/ast.ts";
import type { Env } from "../syntax/env.ts";
import { uses } from "../syntax/env.ts";
import { boundNames, isBranching, keywordValue, tails } from "../syntax/flow.ts";
import { ancestors, find } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { ChildFact, ChildrenPart, Ordinal, SupervisionFacts, SupervisorFact } from "./facts.ts";
import { ANY, entry, type Shape, shapeOf } from "./shape.ts";

/** The supervisors that a function clause makes, and the children that it returns to one; null for most functions. */
export function supervisionOf(def: Def, written: readonly Call[], env: Env, anchors: Anchors): SupervisionFacts | null {
  const started = written.filter(isSupervisorCall);
  const inTree = KEEPERS.some((module) => uses(env, module) || env.behaviours.includes(module));
  const isSpec = def.name === "child_spec" && def.params.length === 1;
  if (!def.body || (started.length === 0 && !inTree && !isSpec)) return null;
  const reader = new ChildrenReader(def, env, anchors);
  const supervisors = started.map((call) => reader.supervisor(call, call.args));
  if (inTree && def.name === "init" && def.params.length === 1) {
    for (const way of tails(def.body)) {
      const spec = specTuple(way);
      if (spec) supervisors.push(reader.supervisor(way, spec));
    }
  }
  const mayReturn = isSpec || (inTree && supervisors.length === 0 && !NO_LISTS.has(def.name ?? ""));
  const returns = mayReturn ? reader.returned() : null;
  const measurements = inTree && def.params.length === 0 ? measurementsOf(def.body) : NO_MEASUREMENTS;
  return supervisors.length > 0 || returns || measurements.length > 0 ? { supervisors, returns, measurements } : null;
}

const NO_MEASUREMENTS: readonly Shape[] = [];

/** The elements `{Module, :function, […]}` of the list that a function is. */
function measurementsOf(body: Node): readonly Shape[] {
  const list = body.type === "block" ? body.statements.at(-1) : body;
  if (list?.type !== "list") return NO_MEASUREMENTS;
  const found = list.items.filter((item) => item.type === "tuple" && item.items[2]?.type === "list");
  return found.length > 0 ? found.map((item) => shapeOf(item, 3)) : NO_MEASUREMENTS;
}

/** Modules whose functions may build lists of children. */
const KEEPERS = ["Application", "Supervisor", ":supervisor"];
const NO_LISTS = new Set(["start", "stop", "start_link", "init", "child_spec", "config_change", "prep_stop"]);

/** `Supervisor.start_link(children, options)`, `Supervisor.init(…)`, and `supervise(…)` as it was. */
function isSupervisorCall({ module, name, args, target }: Call): boolean {
  if (target || args.length !== 2 || args[0]?.type === "alias") return false;
  if (name === "supervise") return module === null || module === "Supervisor.Spec";
  return module === "Supervisor" && (name === "start_link" || name === "init");
}

/** Children and options of `{:ok, {flags, children}}`. */
function specTuple(node: Node): readonly Node[] | null {
  const [ok, spec, more] = node.type === "tuple" ? node.items : [];
  if (ok?.type !== "atom" || ok.value !== "ok" || spec?.type !== "tuple" || spec.items.length !== 2 || more)
    return null;
  return spec.items.toReversed();
}

/** Where an expression of a list stands: the conditions around it, and the place it is shown at when it has none here. */
interface Here {
  readonly branch: readonly string[];
  readonly at: Node | null;
}

const ALWAYS: readonly string[] = [];
const TOP: Here = { branch: ALWAYS, at: null };
const FLATTENING = /^(?:Kernel\.\+\+|List\.flatten|List\.wrap|Enum\.concat|Enum\.uniq|Enum\.to_list)$/;

/** Reads lists of children in one function clause. */
class ChildrenReader {
  private choices = 0;
  /** A list that a variable holds may be read in several ways: its children stay where they are. */
  private readonly places = new Map<Node, Ordinal>();

  constructor(
    private readonly def: Def,
    private readonly env: Env,
    private readonly anchors: Anchors,
  ) {}

  /** The supervisor that a call makes of children and options. */
  supervisor(call: Node, [list, given]: readonly Node[]): SupervisorFact {
    const options = this.resolved(given);
    const strategy = this.option(options, "strategy");
    const restarts = this.option(options, "max_restarts") ?? this.option(options, "intensity");
    const start = call.type === "call" ? call.ownStart : call.start;
    return {
      at: this.anchors.add({ start, end: call.end }),
      strategy: strategy?.type === "atom" ? strategy.value : null,
      strategyAt: strategy?.type === "atom" ? this.anchors.add(strategy) : null,
      maxRestarts: restarts?.type === "number" ? restarts.text : null,
      children: list ? this.read(list, TOP) : [],
    };
  }

  /**
   * The list, or the child, that the function evaluates to, be it by functions of the module alone; null when it evaluates
   * to something else.
   */
  returned(): readonly ChildrenPart[] | null {
    const ways = this.def.body ? tails(this.def.body) : [];
    const parts = this.def.body ? this.read(this.def.body, TOP) : [];
    const isWritten = ways.some((way) => way.type === "list");
    const handsOn = !isWritten && parts.length > 0 && parts.every((part) => part.kind === "function");
    return (isWritten && parts.length === 0) || handsOn || parts.some((part) => part.kind === "child") ? parts : null;
  }

  /** What an expression adds to a list of children, in order. */
  private read(node: Node, here: Here): ChildrenPart[] {
    switch (node.type) {
      case "alias":
        return [this.child(node, node.module, ANY, here)];
      case "tuple":
        return this.tuple(node.items, node, here);
      case "map":
        return this.map(node, here);
      case "list":
        return node.items.flatMap((item) => this.read(item, here));
      case "atom":
        return /^(?:nil|false)$/.test(node.value) ? [] : unknown(here);
      case "block": {
        const last = node.statements.at(-1);
        return last ? this.read(last, here) : [];
      }
      case "attribute":
        return node.value ? this.read(node.value, { ...here, at: here.at ?? node }) : unknown(here);
      case "variable":
        return this.variable(node, here);
      case "binary":
        if (node.operator === "++" || node.operator === "|")
          return [...this.read(node.left, here), ...this.read(node.right, here)];
        if (node.operator === "&&" || node.operator === "and") return this.read(node.right, this.way(here, 0));
        return unknown(here);
      case "call":
        return this.call(node, here);
      default:
        return unknown(here);
    }
  }

  private call(call: Call, here: Here): ChildrenPart[] {
    const [first, second] = call.args;
    const name = `${call.module ? `${call.module}.` : ""}${call.name}`;
    if (isBranching(call)) return this.branches(call, here);
    if (FLATTENING.test(name)) return call.args.flatMap((arg) => this.read(arg, here));
    if (name === "Enum.filter" || name === "Enum.reject") {
      if (!first || !second) return unknown(here);
      return this.read(first, dropsNilOnly(second) ? here : this.way(here, 0));
    }
    if (name === "Supervisor.child_spec" && first) return this.overridden(first, second, call, here);
    if (call.name === "child_spec" && call.module !== null)
      return [this.child(call, call.module, shapeOf(first, 4), here)];
    if (/^(?:Supervisor\.Spec\.)?(?:worker|supervisor)$/.test(name) && first?.type === "alias")
      return [this.child(call, first.module, this.startArgument(second), here, call.args[2])];
    const own = call.module === null || call.module === this.env.module;
    if (!own || call.target || /^(?:|for)$/.test(call.name)) return unknown(here);
    return [{ kind: "function", name: call.name, args: call.args.map((arg) => shapeOf(arg)), branch: here.branch }];
  }

  /** `if`, `case` and their like: each way is an alternative to the others. */
  private branches(call: Call, here: Here): ChildrenPart[] {
    const choice = this.choices++;
    const ways = call.sections.flatMap((section) =>
      section.name === "after" ? [] : [...(section.body ? [section.body] : []), ...section.clauses.map((c) => c.body)],
    );
    return ways.flatMap((body, i) => this.read(body, { ...here, branch: [...here.branch, `${choice}.${i}`] }));
  }

  private way(here: Here, way: number): Here {
    return { ...here, branch: [...here.branch, `${this.choices++}.${way}`] };
  }

  private variable(node: Variable, here: Here): ChildrenPart[] {
    const value = this.valueOf(node);
    if (value) {
      // A single child is shown in the list; a list shows its own elements.
      const single = value.type === "alias" || value.type === "tuple" || value.type === "map";
      return this.read(value, single ? { ...here, at: here.at ?? node } : here);
    }
    if (value === null) return unknown(here);
    return [{ kind: "function", name: node.name, args: [], branch: here.branch }];
  }

  /** `{Module, argument}`, and the six parts of an Erlang specification. */
  private tuple(items: readonly Node[], node: Node, here: Here): ChildrenPart[] {
    const [first, second] = items;
    if (first?.type === "alias" && second && items.length === 2)
      return [this.child(node, first.module, shapeOf(this.resolved(second), 4), here)];
    // A child by its Erlang module, as the generator of Phoenix writes it.
    if (first?.type === "atom" && first.value === "telemetry_poller" && second && items.length === 2)
      return [this.child(node, ":telemetry_poller", shapeOf(this.resolved(second), 4), here)];
    if (items.length !== 6 || second?.type !== "tuple") return unknown(here);
    const [id, , ...settings] = items;
    const [restart, shutdown, type] = settings.map(settingOf);
    return this.started(node, second, here, null).map((part) =>
      part.kind === "child"
        ? { ...part, id: shapeOf(id), restart: restart ?? null, shutdown: shutdown ?? null, type: type ?? null }
        : part,
    );
  }

  private map(map: Extract<Node, { type: "map" }>, here: Here): ChildrenPart[] {
    const start = keywordValue(map, "start");
    return start?.type === "tuple" ? this.started(map, start, here, map) : unknown(here);
  }

  /** A child by its `{module, function, arguments}`. */
  private started(node: Node, start: Extract<Node, { type: "tuple" }>, here: Here, options: Node | null) {
    const [module, , args] = start.items;
    if (module?.type !== "alias" && module?.type !== "atom") return unknown(here);
    const name = module.type === "alias" ? module.module : `:${module.value}`;
    const [callback] = args?.type === "list" ? args.items : [];
    // `{GenServer, :start_link, [Module, argument]}`
    const generic = (name === "GenServer" || name === "Supervisor") && callback?.type === "alias";
    return [this.child(node, generic ? callback.module : name, this.startArgument(args), here, options)];
  }

  /** The options among the arguments of a start function, else the first. */
  private startArgument(args: Node | null | undefined): Shape {
    if (args?.type !== "list") return ANY;
    const shapes = args.items.map((arg) => shapeOf(this.resolved(arg), 4));
    return shapes.find((shape) => entry(shape, "name") !== null) ?? shapes[0] ?? ANY;
  }

  private overridden(spec: Node, options: Node | undefined, call: Call, here: Here): ChildrenPart[] {
    const parts = this.read(spec, { ...here, at: here.at ?? call });
    const id = keywordValue(options, "id");
    const given = settingsOf(options);
    return parts.map((part) => {
      if (part.kind !== "child") return part;
      const { restart, shutdown, type } = part;
      return {
        ...part,
        id: id ? shapeOf(id) : part.id,
        restart: given.restart ?? restart,
        shutdown: given.shutdown ?? shutdown,
        type: given.type ?? type,
      };
    });
  }

  private child(node: Node, module: string, arg: Shape, here: Here, options: Node | null = null): ChildFact {
    const id = keywordValue(options, "id");
    const place = here.at ?? node;
    const at = this.places.get(place) ?? this.anchors.add(place);
    this.places.set(place, at);
    return {
      kind: "child",
      at,
      module,
      arg,
      id: id ? shapeOf(id) : null,
      ...settingsOf(options),
      branch: here.branch,
    };
  }

  /** An option of a keyword list or of a map of flags. */
  private option(options: Node | null | undefined, key: string): Node | null {
    return this.resolved(keywordValue(options, key)) ?? null;
  }

  /** The node, or what the variable that it is was bound to. */
  private resolved(node: Node | null | undefined): Node | null | undefined {
    return node?.type === "variable" ? (this.valueOf(node) ?? node) : node;
  }

  /** What a variable was last bound to; null when that is not to be seen, undefined for a call without parentheses. */
  private valueOf(read: Variable): Node | null | undefined {
    let inner: Node = read;
    for (const outer of ancestors(read)) {
      if (outer.type === "block") {
        const before = outer.statements.slice(0, Math.max(0, outer.statements.indexOf(inner)));
        const match = before.findLast((node) => node.type === "binary" && node.operator === "=" && binds(node, read));
        if (match?.type === "binary") return match.left.type === "variable" ? match.right : null;
      }
      inner = outer;
    }
    const bound = find(this.def, (node) => {
      if (node.type === "def") return node.params.some((param) => boundNames(param).has(read.name));
      if (node.type === "clause") return node.patterns.some((pattern) => boundNames(pattern).has(read.name));
      return node.type === "binary" && (node.operator === "=" || node.operator === "<-") && binds(node, read);
    });
    return bound ? null : undefined;
  }
}

function binds(match: Extract<Node, { type: "binary" }>, variable: Variable): boolean {
  return boundNames(match.left).has(variable.name);
}

/** Stands for a setting that is computed. */
const UNKNOWN = "?";

function unknown({ branch }: Here): ChildrenPart[] {
  return [{ kind: "unknown", branch }];
}

/** `& &1`, `&is_nil/1`, `&(not is_nil(&1))`, `&(&1 != nil)`: what a conditional element needs. */
function dropsNilOnly(closure: Node): boolean {
  if (closure.type === "function-reference") return closure.name === "is_nil";
  if (closure.type !== "capture") return false;
  return find(closure.body, (n) => n.type === "call" && n.name !== "is_nil" && n.name !== "not") === null;
}

function settingOf(value: Node | null): string | null {
  if (value?.type === "atom") return value.value;
  return value ? (value.type === "number" ? value.text : UNKNOWN) : null;
}

function settingsOf(options: Node | null | undefined): Pick<ChildFact, "restart" | "shutdown" | "type"> {
  const setting = (key: string): string | null => settingOf(keywordValue(options, key));
  return { restart: setting("restart"), shutdown: setting("shutdown"), type: setting("type") };
}
