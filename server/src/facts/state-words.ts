import type { Node } from "../syntax/ast.ts";

/** Names of keys of which a program has a few: modules, levels, settings, and numbers of things. */
export const FEW =
  /^_?(?:\w+_)?(?:type|kind|module|mod|node|level|setting|option|opt|flag|metric|status|stage|event|field|lang|language|locale|currency|protocol|adapter|driver|config|source|schema|table|handler|callback|service|plugin|feature|env|side|phase|direction|(?:org|organization|tenant|site)(?:_?id)?|count|size|(?:nb|num)_\w+)$/;

/** Words of code that keeps a bound. */
const BOUNDED =
  /(?:^|_)(?:max|limit|ttl|capacity|expire[sd]?|expiry|prune|evict|trim|cleanup|gc|window|cap)(?:_|$|\d)/i;

/** Functions of collections that give fewer elements than they get, or may. */
export const TAKES_AWAY =
  /^(?:delete\w*|drop\w*|pop\w*|take\w*|reject|filter|split\w*|difference|intersection|slice|out|out_r|keydelete|keytake|filtermap|min_by|uniq\w*|replace_all|flush|clear|reset|without|subtract)[!?]?$/;

/** Modules of functions on collections. */
export const COLLECTIONS =
  /^(?:Map|Keyword|MapSet|List|Enum|Stream|:queue|:lists|:maps|:gb_trees|:gb_sets|:ordsets|:sets)$/;

const FRESH = /^(?:make_ref|unique_integer|uuid\d?|generate|random\w*|gen_\w+|monitor|async\w*|start_child)$/;

/** Modules that get the state to show it, and give none back. */
export const LOGGING = /^(?:Logger|:telemetry|IO|Kernel|Process)$/;

/** True for a call that gives another value each time. */
export function isFresh(node: Node): boolean {
  return node.type === "call" && FRESH.test(node.name);
}

/** True for what speaks of a limit, or asks how many elements there are. */
export function isBound(node: Node): boolean {
  return (
    ((node.type === "variable" || node.type === "field" || node.type === "attribute") && BOUNDED.test(node.name)) ||
    (node.type === "call" && BOUNDED.test(node.name)) ||
    (node.type === "call" && node.module === null && /^(?:length|map_size)$/.test(node.name))
  );
}
