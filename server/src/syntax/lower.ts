import { shortName } from "../base/module-name.ts";
import type { Alias, Block, Call, Clause, Comment, Node, Section, Template } from "./ast.ts";
import type { Cst } from "./cst.ts";
import { type Dialect, dialectOfSigil } from "./dialect.ts";
import { afterStatement, type Env, expandAlias, importedFrom, isEnvironmental, NO_EXPANSIONS } from "./env.ts";
import { eachChild } from "./visit.ts";

/** Deeper nesting becomes `Unknown`: the walks over the tree recurse, and real code stays below 100. */
const MAX_DEPTH = 200;

const SECTIONS = new Set(["do", "else", "rescue", "catch", "after"]);
const DEFINITIONS = new Set(["def", "defp", "defmacro", "defmacrop", "defguard", "defguardp", "defdelegate"]);

/** Reads the template of a sigil whose text begins at `start`, relative to the form. */
export type TemplateReader = (text: string, start: number, dialect: Dialect, env: Env) => Template;

/** Sets the children's `parent` to the new node, and gives it back. */
export function make<T extends Node>(node: T): T {
  const adopt = (child: Node): void => {
    child.parent = node;
  };
  eachChild(node, adopt);
  return node;
}

/**
 * Lowers the syntax below `node` of the tree to the AST of one form. Never throws on broken syntax.
 * @param text the text that the tree was parsed from
 * @param base offset of the form in that text; the AST's offsets are relative to it
 */
export function lower(cst: Cst, node: number, text: string, base: number, env: Env, templates: TemplateReader): Node {
  return new Lowering(cst, text, base, env, templates).node(node);
}

/** The comments below a node, offsets relative to `base`. */
export function commentsIn(cst: Cst, node: number, text: string, base: number): Comment[] {
  const out: Comment[] = [];
  for (let at = node; at < cst.after(node); at++) {
    if (cst.kind(at) !== "comment") continue;
    const start = cst.start(at);
    // In CRLF files the grammar counts the CR in.
    const source = text.slice(start, cst.end(at)).trimEnd();
    out.push({ start: start - base, end: start - base + source.length, text: source });
  }
  return out;
}

class Lowering {
  private depth = 0;

  constructor(
    private readonly cst: Cst,
    private readonly text: string,
    private readonly base: number,
    private env: Env,
    private readonly templates: TemplateReader,
  ) {}

