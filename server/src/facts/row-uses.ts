import type { Call, Clause, Node } from "../syntax/ast.ts";
import { boundNames, isBranching, isDiscarded } from "../syntax/flow.ts";
import { isAtom } from "../syntax/literals.ts";
import { inputOf, isQueryMacro, preloadNames } from "../syntax/query.ts";
import { ancestors, eachChild, visit } from "../syntax/visit.ts";

/** What an expression holds: one row or many, and which associations were preloaded after it was read. */
interface Held {
  readonly many: boolean;
  /** Null where it is not known which. */
  readonly preloads: readonly string[] | null;
}

/** A field that is read of a row, and where. */
export interface FieldRead {
  readonly field: string;
  readonly at: Node;
  /** What was preloaded before; null where that is not known. */
  readonly preloads: readonly string[] | null;
}

/** Functions of `Enum` whose closure gets each element, by what becomes of the elements. */
const KEEPS = /^(?:filter|reject|sort_by|uniq_by|take_while|drop_while|dedup_by)$/;
const PICKS = /^(?:find|min_by|max_by)$/;
const READS =
  /^(?:map|each|flat_map|any\?|all\?|count|sum_by|product_by|frequencies_by|find_value|find_index|map_join|into|new|reduce|map_reduce|flat_map_reduce|reduce_while|map_intersperse)$/;
const SELECTS = /^(?:take|drop|slice|reverse|sort|uniq|shuffle|take_random|concat|to_list)$/;
const ONE = /^(?:at|random|fetch!|hd|first|last|min|max)$/;
const ASKS = /^(?:count|empty\?|any\?|length|is_nil|is_struct|is_map|is_list|not)$/;
const COLLECTIONS = /^(?:Enum|Stream|List|Map|MapSet)$/;

/** Follows rows through a function: which fields are read of them, and where they go to as a whole. */
export class RowUses {
  readonly reads: FieldRead[] = [];
  /** Names of functions that get the rows; `return` where the function gives them back, `?` for anything else. */
  readonly goes = new Set<string>();
  /** How the rows are given back as the function's very value. */
  value: Held | null = null;
  /** True where something in the function goes through them. */
  enumerated = false;
  private depth = 0;

  follow(node: Node, held: Held): void {
    const { parent } = node;
    if (!parent || ++this.depth > 40) {
      this.goes.add("?");
      return;
    }
    switch (parent.type) {
      case "field":
        if (held.many) this.goes.add("?");
        else this.read(parent.name, parent, held);
        return;
      case "binary":
        this.binary(node, parent, held);
        return;
      case "unary":
        if (!/^(?:!|not)$/.test(parent.operator)) this.goes.add("?");
        return;
      case "block":
        this.statement(node, parent, held);
        return;
      case "call":
        this.argument(node, parent, held);
        return;
      default:
        this.hand(node);
    }
  }

  private read(field: string, at: Node, { preloads }: Held): void {
    this.reads.push({ field, at, preloads });
  }

  private statement(node: Node, block: Extract<Node, { type: "block" }>, held: Held): void {
    if (isDiscarded(node)) return;
    if (block.statements.at(-1) !== node) return;
    if (block.parent?.type === "def") {
      this.goes.add("return");
      this.value = held;
    } else if (block.parent?.type === "block") this.follow(block, held);
    else this.hand(block);
  }

  private binary(node: Node, parent: Extract<Node, { type: "binary" }>, held: Held): void {
    const { operator, left } = parent;
    if ((operator === "=" || operator === "<-") && parent.right === node) {
      const generator = operator === "<-" && parent.parent?.type === "call" && parent.parent.name === "for";
      if (generator) this.enumerated ||= runsHere(parent);
      this.bind(left, generator ? { ...held, many: false } : held, () => scopeOf(parent));
      const isAsked =
        parent.parent?.type === "call" && isBranching(parent.parent) && !/^case$/.test(parent.parent.name);
      if (operator === "=" && !isAsked && parent.parent?.type === "block" && !isDiscarded(parent)) this.hand(parent);
      else if (operator === "=" && !isAsked && parent.parent?.type !== "block") this.follow(parent, held);
      return;
    }
    if (/^(?:&&|and)$/.test(operator)) {
      if (parent.left !== node) this.follow(parent, held);
      return;
    }
    const other = parent.left === node ? parent.right : parent.left;
    const asks = /^[=!]=$/.test(operator) && other.type === "atom";
    if (!asks) this.hand(node);
  }

