import type { Call, Def, Node } from "../syntax/ast.ts";
import { type Env, uses } from "../syntax/env.ts";
import { boundNames, keywordValue } from "../syntax/flow.ts";
import { isQueryMacro } from "../syntax/query.ts";
import { find, mentions, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { CallFact, PayloadFact } from "./facts.ts";

const SENDS = /broadcast|notify|publish|announce/;
/** What is set once in a while, by somebody who runs the whole, is small and not sent often. */
const SETTINGS = /config|settings/;
const NONE: readonly PayloadFact[] = [];

/** What the calls that may broadcast something are given of large things, by the function's own variables. */
export function payloadsOf(
  def: Def,
  written: readonly Call[],
  env: Env,
  calls: readonly CallFact[],
  anchors: Anchors,
): readonly PayloadFact[] {
  const sending = written.filter(({ name }) => SENDS.test(name) && !SETTINGS.test(name));
  if (sending.length === 0 || /delet|remov|destroy/.test(def.name ?? "")) return NONE;
  const out: PayloadFact[] = [];
  const values = new Values(def, env);
  for (const node of sending) {
    const call = calls.findIndex((c) => isAt(anchors.ranges[c.at], node) && c.name === node.name);
    if (call < 0) continue;
    node.args.forEach((arg, argument) => {
      const held = isAboutDeletion(arg) || node.args.slice(0, argument).some(isOfOne) ? null : values.largeIn(arg, 3);
      if (held) out.push({ call, argument, at: anchors.add(held.node), kind: held.kind, name: held.name });
    });
  }
  return out.length > 0 ? out : NONE;
}

function isAt(range: { start: number; end: number } | undefined, { ownStart, end }: Call): boolean {
  return range?.start === ownStart && range.end === end;
}

/** What was deleted cannot be fetched again by who hears of it. */
function isAboutDeletion(payload: Node): boolean {
  return find(payload, (n) => n.type === "atom" && /delet|remov|destroy/.test(n.value)) !== null;
}

/** A topic of one user has few subscribers: `"users:#{user.id}"`, `user_topic(id)`; that of settings has few messages. */
function isOfOne(topic: Node): boolean {
  const name = (n: Node): string =>
    n.type === "variable" || n.type === "call" || n.type === "field" ? n.name : n.type === "string" ? n.content : "";
  return find(topic, (n) => /user|session|account|member/.test(name(n)) || SETTINGS.test(name(n))) !== null;
}

interface Held {
  readonly node: Node;
  readonly kind: PayloadFact["kind"];
  readonly name: string;
}

const LOADS_MANY = /^(?:all|list|all_by|list_\w+|all_\w+)$/;
const LOADS_ONE = /^(?:one|get|get_by)!?$/;
/** Functions of `Enum` that give rows where they got rows. */
const KEEPS_ROWS = /^(?:filter|reject|sort|sort_by|reverse|uniq|uniq_by|concat|to_list)$/;

/** What the variables of a function hold, as far as its matches say. */
class Values {
  /** The last match of each variable; null for one that a pattern binds. */
  private readonly bound = new Map<string, Node | null>();
  private readonly state: ReadonlySet<string>;
  /** What the function has just inserted has no rows of others below it yet. */
  private readonly makes: boolean;

  constructor(
    private readonly def: Def,
    env: Env,
  ) {
    const last = def.params.at(-1);
    const isCallback = /^(?:handle_(?:call|cast|info|continue)|terminate)$/.test(def.name ?? "");
    this.state =
      isCallback && uses(env, "GenServer") && last ? boundNames(last.type === "binary" ? last.right : last) : new Set();
    const inserts = (n: Node): boolean => n.type === "call" && /^insert!?$/.test(n.name);
    const fills = (n: Node): boolean => n.type === "call" && /^(?:update!?|(?:put|cast)_assoc)$/.test(n.name);
    this.makes = find(def, inserts) !== null && find(def, fills) === null;
    visit(def, (node) => {
      if (node.type !== "binary" || (node.operator !== "=" && node.operator !== "<-")) return;
      for (const name of boundNames(node.left)) {
        const isKnown = this.bound.has(name) || node.left.type !== "variable" || node.operator === "<-";
        const again = mentions(node.right, new Set([name]));
        this.bound.set(name, isKnown && !again ? null : node.right);
      }
    });
  }

  /** The first large thing among the parts of a payload. */
  largeIn(payload: Node, depth: number): Held | null {
    const parts =
      payload.type === "tuple" || payload.type === "list"
        ? payload.items
        : payload.type === "map" && !payload.base
          ? payload.items.flatMap((item) => (item.type === "pair" ? [item.value] : []))
          : payload.type === "pair"
            ? [payload.value]
            : null;
    if (!parts) {
      const kind = this.kindOf(payload, depth);
      return kind && { node: payload, kind, name: nameOf(payload) };
    }
    if (depth === 0) return null;
    for (const part of parts) {
      const held = this.largeIn(part, depth - 1);
      if (held) return held;
    }
    return null;
  }

  /** `def ready(%{conn: conn}) when is_pid(conn)`: a guard says that it is something else of that name. */
  private isOther(name: string): boolean {
    const { guard } = this.def;
    const asks = (n: Node): boolean =>
      n.type === "call" &&
      /^is_(?!map|struct)/.test(n.name) &&
      n.args[0]?.type === "variable" &&
      n.args[0].name === name;
    return guard !== null && find(guard, asks) !== null;
  }

  private kindOf(node: Node, depth: number): PayloadFact["kind"] | null {
    switch (node.type) {
      case "variable": {
        if (node.name === "socket" || node.name === "conn") return this.isOther(node.name) ? null : node.name;
        if (this.state.has(node.name) && !this.bound.get(node.name)) return "state";
        const value = this.bound.get(node.name);
        return value && depth > 0 ? this.kindOf(value, depth - 1) : null;
      }
      case "field":
        return node.name === "assigns" && node.object.type === "variable" && node.object.name === "socket"
          ? "assigns"
          : null;
      case "call":
        return this.kindOfCall(node, depth);
      default:
        return null;
    }
  }

  private kindOfCall({ module, name, args }: Call, depth: number): PayloadFact["kind"] | null {
    const [first] = args;
    const isRepo = module !== null && /(?:^|\.)Repo$/.test(module);
    if (isRepo && name === "preload" && this.makes && isOfMany(args[1])) return null;
    if (isRepo && name === "preload") return first && this.kindOf(first, depth - 1) === "rows" ? "rows" : "preloaded";
    if (isRepo && LOADS_MANY.test(name)) return "rows";
    if (isRepo && LOADS_ONE.test(name)) return first && preloads(first) ? "preloaded" : null;
    if (/(?:^|_)changeset$/.test(name)) return "changeset";
    if (module === "Enum" && KEEPS_ROWS.test(name) && first && depth > 0) {
      return this.kindOf(first, depth - 1) === "rows" ? "rows" : null;
    }
    const isOwn = module === null || /^[A-Z]/.test(module);
    return isOwn && /^list_\w+s$/.test(name) && !/_(?:ids|names|keys|stats)$/.test(name) ? "rows" : null;
  }
}

/** `:todos`, `[:lines, :stops]`: associations of many rows, by their names. */
function isOfMany(names: Node | undefined): boolean {
  if (names?.type === "list") return names.items.length > 0 && names.items.every(isOfMany);
  return names?.type === "atom" && /[^s]s$/.test(names.value);
}

function preloads(query: Node): boolean {
  const asks = (n: Node): boolean =>
    n.type === "call" && (n.name === "preload" || (isQueryMacro(n) && keywordValue(n.args.at(-1), "preload") !== null));
  return find(query, asks) !== null;
}

function nameOf(node: Node): string {
  if (node.type === "variable") return node.name;
  return node.type === "field" && node.object.type === "variable" ? `${node.object.name}.${node.name}` : "";
}