  node(i: number): Node {
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      return this.unknown(i);
    }
    const out = this.lowerNode(i);
    this.depth--;
    return out;
  }

  private start(i: number): number {
    return this.cst.start(i) - this.base;
  }

  private end(i: number): number {
    return this.cst.end(i) - this.base;
  }

  private source(i: number): string {
    return this.text.slice(this.cst.start(i), this.cst.end(i));
  }

  private unknown(i: number): Node {
    return make({ type: "unknown", parent: null, start: this.start(i), end: this.end(i) });
  }

  private lowerNode(i: number): Node {
    switch (this.cst.kind(i)) {
      case "identifier":
        return this.identifier(i);
      case "alias":
        return this.alias(i, expandAlias(this.env, this.source(i)));
      case "call":
        return this.call(i, null);
      case "binary_operator":
        return this.binary(i);
      case "unary_operator":
        return this.unary(i);
      case "atom":
        return make({
          type: "atom",
          parent: null,
          start: this.start(i),
          end: this.end(i),
          value: this.source(i).slice(1),
        });
      case "boolean":
      case "nil":
        return make({ type: "atom", parent: null, start: this.start(i), end: this.end(i), value: this.source(i) });
      case "quoted_atom":
        if (this.cst.children(i).some((child) => this.cst.kind(child) === "interpolation")) return this.madeAtom(i);
        return make({
          type: "atom",
          parent: null,
          start: this.start(i),
          end: this.end(i),
          value: this.source(i).slice(2, -1),
        });
      case "keyword":
        return this.keyword(i, /:\s*$/);
      case "quoted_keyword":
        return this.keyword(i, /^["']|["']:\s*$/g);
      case "integer":
      case "float":
      case "char":
        return make({ type: "number", parent: null, start: this.start(i), end: this.end(i), text: this.source(i) });
      case "string":
      case "charlist":
        return this.string(i);
      case "sigil":
        return this.sigil(i);
      case "list":
        return make({
          type: "list",
          parent: null,
          start: this.start(i),
          end: this.end(i),
          items: this.items(i),
          bare: false,
        });
      case "tuple":
        return make({ type: "tuple", parent: null, start: this.start(i), end: this.end(i), items: this.items(i) });
      case "bitstring":
        return make({ type: "bitstring", parent: null, start: this.start(i), end: this.end(i), items: this.items(i) });
      case "keywords":
        return make({
          type: "list",
          parent: null,
          start: this.start(i),
          end: this.end(i),
          items: this.items(i),
          bare: true,
        });
      case "pair":
        return this.pair(i);
      case "map":
        return this.map(i);
      case "access_call":
        return this.access(i);
      case "dot":
        return this.dot(i);
      case "anonymous_function":
        return make({
          type: "fn",
          parent: null,
          start: this.start(i),
          end: this.end(i),
          clauses: this.clauses(this.cst.children(i)),
        });
      case "block":
        return this.parentheses(i);
      case "source":
        return this.block(this.cst.children(i), i);
      case "interpolation":
        return this.block(this.cst.children(i), i);
      case "operator_identifier":
        return make({ type: "variable", parent: null, start: this.start(i), end: this.end(i), name: this.source(i) });
      default:
        return this.unknown(i);
    }
  }

  private identifier(i: number): Node {
    const name = this.source(i);
    if (name === "__MODULE__") return this.alias(i, this.env.module);
    return make({ type: "variable", parent: null, start: this.start(i), end: this.end(i), name });
  }

  private alias(i: number, module: string): Alias {
    const source = this.source(i);
    return make<Alias>({
      type: "alias",
      parent: null,
      start: this.start(i),
      end: this.end(i),
      module,
      short: shortName(source),
    });
  }

  /** The keyword token takes the white space after its colon with it; the node does not. */
  private keyword(i: number, trim: RegExp): Node {
    const source = this.source(i);
    return make({
      type: "atom",
      parent: null,
      start: this.start(i),
      end: this.start(i) + source.trimEnd().length,
      value: source.replace(trim, ""),
    });
  }

  /** The elements of a container; a trailing run of `key: value` is so many elements of a list, and one of a tuple. */
  private items(i: number): Node[] {
    const out: Node[] = [];
    const whole = this.cst.kind(i) === "arguments" || this.cst.kind(i) === "tuple";
    for (const child of this.cst.children(i)) {
      const kind = this.cst.kind(child);
      if (kind === "keywords" && !whole) {
        for (const pair of this.cst.children(child)) out.push(this.node(pair));
      } else out.push(this.node(child));
    }
    return out;
  }

  private string(i: number): Node {
    const parts: Node[] = [];
    let literal = true;
    for (const child of this.cst.children(i)) {
      if (this.cst.kind(child) !== "interpolation") continue;
      literal = false;
      parts.push(this.node(child));
    }
    const source = this.source(i);
    const quote = /^("""|'''|"|')/.exec(source)?.[0].length ?? 1;
    const content = source.slice(quote, -quote);
    return make({
      type: "string",
      parent: null,
      start: this.start(i),
      end: this.end(i),
      charlist: this.cst.kind(i) === "charlist",
      value: literal ? content : null,
      content,
      parts,
    });
  }

  /** `:"a#{b}"` is what Elixir makes of it: a call of `:erlang.binary_to_atom` with the string. */
  private madeAtom(i: number): Node {
    const [start, end] = [this.start(i), this.end(i)];
    return make<Call>({
      type: "call",
      parent: null,
      start,
      end,
      module: ":erlang",
      name: "binary_to_atom",
      args: [this.string(i)],
      piped: false,
      ownStart: start,
      calleeStart: start,
      calleeEnd: end,
      target: null,
      sections: [],
      remote: true,
      parens: false,
    });
  }

  private sigil(i: number): Node {
    const parts: Node[] = [];
    let name = "";
    let modifiers = "";
    let nameEnd = this.cst.start(i) + 1;
    for (const child of this.cst.children(i)) {
      const kind = this.cst.kind(child);
      if (kind === "sigil_name") {
        name = this.source(child);
        nameEnd = this.cst.end(child);
      } else if (kind === "sigil_modifiers") modifiers = this.source(child);
      else if (kind === "interpolation") parts.push(this.node(child));
    }
    const quote = /^("""|'''|.)/s.exec(this.text.slice(nameEnd, nameEnd + 3))?.[0].length ?? 1;
    const contentStart = nameEnd + quote;
    const contentEnd = Math.max(contentStart, this.cst.end(i) - modifiers.length - quote);
    const content = this.text.slice(contentStart, contentEnd);
    const dialect = dialectOfSigil(name);
    if (dialect) parts.push(this.templates(content, contentStart - this.base, dialect, this.env));
    return make({
      type: "sigil",
      parent: null,
      start: this.start(i),
      end: this.end(i),
      name,
      content,
      contentStart: contentStart - this.base,
      modifiers,
      parts,
    });
  }

  private pair(i: number): Node {
    const [key, value] = this.cst.children(i);
    if (key === undefined) return this.unknown(i);
    return make({
      type: "pair",
      parent: null,
      start: this.start(i),
      end: this.end(i),
      key: this.node(key),
      value: value === undefined ? this.unknown(i) : this.node(value),
    });
  }

  private map(i: number): Node {
    let struct: Node | null = null;
    let base: Node | null = null;
    const items: Node[] = [];
    for (const child of this.cst.children(i)) {
      const kind = this.cst.kind(child);
      if (kind === "struct") {
        const inner = this.cst.first(child);
        struct = inner < 0 ? this.unknown(child) : this.node(inner);
      } else if (kind === "map_content") {
        for (const entry of this.cst.children(child)) {
          if (base === null && items.length === 0 && this.operatorOf(entry) === "|") {
            const [left, , right] = this.cst.children(entry);
            base = this.node(left as number);
            if (right !== undefined) this.mapEntries(right, items);
          } else this.mapEntries(entry, items);
        }
      } else items.push(this.unknown(child));
    }
    return make({ type: "map", parent: null, start: this.start(i), end: this.end(i), struct, base, items });
  }

  private mapEntries(i: number, into: Node[]): void {
    if (this.cst.kind(i) === "keywords") {
      for (const pair of this.cst.children(i)) into.push(this.node(pair));
    } else if (this.operatorOf(i) === "=>") {
      const [left, , right] = this.cst.children(i);
      const key = this.node(left as number);
      const value = right === undefined ? this.unknown(i) : this.node(right);
      into.push(make({ type: "pair", parent: null, start: this.start(i), end: this.end(i), key, value }));
    } else into.push(this.node(i));
  }

  /** The operator of a binary node, or empty. */
  private operatorOf(i: number): string {
    if (this.cst.kind(i) !== "binary_operator") return "";
    const operator = this.cst.children(i)[1];
    return operator === undefined ? "" : this.cst.kind(operator);
  }

  private access(i: number): Node {
    const [object, key] = this.cst.children(i);
    if (object === undefined || key === undefined) return this.unknown(i);
    return make({
      type: "access",
      parent: null,
      start: this.start(i),
      end: this.end(i),
      object: this.node(object),
      key: this.node(key),
    });
  }

  /** `A.{B, C}`, `__MODULE__.B`, and other dots that are no call. */
  private dot(i: number): Node {
    const [left, right] = this.cst.children(i);
    if (left === undefined || right === undefined) return this.unknown(i);
    const object = this.node(left);
    if (object.type !== "alias") return this.unknown(i);
    if (this.cst.kind(right) === "alias") {
      return this.alias(i, `${object.module}.${this.source(right)}`);
    }
    if (this.cst.kind(right) === "tuple") {
      const items = this.cst
        .children(right)
        .map((child) => this.alias(child, `${object.module}.${this.source(child)}`));
      return make({ type: "tuple", parent: null, start: this.start(i), end: this.end(i), items });
    }
    return this.unknown(i);
  }

  /** `(x)` is `x`; `(a; b)` a block; `(x -> y)` a function type. */
  private parentheses(i: number): Node {
    const inner = this.cst.children(i);
    if (inner.some((child) => this.cst.kind(child) === "stab_clause")) {
      return make({ type: "fn", parent: null, start: this.start(i), end: this.end(i), clauses: this.clauses(inner) });
    }
    return inner.length === 1 ? this.node(inner[0] as number) : this.block(inner, i);
  }

  /** Statements in order; an `alias` or `import` among them is in force for those that follow. */
  private block(statements: readonly number[], around: number): Block {
    const outer = this.env;
    const nodes: Node[] = [];
    for (const statement of statements) {
      const node = this.node(statement);
      nodes.push(node);
      if (isEnvironmental(node)) this.env = afterStatement(this.env, node, NO_EXPANSIONS);
    }
    this.env = outer;
    const first = nodes[0];
    const last = nodes.at(-1);
    return make({
      type: "block",
      parent: null,
      start: first ? first.start : this.end(around),
      end: last ? last.end : this.end(around),
      statements: nodes,
    });
  }

  private clauses(nodes: readonly number[]): Clause[] {
    return nodes.filter((n) => this.cst.kind(n) === "stab_clause").map((n) => this.clause(n));
  }

  private clause(i: number): Clause {
    let patterns: Node[] = [];
    let guard: Node | null = null;
    let body: Block | null = null;
    for (const child of this.cst.children(i)) {
      const kind = this.cst.kind(child);
      if (kind === "body") body = this.block(this.cst.children(child), child);
      else if (kind === "arguments") patterns = this.items(child);
      else if (this.operatorOf(child) === "when") {
        const [left, , right] = this.cst.children(child);
        patterns =
          this.cst.kind(left as number) === "arguments" ? this.items(left as number) : [this.node(left as number)];
        guard = right === undefined ? null : this.node(right);
      }
    }
    // The grammar counts the line break after the last clause in.
    const end = body?.statements.length ? body.end : this.start(i) + this.source(i).trimEnd().length;
    return make<Clause>({
      type: "clause",
      parent: null,
      start: this.start(i),
      end,
      patterns,
      guard,
      body: body?.statements.length
        ? body
        : make<Block>({ type: "block", parent: null, start: end, end, statements: [] }),
    });
  }

  private unary(i: number): Node {
    const [operator, operand] = this.cst.children(i);
    if (operator === undefined || operand === undefined) return this.unknown(i);
    const kind = this.cst.kind(operator);
    if (kind === "@") return this.attribute(i, operand);
    if (kind === "&") return this.capture(i, operand);
    return make({
      type: "unary",
      parent: null,
      start: this.start(i),
      end: this.end(i),
      operator: kind,
      operand: this.node(operand),
    });
  }

  private attribute(i: number, operand: number): Node {
    const kind = this.cst.kind(operand);
    if (kind === "identifier") {
      const name = this.source(operand);
      return make({
        type: "attribute",
        parent: null,
        start: this.start(i),
        end: this.end(i),
        name,
        value: this.env.attributes.get(name) ?? null,
      });
    }
    if (kind !== "call") return this.unknown(i);
    const [target, args] = this.cst.children(operand);
    const value = args === undefined ? -1 : this.cst.first(args);
    return make({
      type: "attribute-set",
      parent: null,
      start: this.start(i),
      end: this.end(i),
      name: target === undefined ? "" : this.source(target),
      value: value < 0 ? null : this.node(value),
    });
  }

  private capture(i: number, operand: number): Node {
    if (this.cst.kind(operand) === "integer") {
      return make({
        type: "capture-argument",
        parent: null,
        start: this.start(i),
        end: this.end(i),
        index: Number(this.source(operand)),
      });
    }
    if (this.operatorOf(operand) === "/") {
      const [left, , right] = this.cst.children(operand);
      if (right !== undefined && this.cst.kind(right) === "integer") {
        const reference = this.functionReference(i, left as number, Number(this.source(right)));
        if (reference) return reference;
      }
    }
    return make({ type: "capture", parent: null, start: this.start(i), end: this.end(i), body: this.node(operand) });
  }

  private functionReference(i: number, named: number, arity: number): Node | null {
    const target = this.node(named);
    if (target.type === "variable") {
      const module = importedFrom(this.env, target.name);
      return make({
        type: "function-reference",
        parent: null,
        start: this.start(i),
        end: this.end(i),
        module,
        name: target.name,
        arity,
      });
    }
    if (target.type === "call" && target.args.length === 0 && target.name !== "" && !target.target) {
      return make({
        type: "function-reference",
        parent: null,
        start: this.start(i),
        end: this.end(i),
        module: target.module,
        name: target.name,
        arity,
      });
    }
    return null;
  }

  private binary(i: number): Node {
    const [left, operator, right] = this.cst.children(i);
    if (left === undefined || operator === undefined || right === undefined) return this.unknown(i);
    const kind = this.cst.kind(operator);
    if (kind === "|>") {
      const value = this.node(left);
      const piped = this.pipe(value, right);
      if (piped) return piped;
      return make({
        type: "binary",
        parent: null,
        start: this.start(i),
        end: this.end(i),
        operator: kind,
        left: value,
        right: this.node(right),
      });
    }
    if (kind === "not in") {
      const inner = make({
        type: "binary",
        parent: null,
        start: this.start(i),
        end: this.end(i),
        operator: "in",
        left: this.node(left),
        right: this.node(right),
      });
      return make({
        type: "unary",
        parent: null,
        start: this.start(i),
        end: this.end(i),
        operator: "not",
        operand: inner,
      });
    }
    return make({
      type: "binary",
      parent: null,
      start: this.start(i),
      end: this.end(i),
      operator: kind,
      left: this.node(left),
      right: this.node(right),
    });
  }

  private pipe(value: Node, right: number): Node | null {
    const kind = this.cst.kind(right);
    if (kind === "call") return this.call(right, value);
    if (kind !== "identifier") return null;
    const name = this.source(right);
    return make<Call>({
      type: "call",
      parent: null,
      start: value.start,
      end: this.end(right),
      module: importedFrom(this.env, name),
      name,
      args: [value],
      piped: true,
      ownStart: this.start(right),
      calleeStart: this.start(right),
      calleeEnd: this.end(right),
      target: null,
      sections: [],
      remote: false,
      parens: false,
    });
  }

  private call(i: number, piped: Node | null): Node {
    let targetAt = -1;
    let argumentsAt = -1;
    let blockAt = -1;
    for (const child of this.cst.children(i)) {
      const kind = this.cst.kind(child);
      if (targetAt < 0) targetAt = child;
      else if (kind === "arguments") argumentsAt = child;
      else if (kind === "do_block") blockAt = child;
    }
    if (targetAt < 0) return this.unknown(i);
    const callee = this.callee(targetAt);
    const parens = argumentsAt >= 0 && this.text.charCodeAt(this.cst.start(argumentsAt)) === 40;
    if (callee.field && argumentsAt < 0 && blockAt < 0 && !piped) {
      const { object, name, nameStart } = callee.field;
      return make({ type: "field", parent: null, start: this.start(i), end: this.end(i), object, name, nameStart });
    }
    if (callee.module === null && !callee.target && DEFINITIONS.has(callee.name) && !piped) {
      return this.definition(i, callee.name, argumentsAt, blockAt);
    }
    const args = piped ? [piped] : [];
    const sections: Section[] = [];
    if (argumentsAt >= 0) this.args(argumentsAt, args, sections);
    if (blockAt >= 0) sections.push(...this.sections(blockAt));
    return make<Call>({
      type: "call",
      parent: null,
      start: piped ? piped.start : this.start(i),
      end: this.end(i),
      module: callee.module,
      name: callee.name,
      args,
      piped: piped !== null,
      ownStart: this.start(i),
      calleeStart: this.start(targetAt),
      calleeEnd: this.end(targetAt),
      target: callee.target,
      sections,
      remote: callee.remote,
      parens,
    });
  }

  /** What a call calls. `field` is set where `object.name` may as well be a map field. */
  private callee(i: number): {
    module: string | null;
    name: string;
    target: Node | null;
    remote: boolean;
    field?: { object: Node; name: string; nameStart: number };
  } {
    const kind = this.cst.kind(i);
    if (kind === "identifier") {
      const name = this.source(i);
      return { module: importedFrom(this.env, name), name, target: null, remote: false };
    }
    if (kind !== "dot") return { module: null, name: "", target: this.node(i), remote: false };
    const [left, right] = this.cst.children(i);
    if (left === undefined) return { module: null, name: "", target: this.unknown(i), remote: false };
    const object = this.node(left);
    if (right === undefined) return { module: null, name: "", target: object, remote: false };
    const name = this.source(right).replace(/^"|"$/g, "");
    const module = moduleOf(object);
    if (module !== null) return { module, name, target: null, remote: true };
    return { module: null, name, target: object, remote: true, field: { object, name, nameStart: this.start(right) } };
  }

  /** Adds the arguments; `do: x, else: y` among the keywords become sections. */
  private args(i: number, into: Node[], sections: Section[]): void {
    for (const child of this.cst.children(i)) {
      if (this.cst.kind(child) !== "keywords" || !this.hasDo(child)) {
        into.push(this.node(child));
        continue;
      }
      const rest: Node[] = [];
      for (const pair of this.cst.children(child)) {
        const node = this.node(pair);
        if (node.type !== "pair" || node.key.type !== "atom" || !SECTIONS.has(node.key.value)) rest.push(node);
        else sections.push(this.keywordSection(node.key.value, node.value, node, this.isInParentheses(pair)));
      }
      if (rest.length > 0) {
        const start = (rest[0] as Node).start;
        into.push(make({ type: "list", parent: null, start, end: (rest.at(-1) as Node).end, items: rest, bare: true }));
      }
    }
  }

  private keywordSection(name: string, value: Node, { start, end }: Node, inParentheses: boolean): Section {
    // `else: (_ -> x)`
    const clauses = inParentheses && value.type === "fn" ? value.clauses : null;
    if (clauses)
      return make<Section>({ type: "section", parent: null, start, end, name, body: null, clauses, block: false });
    const body =
      value.type === "block"
        ? value
        : make<Block>({ type: "block", parent: null, start: value.start, end: value.end, statements: [value] });
    return make<Section>({ type: "section", parent: null, start, end, name, body, clauses: [], block: false });
  }

  /** True for `key: (…)`. */
  private isInParentheses(pair: number): boolean {
    const value = this.cst.children(pair)[1];
    return value !== undefined && this.cst.kind(value) === "block";
  }

  private hasDo(keywords: number): boolean {
    return this.cst.children(keywords).some((pair) => {
      const key = this.cst.first(pair);
      return key >= 0 && this.cst.kind(key) === "keyword" && /^do:\s*$/.test(this.source(key));
    });
  }

  private sections(doBlock: number): Section[] {
    const out: Section[] = [];
    const main: number[] = [];
    for (const child of this.cst.children(doBlock)) {
      const name = /^(after|rescue|catch|else)_block$/.exec(this.cst.kind(child))?.[1];
      if (name) out.push(this.section(name, this.cst.children(child), child));
      else main.push(child);
    }
    out.unshift(this.section("do", main, doBlock));
    return out;
  }

  private section(name: string, nodes: readonly number[], around: number): Section {
    const isClauses = nodes.some((n) => this.cst.kind(n) === "stab_clause");
    return make<Section>({
      type: "section",
      parent: null,
      start: this.start(around),
      end: this.start(around) + this.source(around).trimEnd().length,
      name,
      body: isClauses ? null : this.block(nodes, around),
      clauses: isClauses ? this.clauses(nodes) : [],
      block: true,
    });
  }

  private definition(i: number, keyword: string, argumentsAt: number, blockAt: number): Node {
    const args: Node[] = [];
    const sections: Section[] = [];
    const head = argumentsAt < 0 ? undefined : this.cst.children(argumentsAt)[0];
    if (argumentsAt >= 0) this.args(argumentsAt, args, sections);
    if (blockAt >= 0) sections.push(...this.sections(blockAt));
    const first = args[0];
    if (!first || head === undefined) return this.unknown(i);
    const guarded = first.type === "binary" && first.operator === "when" ? first : null;
    const signature = guarded ? guarded.left : first;
    const { name, params } = signatureOf(signature);
    const main = sections.find((s) => s.name === "do");
    return make({
      type: "def",
      parent: null,
      start: this.start(i),
      end: this.end(i),
      keyword,
      name,
      nameStart: signature.start,
      params,
      guard: guarded ? guarded.right : null,
      body: main?.body ?? null,
      sections: sections.filter((s) => s !== main),
      options: args[1] ?? null,
    });
  }
}

/** The module that `object` in `object.f()` stands for, or null. */
function moduleOf(object: Node): string | null {
  if (object.type === "alias") return object.module;
  if (object.type === "atom") return object.value.startsWith("Elixir.") ? object.value.slice(7) : `:${object.value}`;
  if (object.type === "attribute" && object.value) return moduleOf(object.value);
  return null;
}

function signatureOf(node: Node): { name: string | null; params: Node[] } {
  switch (node.type) {
    case "variable":
      return { name: node.name, params: [] };
    case "call":
      return { name: node.name === "" || node.target ? null : node.name, params: node.args };
    case "binary":
      return { name: node.operator, params: [node.left, node.right] };
    case "unary":
      return { name: node.operator, params: [node.operand] };
    default:
      return { name: null, params: [] };
  }
}
