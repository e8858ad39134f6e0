import type { Dialect } from "./dialect.ts";

/**
 * The syntax of one form, lowered: names resolved, pipes undone, `do:` and `do … end` alike.
 * All offsets are UTF-16 code units relative to the start of the form. Plain data; `parent` is set by lowering.
 */
interface Base {
  readonly start: number;
  readonly end: number;
  parent: Node | null;
}

/** `:ok`, `true`, `nil`, `key:`; `value` is the bare name. */
export interface Atom extends Base {
  readonly type: "atom";
  readonly value: string;
}

export interface NumberLiteral extends Base {
  readonly type: "number";
  readonly text: string;
}

/** A string or charlist; `value` is null when it interpolates, and `parts` are then the interpolated expressions. */
export interface StringLiteral extends Base {
  readonly type: "string";
  readonly charlist: boolean;
  /** Null where something is interpolated. */
  readonly value: string | null;
  /** The text between the quotes, interpolations as they are written. */
  readonly content: string;
  readonly parts: Node[];
}

/** `~H"…"`: `content` is the text between the quotes, which begins at `contentStart`. */
export interface Sigil extends Base {
  readonly type: "sigil";
  readonly name: string;
  readonly content: string;
  readonly contentStart: number;
  readonly modifiers: string;
  /** Interpolated expressions; for `~H` and `~L` the template. */
  readonly parts: Node[];
}

/** A module name (`Repo`, `__MODULE__`, `__MODULE__.Worker`), resolved through the aliases in force. */
export interface Alias extends Base {
  readonly type: "alias";
  readonly module: string;
  /** Its last part as it stands in the source, which `as: Name` gives a module. */
  readonly short: string;
}

/** A variable, or a call of a local function without parentheses: Elixir tells them apart by bindings only. */
export interface Variable extends Base {
  readonly type: "variable";
  readonly name: string;
}

/** `@name` read; `value` is what the module set it to, when that is a literal, a module or a list of such. */
export interface AttributeRead extends Base {
  readonly type: "attribute";
  readonly name: string;
  readonly value: Node | null;
}

/** `@name value` as a statement. */
export interface AttributeSet extends Base {
  readonly type: "attribute-set";
  readonly name: string;
  readonly value: Node | null;
}

/** `bare` lists are keyword arguments without brackets. */
export interface List extends Base {
  readonly type: "list";
  readonly items: Node[];
  readonly bare: boolean;
}

export interface Tuple extends Base {
  readonly type: "tuple";
  readonly items: Node[];
}

/** `%{…}`, `%Struct{…}`, `%{base | …}`; `struct` is the resolved module, or an expression such as a variable. */
export interface MapLiteral extends Base {
  readonly type: "map";
  readonly struct: Node | null;
  readonly base: Node | null;
  readonly items: Node[];
}

/** `key: value` and `key => value`. */
export interface Pair extends Base {
  readonly type: "pair";
  readonly key: Node;
  readonly value: Node;
}

export interface Bitstring extends Base {
  readonly type: "bitstring";
  readonly items: Node[];
}

/** Any binary operator but `|>` before a call, among them `=`, `<-`, `|`, `::`, `when`, `\\`. */
export interface Binary extends Base {
  readonly type: "binary";
  readonly operator: string;
  readonly left: Node;
  readonly right: Node;
}

export interface Unary extends Base {
  readonly type: "unary";
  readonly operator: string;
  readonly operand: Node;
}

/** `object[key]` */
export interface Access extends Base {
  readonly type: "access";
  readonly object: Node;
  readonly key: Node;
}

/** `object.name` without parentheses, where the object is no module: a map field. */
export interface Field extends Base {
  readonly type: "field";
  readonly object: Node;
  readonly name: string;
  readonly nameStart: number;
}

/** One `patterns when guard -> body`. */
export interface Clause extends Base {
  readonly type: "clause";
  readonly patterns: Node[];
  readonly guard: Node | null;
  readonly body: Block;
}

export interface Fn extends Base {
  readonly type: "fn";
  readonly clauses: Clause[];
}

/** `&(…)` and `&fun(&1)`. */
export interface Capture extends Base {
  readonly type: "capture";
  readonly body: Node;
}