  /** What a pattern reads of the rows, and what its names are used for in their scope. */
  private bind(pattern: Node, held: Held, scope: () => readonly Node[]): void {
    switch (pattern.type) {
      case "variable":
        if (pattern.name.startsWith("_")) return;
        for (const use of usesIn(scope(), pattern.name)) this.follow(use, held);
        return;
      case "binary":
        if (pattern.operator !== "=") break;
        this.bind(pattern.left, held, scope);
        this.bind(pattern.right, held, scope);
        return;
      case "map":
        if (held.many) return;
        // Only a row matches `%User{}`.
        if (pattern.struct && pattern.items.length === 0) this.goes.add("?");
        for (const item of pattern.items) {
          // Without the row around it, such a NULL is not told from no row.
          if (item.type === "pair" && isAtom(item.value, "nil")) this.goes.add("?");
          if (item.type === "pair" && item.key.type === "atom") this.read(item.key.value, item, held);
          else this.goes.add("?");
        }
        return;
      case "list":
        if (!held.many) return;
        // How many there are counts too.
        this.goes.add("?");
        for (const item of pattern.items) {
          const isTail = item.type === "binary" && item.operator === "|";
          this.bind(isTail ? item.left : item, { ...held, many: false }, scope);
          if (isTail) this.bind(item.right, held, scope);
        }
        return;
      case "atom":
        return;
    }
    if (boundNames(pattern).size > 0) this.goes.add("?");
  }

  private argument(node: Node, call: Call, held: Held): void {
    const { module, name, args } = call;
    const isFirst = args[0] === node && call.target !== node && !isQueryMacro(call);
    const isLocal = module === null && !call.target;
    if (isBranching(call) && isFirst) {
      if (name === "case") for (const section of call.sections) this.clauses(section.clauses, held);
    } else if (isFirst && isLocal && ASKS.test(name)) return;
    else if (isFirst && isLocal && name === "hd" && held.many) this.follow(call, { ...held, many: false });
    else if (isFirst && isLocal && name === "then") this.closure(args[1], held);
    else if (isFirst && isLocal && name === "tap") {
      this.closure(args[1], held);
      this.follow(call, held);
    } else if (isFirst && name === "preload" && /Repo$/.test(module ?? "")) {
      const names = preloadNames(args[1]);
      this.goes.add("preload");
      this.follow(call, { ...held, preloads: names && held.preloads && [...held.preloads, ...names] });
    } else if (isFirst && held.many && COLLECTIONS.test(module ?? "")) this.collection(call, held);
    else this.hand(node);
  }

  private collection(call: Call, held: Held): void {
    const { name, args } = call;
    this.enumerated ||= isEnumerated(call) && runsHere(call);
    const rest = args.slice(1);
    const closures = rest.filter((arg) => arg.type === "fn" || arg.type === "capture");
    const one = { ...held, many: false };
    const hasReference = rest.some((arg) => arg.type === "function-reference");
    if (hasReference) this.goes.add("?");
    else if (name === "group_by" && closures.length === 2) for (const closure of closures) this.closure(closure, one);
    else if ((KEEPS.test(name) || PICKS.test(name)) && closures.length > 0) {
      for (const closure of closures.slice(0, 1)) this.closure(closure, one);
      this.follow(call, PICKS.test(name) ? one : held);
    } else if (READS.test(name) && closures.length === 1) this.closure(closures[0], one);
    else if (ASKS.test(name) && rest.length === 0) return;
    else if (ONE.test(name) && closures.length === 0) this.follow(call, one);
    else if (SELECTS.test(name) && closures.length === 0) this.follow(call, held);
    else this.goes.add("?");
  }

  /** A closure whose first parameter gets the rows. */
  private closure(closure: Node | undefined, held: Held): void {
    if (closure?.type === "fn") this.clauses(closure.clauses, held);
    else if (closure?.type === "capture")
      visit(closure.body, (n) => {
        if (n.type === "capture-argument" && n.index === 1) this.follow(n, held);
      });
    else this.goes.add("?");
  }

  private clauses(clauses: readonly Clause[], held: Held): void {
    for (const { patterns, guard, body } of clauses) {
      const [pattern] = patterns;
      if (pattern) this.bind(pattern, held, () => (guard ? [guard, body] : [body]));
    }
  }

