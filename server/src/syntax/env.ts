import type { FileClass } from "../base/file-class.ts";
import { hash } from "../base/hash.ts";
import { shortName } from "../base/module-name.ts";
import type { Expansions, ImportedModule, Use } from "../base/use.ts";
import type { AttributeSet, Call, Node, Pair } from "./ast.ts";
import { conventionalUse, exportsName, importsOfUse } from "./libraries.ts";
import { wordsOf } from "./literals.ts";

export interface Import {
  readonly module: string;
  /** Names let in, or null for all. */
  readonly only: ReadonlySet<string> | null;
  readonly except: ReadonlySet<string> | null;
}

export const NO_EXPANSIONS: Expansions = () => null;

/**
 * The names in force at a place of a module. Immutable; two forms with the same text under environments with the
 * same `key` have the same syntax, facts and findings.
 */
export interface Env {
  /** The full name of the module, empty outside of any. */
  readonly module: string;
  readonly fileClass: FileClass;
  /** True where the templates of controllers are, which are rendered once and for all. */
  readonly page: boolean;
  readonly aliases: ReadonlyMap<string, string>;
  readonly imports: readonly Import[];
  readonly uses: readonly Use[];
  readonly behaviours: readonly string[];
  readonly attributes: ReadonlyMap<string, Node>;
  readonly key: string;
}

const NO_ENV: Env = {
  module: "",
  fileClass: "code",
  page: false,
  aliases: new Map(),
  imports: [],
  uses: [],
  behaviours: [],
  attributes: new Map(),
  key: "",
};

/** The environment at the top of a file. */
export function fileEnv(fileClass: FileClass, page = false): Env {
  return { ...NO_ENV, fileClass, page, key: page ? `${fileClass}/page` : fileClass };
}

/** The environment at the top of a module's body. Aliases and imports of the surrounding code stay in force. */
export function moduleEnv(outer: Env, module: string): Env {
  return { ...outer, module, uses: [], behaviours: [], attributes: new Map(), key: hash(`${outer.key}/${module}`) };
}

/** The full name of a module as written (`B.C` under `alias A.B` is `A.B.C`). */
export function expandAlias(env: Env, written: string): string {
  if (written.startsWith("Elixir.")) return written.slice(7);
  const dot = written.indexOf(".");
  const first = dot < 0 ? written : written.slice(0, dot);
  const full = env.aliases.get(first);
  return full === undefined ? written : dot < 0 ? full : full + written.slice(dot);
}

/** The module that an import in force gives the local call `name/arity` to; null when it is local, Kernel's or unknown. */
export function importedFrom(env: Env, name: string): string | null {
  for (let i = env.imports.length - 1; i >= 0; i--) {
    const entry = env.imports[i];
    if (!entry || entry.except?.has(name)) continue;
    if (entry.only) {
      if (entry.only.has(name)) return entry.module;
    } else if (exportsName(entry.module, name)) return entry.module;
  }
  return null;
}

/** True when the module says `use module`, itself or through what it uses. */
export function uses(env: Env, module: string): boolean {
  return env.uses.some((use) => use.module === module);
}

/** True when a statement can change the environment of what follows it. */
export function isEnvironmental(node: Node): node is Call | AttributeSet {
  if (node.type === "attribute-set") return true;
  return node.type === "call" && node.module === null && /^(alias|import|use|require)$/.test(node.name);
}

/** The environment after the statement. */
export function afterStatement(env: Env, node: Node, expansions: Expansions): Env {
  if (node.type === "attribute-set") return afterAttribute(env, node);
  if (node.type !== "call" || node.module !== null) return env;
  switch (node.name) {
    case "alias":
      return afterAlias(env, node);
    case "require":
      return option(node, "as") ? afterAlias(env, node) : env;
    case "import":
      return afterImport(env, node);
    case "use":
      return afterUse(env, node, expansions);
    default:
      return env;
  }
}

/** The alias that a nested `defmodule` leaves behind in the module around it. */
export function withAlias(env: Env, as: string, module: string): Env {
  const aliases = new Map(env.aliases).set(as, module);
  return { ...env, aliases, key: hash(`${env.key}/a${as}=${module}`) };
}

/** Attributes that say nothing to other forms; leaving them out keeps a documentation edit within its form. */
const DOCUMENTATION = new Set(
  "doc moduledoc typedoc spec type typep opaque callback macrocallback optional_callbacks impl deprecated since dialyzer tag describetag moduletag".split(
    " ",
  ),
);

function afterAttribute(env: Env, node: AttributeSet): Env {
  if (!node.value || DOCUMENTATION.has(node.name)) return env;
  if (node.name === "behaviour") {
    const behaviour = behaviourOf(node.value);
    if (behaviour === null) return env;
    return { ...env, behaviours: [...env.behaviours, behaviour], key: hash(`${env.key}/b${behaviour}`) };
  }
  const text = constantText(node.value);
  if (text === null && !env.attributes.has(node.name)) return env;
  const attributes = new Map(env.attributes);
  if (text === null) attributes.delete(node.name);
  else attributes.set(node.name, node.value);
  return { ...env, attributes, key: hash(`${env.key}/@${node.name}=${text}`) };
}