/** `&1` */
export interface CaptureArgument extends Base {
  readonly type: "capture-argument";
  readonly index: number;
}

/** `&Mod.fun/2`, `&fun/1`; `module` is null for a function of this module or of an import that is not known. */
export interface FunctionReference extends Base {
  readonly type: "function-reference";
  readonly module: string | null;
  readonly name: string;
  readonly arity: number;
}

/** A sequence of expressions; the last one is its value. */
export interface Block extends Base {
  readonly type: "block";
  readonly statements: Node[];
}

/** `do`, `else`, `rescue`, `catch` or `after` of a call, whichever way it was written. */
export interface Section extends Base {
  readonly type: "section";
  readonly name: string;
  /** The statements, or null where the section consists of clauses. */
  readonly body: Block | null;
  readonly clauses: Clause[];
  /** True for `do … end`, false for `do: …`. */
  readonly block: boolean;
}

/**
 * A call, macros and special forms included. `a |> f(b)` is `f(a, b)` with `piped` set: `start` is then that of `a`,
 * and `ownStart` that of `f`.
 */
export interface Call extends Base {
  readonly type: "call";
  /** The resolved module (`"Ecto.Query"`, `":ets"`), or null for local functions, Kernel's, and what is not known. */
  readonly module: string | null;
  /** The function; empty for `fun.(…)`. */
  readonly name: string;
  readonly args: Node[];
  readonly piped: boolean;
  readonly ownStart: number;
  /** Where the name stands; for `Mod.fun` the whole of it. */
  readonly calleeStart: number;
  readonly calleeEnd: number;
  /** The expression called on: `fun` in `fun.()`, `mod` in `mod.f()`; null where `module` says it or it is local. */
  readonly target: Node | null;
  readonly sections: Section[];
  /** True when the module was written out (`Repo.all`), false when an import brought the name. */
  readonly remote: boolean;
  readonly parens: boolean;
}

/** One clause of `def`, `defp`, `defmacro`, `defmacrop`, `defguard`, `defdelegate`; `name` is null when it is computed. */
export interface Def extends Base {
  readonly type: "def";
  readonly keyword: string;
  readonly name: string | null;
  readonly nameStart: number;
  readonly params: Node[];
  readonly guard: Node | null;
  readonly body: Block | null;
  readonly sections: Section[];
  /** The keyword options of a `defdelegate`. */
  readonly options: Node | null;
}

/** An attribute of a tag; `value` is the text between the quotes or braces, null where there is none. */
export interface TagAttribute {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly value: string | null;
  readonly valueStart: number;
  /** True for `name={expression}`. */
  readonly expression: boolean;
}

/** `<div>`, `<.button>`, `<MyApp.Core.input>`, `<:slot>`; plain data, no node of its own. */
export interface Tag {
  readonly kind: "html" | "component" | "slot";
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Where its element ends, its closing tag included. */
  readonly elementEnd: number;
  readonly attributes: readonly TagAttribute[];
  /** Index of the tag around it in the template's tags, or -1. */
  readonly parent: number;
}

/**
 * A template, of a `~H` or `~L` sigil or a `.heex` or `.leex` file. `body` holds its Elixir expressions in order, with the blocks
 * that `<% … do %>` opens; `tags` its markup in pre-order.
 */
export interface Template extends Base {
  readonly type: "template";
  readonly dialect: Dialect;
  readonly body: Block;
  readonly tags: readonly Tag[];
  readonly broken: boolean;
}

/** What did not parse, or is nested too deep. Rules are silent on what contains it. */
export interface Unknown extends Base {
  readonly type: "unknown";
}

export type Node =
  | Atom
  | NumberLiteral
  | StringLiteral
  | Sigil
  | Alias
  | Variable
  | AttributeRead
  | AttributeSet
  | List
  | Tuple
  | MapLiteral
  | Pair
  | Bitstring
  | Binary
  | Unary
  | Access
  | Field
  | Clause
  | Fn
  | Capture
  | CaptureArgument
  | FunctionReference
  | Block
  | Section
  | Call
  | Def
  | Template
  | Unknown;

export type NodeOf<T extends Node["type"]> = Extract<Node, { type: T }>;

/** A comment; offsets as the nodes', text with its `#`. */
export interface Comment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