  /** The rows are handed on as a whole: to which call, or out of the function. */
  private hand(node: Node): void {
    let at: Node = node;
    for (let outer = node.parent; outer; at = outer, outer = outer.parent) {
      if (outer.type === "call") {
        this.goes.add(isBranching(outer) ? "?" : outer.name || "?");
        return;
      }
      if (outer.type === "def") {
        this.goes.add("return");
        return;
      }
      if (outer.type === "fn" || outer.type === "capture") break;
      if (outer.type === "block" && outer.statements.at(-1) !== at) break;
    }
    this.goes.add("?");
  }
}

/** False in a closure that some function may run later, or in a transaction. */
function runsHere(node: Node): boolean {
  for (const outer of ancestors(node)) {
    const call = outer.type === "fn" || outer.type === "capture" ? outer.parent : null;
    if (call?.type === "call" && !COLLECTIONS.test(call.module ?? "") && !/^(?:then|tap)$/.test(call.name))
      return false;
  }
  return true;
}

/** True for a call that goes through what it is given, or a stream of it that another call goes through. */
function isEnumerated(call: Call): boolean {
  if (call.module !== "Stream" || call.name === "run") return true;
  const { parent } = call;
  if (parent?.type === "binary" && parent.operator === "<-")
    return parent.parent?.type === "call" && parent.parent.name === "for";
  return (
    parent?.type === "call" && parent.args[0] === call && COLLECTIONS.test(parent.module ?? "") && isEnumerated(parent)
  );
}

/** Where the names that a match binds are known: what comes after it in its block, and in the `if`, `with` or `for` it is in. */
function scopeOf(match: Node): readonly Node[] {
  const out: Node[] = [];
  let inner = match;
  for (let outer = match.parent; outer; inner = outer, outer = outer.parent) {
    if (outer.type === "block") {
      out.push(...outer.statements.slice(outer.statements.indexOf(inner) + 1));
      return out;
    }
    if (outer.type === "call") {
      const index = outer.args.indexOf(inner);
      const isWith = outer.module === null && outer.name === "with";
      out.push(...outer.args.slice(index + 1));
      out.push(...outer.sections.filter(({ name }) => !isWith || name === "do"));
      if (isWith || (outer.module === null && outer.name === "for")) return out;
    } else if (outer.type === "binary") {
      if (outer.left === inner) out.push(outer.right);
    } else if (!/^(?:tuple|list|pair|unary)$/.test(outer.type)) return out;
  }
  return out;
}

/** The reads of a variable in the nodes, in order, until it is bound anew. Bindings of a query are none. */
function usesIn(nodes: readonly Node[], name: string): readonly Node[] {
  const out: Node[] = [];
  const all = (inner: readonly (Node | null | undefined)[]): boolean => inner.some((node) => node && walk(node));
  const pins = (pattern: Node): void =>
    visit(pattern, (node) => {
      if (node.type === "unary" && node.operator === "^") visit(node.operand, (n) => take(n));
    });
  const take = (node: Node): void => {
    if (node.type === "variable" && node.name === name) out.push(node);
  };
  /** True where the name means something else from here on. */
  const walk = (node: Node): boolean => {
    switch (node.type) {
      case "variable":
        take(node);
        return false;
      case "binary":
        if (node.operator !== "=" && node.operator !== "<-") return all([node.left, node.right]);
        walk(node.right);
        pins(node.left);
        return boundNames(node.left).has(name);
      case "clause":
        for (const pattern of node.patterns) pins(pattern);
        if (!node.patterns.some((pattern) => boundNames(pattern).has(name))) all([node.guard, node.body]);
        return false;
      case "section":
        all([node.body]);
        for (const clause of node.clauses) walk(clause);
        return false;
      case "block":
        return all(node.statements);
      case "fn":
        for (const clause of node.clauses) walk(clause);
        return false;
      case "call": {
        if (isQueryMacro(node)) {
          const input = inputOf(node);
          if (input) walk(input);
          for (const arg of node.args) if (arg !== input) pins(arg);
          return false;
        }
        if (node.module === "Ecto.Query" || node.name === "dynamic") {
          for (const arg of node.args) pins(arg);
          return false;
        }
        if (node.target && walk(node.target)) return true;
        const isScope = node.module === null && /^(?:with|for)$/.test(node.name);
        const rebound = all(node.args);
        if (!rebound) for (const section of node.sections) walk(section);
        return rebound && !isScope;
      }
      default: {
        let rebound = false;
        eachChild(node, (child) => {
          if (!rebound) rebound = walk(child);
        });
        return rebound;
      }
    }
  };
  all(nodes);
  return out;
}