/** `GenServer`, or `:gen_statem` with its colon. */
function behaviourOf(value: Node): string | null {
  if (value.type === "atom") return `:${value.value}`;
  return value.type === "alias" ? value.module : null;
}

/** A canonical text of a constant expression, or null when the node is no constant (or a long one). */
function constantText(node: Node): string | null {
  switch (node.type) {
    case "atom":
      return `:${node.value}`;
    case "alias":
      return node.module;
    case "number":
      return node.text;
    case "string":
      return node.value === null ? null : JSON.stringify(node.value);
    case "list":
    case "tuple": {
      if (node.items.length > 40) return null;
      const items = node.items.map(constantText);
      return items.includes(null) ? null : `${node.type}(${items.join(",")})`;
    }
    case "sigil":
      return wordsOf(node) && node.content.length <= 400 ? `~${node.name}(${node.content})${node.modifiers}` : null;
    case "attribute":
      return node.value ? constantText(node.value) : null;
    case "binary": {
      // `@required ++ [:note]`
      const left = node.operator === "++" ? constantText(node.left) : null;
      const right = left === null ? null : constantText(node.right);
      return right === null ? null : `${left}++${right}`;
    }
    case "pair": {
      const key = constantText(node.key);
      const value = constantText(node.value);
      return key === null || value === null ? null : `${key}=>${value}`;
    }
    default:
      return null;
  }
}

function option(call: Call, name: string): Node | null {
  const last = call.args.at(-1);
  if (last?.type !== "list") return null;
  const pair = last.items.find(
    (item): item is Pair => item.type === "pair" && item.key.type === "atom" && item.key.value === name,
  );
  return pair?.value ?? null;
}

/** The modules named by the first argument of alias, import, use or require, `A.{B, C}` included. */
export function namedModules(call: Call): string[] {
  const first = call.args[0];
  if (!first) return [];
  if (first.type === "alias") return [first.module];
  // `import :math`, `alias :ets, as: Ets`
  if (first.type === "atom") return [`:${first.value}`];
  if (first.type === "tuple") return first.items.flatMap((item) => (item.type === "alias" ? [item.module] : []));
  return [];
}

function afterAlias(env: Env, call: Call): Env {
  const named = namedModules(call);
  if (named.length === 0) return env;
  const as = option(call, "as");
  const aliases = new Map(env.aliases);
  for (const module of named) {
    const short = as?.type === "alias" ? as.short : shortName(module);
    if (short !== module) aliases.set(short, module);
  }
  return { ...env, aliases, key: hash(`${env.key}/a${named.join()}=${as?.type === "alias" ? as.short : ""}`) };
}

function names(list: Node | null): readonly string[] | null {
  if (list?.type !== "list") return null;
  return list.items.flatMap((i) => (i.type === "pair" && i.key.type === "atom" ? [i.key.value] : []));
}

/** What an `import` imports. */
export function importedModules(call: Call): ImportedModule[] {
  const only = names(option(call, "only"));
  const except = names(option(call, "except"));
  return namedModules(call).map((module) => ({ module, only, except }));
}

function afterImport(env: Env, call: Call): Env {
  return withImports(env, importedModules(call));
}

function withImports(env: Env, imported: readonly ImportedModule[]): Env {
  if (imported.length === 0) return env;
  const added = imported.map(({ module, only, except }) => ({
    module,
    only: only && new Set(only),
    except: except && new Set(except),
  }));
  return { ...env, imports: [...env.imports, ...added], key: hash(`${env.key}/i${JSON.stringify(imported)}`) };
}

function afterUse(env: Env, call: Call, expansions: Expansions): Env {
  const second = call.args[1];
  const argument = second?.type === "atom" ? second.value : null;
  let next = env;
  for (const module of namedModules(call)) next = withUse(next, { module, argument }, expansions, new Set());
  return next;
}

/** How many macros of the project one `use` may go through. */
const MAX_USES = 200;

/** @param seen what the same statement has brought in: macros may use each other in a circle */
function withUse(env: Env, use: Use, expansions: Expansions, seen: Set<string>): Env {
  const id = `${use.module}:${use.argument}`;
  if (seen.has(id) || seen.size >= MAX_USES) return env;
  seen.add(id);
  let next: Env = {
    ...env,
    uses: [...env.uses, use],
    imports: [...env.imports, ...importsOfUse(use.module).map((module) => ({ module, only: null, except: null }))],
    key: hash(`${env.key}/u${id}`),
  };
  const expansion = expansions(use.module, use.argument);
  if (!expansion) {
    const conventional = conventionalUse(use.module, use.argument);
    return conventional ? withUse(next, { module: conventional, argument: null }, expansions, seen) : next;
  }
  for (const inner of expansion.uses) next = withUse(next, inner, expansions, seen);
  next = withImports(next, expansion.imports);
  for (const [as, module] of expansion.aliases) next = withAlias(next, as, module);
  return next;
}
