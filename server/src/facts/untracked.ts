import type { Binary, Call, Def, MapLiteral, Node } from "../syntax/ast.ts";
import { boundValues } from "../syntax/binding.ts";
import { type Env, uses } from "../syntax/env.ts";
import { boundNames, statementsAfter, tails } from "../syntax/flow.ts";
import type { FormSyntax } from "../syntax/form-syntax.ts";
import { find, mentions, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { UntrackedChange } from "./facts.ts";
import { PURE_MODULES } from "./pure.ts";

const NONE: readonly UntrackedChange[] = [];
/** Quick to say no. */
const MENTIONS = /\bassigns\b/;
const MAY_CHANGE = /\bMap\.|\bEnum\.into\b|\b(?:put|update)_in\b|%\{/;

/** The changes of assigns in a function that `__changed__` does not hear of. */
export function untrackedOf(def: Def, { text, env }: FormSyntax, anchors: Anchors): readonly UntrackedChange[] {
  if (!MENTIONS.test(text) || !MAY_CHANGE.test(text)) return NONE;
  const out: UntrackedChange[] = [];
  const add = (change: Change, subject: string): void => {
    const isCall = change.type === "call";
    const at = anchors.add(isCall ? { start: change.ownStart, end: change.end } : change);
    out.push({ at, by: isCall ? text.slice(change.calleeStart, change.calleeEnd) : null, subject });
  };
  if (rendersAssigns(def)) for (const change of changesOfAssigns(def)) add(change, "assigns");
  if (isLive(env))
    visit(def, (node) => {
      const socket = changedSocket(node);
      if (socket && (node.type === "call" || node.type === "map")) add(node, `${socket}.assigns`);
    });
  return out.length > 0 ? out : NONE;
}

const CHANGES = new Map([
  ["Map.put", 0],
  ["Map.put_new", 0],
  ["Map.put_new_lazy", 0],
  ["Map.merge", 0],
  ["Map.update", 0],
  ["Map.update!", 0],
  ["put_in", 0],
  ["update_in", 0],
  ["Enum.into", 1],
]);

type Change = Call | MapLiteral;

/** A function with a parameter `assigns` and a template, which takes its values from that name. */
function rendersAssigns(def: Def): boolean {
  const parameters = new Set<string>();
  for (const param of def.params) boundNames(param, parameters);
  return parameters.has("assigns") && find(def, (n) => n.type === "sigil" && n.name === "H") !== null;
}

/** The links of `assigns = assigns |> Map.put(…) |> …` that `__changed__` does not hear of, as far as a template reads them. */
function changesOfAssigns(def: Def): Change[] {
  const out: Change[] = [];
  let fresh = false;
  visit(def, (node) => {
    if (node.type !== "binary" || !bindsAssigns(node) || def.params.some((param) => isWithin(node, param))) return;
    for (const tail of tails(node.right)) {
      const { root, links } = chain(tail);
      // A map made here has nothing to track; `assign` would refuse it.
      if (root.type !== "variable" || root.name !== "assigns") fresh = true;
      else if (!fresh && reachesTemplate(node))
        out.push(...(node.parent === def.body && spreads(def) ? links.filter((link) => !putsLiteral(link)) : links));
    }
  });
  return out;
}

/** An element that is given all of them is rendered anew whenever the template is. */
function spreads(def: Def): boolean {
  return find(def, (n) => n.type === "sigil" && n.name === "H" && n.content.includes("{assigns}")) !== null;
}

/** `Map.put(assigns, :id, "page")` puts the same value each time. */
function putsLiteral(link: Change): boolean {
  const value = link.type === "call" && link.name === "put" ? link.args[2] : undefined;
  return value?.type === "string" ? value.value !== null : value?.type === "atom" || value?.type === "number";
}

function bindsAssigns(node: Node): node is Binary {
  return (
    node.type === "binary" && node.operator === "=" && node.left.type === "variable" && node.left.name === "assigns"
  );
}

function isWithin(node: Node, outer: Node): boolean {
  return find(outer, (n) => n === node) !== null;
}

/** True when a `~H` follows before `assigns` is made anew. */
function reachesTemplate(match: Node): boolean {
  for (const statement of [...statementsAfter(match)].flatMap(({ later }) => later)) {
    const renews = bindsAssigns(statement) && !mentions(statement.right, new Set(["assigns"]));
    if (renews) return false;
    if (find(statement, (n) => n.type === "sigil" && n.name === "H")) return true;
  }
  return false;
}

/** Follows a value back to what it was made from, and gathers the changes on the way. */
function chain(value: Node): { root: Node; links: Change[] } {
  const links: Change[] = [];
  for (let at = value; ; ) {
    if (at.type === "map" && at.base && !at.struct) {
      links.push(at);
      at = at.base;
    } else if (at.type === "call") {
      const index = CHANGES.get(at.module === null ? at.name : `${at.module}.${at.name}`);
      const next = at.args[index ?? 0];
      if (!next) return { root: at, links };
      if (index !== undefined && !isKept(at)) links.push(at);
      // `put_in(assigns.filter.name, …)` changes `assigns`; other functions of a field do not.
      at = index !== undefined && at.module === null && !isByKeys(at) ? pathRoot(next) : next;
    } else return { root: at, links };
  }
}

/** `update_in(socket.assigns.totals, ["eur"], &add/1)` gives the totals: only without a list of keys it gives the socket. */
function isByKeys({ name, args }: Call): boolean {
  return /^(?:put|update)_in$/.test(name) && args.length > 2;
}

/**
 * `Map.put(assigns, :size, size_of(assigns[:size]))`, `update_in(assigns.size, &size_of/1)`: whoever gives another `size` says so in
 * `__changed__`.
 */
function isKept({ module, name, args: [first, key, value] }: Call): boolean {
  const changed = name === "update_in" && module === null && first?.type === "field" && !value ? first : null;
  if (changed) return key !== undefined && readsOf(key, 3).every((read) => read === changed.name);
  if (module !== "Map" || name !== "put" || key?.type !== "atom" || !value) return false;
  const reads = readsOf(value, 3);
  return reads.length > 0 && reads.every((read) => read === key.value);
}

const LOADS = /^(?:all|count|fetch|find|get|list|load|one|preload|query|read|reload|search)(?:_|!|$)/;

/** The keys of `assigns` that a value is made of, through variables of the function; null for all of them. */
function readsOf(value: Node, depth: number): (string | null)[] {
  const out: (string | null)[] = [];
  visit(value, (node) => {
    // Rows change by themselves.
    if (
      node.type === "call" &&
      node.module !== null &&
      node.module !== "Application" &&
      !PURE_MODULES.has(node.module) &&
      LOADS.test(node.name)
    )
      out.push(null);
    if (node.type !== "variable") return;
    const { parent } = node;
    if (node.name !== "assigns") {
      const bound = depth > 0 ? boundValues(node, node.name) : [];
      for (const other of bound) if (!isWithin(node, other)) out.push(...readsOf(other, depth - 1));
    } else if (parent?.type === "field") out.push(parent.name);
    else out.push(parent?.type === "access" && parent.key.type === "atom" ? parent.key.value : null);
  });
  return out;
}

function pathRoot(path: Node): Node {
  return path.type === "field" || path.type === "access" ? pathRoot(path.object) : path;
}

/** `%{socket | assigns: …}`, `put_in(socket.assigns.x, …)`, `Map.put(socket, :assigns, …)`: the socket's name, or null. */
function changedSocket(node: Node): string | null {
  if (node.type === "map") {
    const changes = node.items.some(
      (item) =>
        item.type === "pair" && item.key.type === "atom" && item.key.value === "assigns" && !isOnlyDropped(item.value),
    );
    return changes ? socketName(node.base) : null;
  }
  if (node.type !== "call" || !CHANGES.has(node.module === null ? node.name : `${node.module}.${node.name}`))
    return null;
  const [first, second] = node.args;
  if (node.module === "Map") return second?.type === "atom" && second.value === "assigns" ? socketName(first) : null;
  if (node.module !== null || isByKeys(node)) return null;
  for (let at = first; at; ) {
    if (at.type === "access") at = at.object;
    else if (at.type === "field") {
      if (at.name === "assigns" && socketName(at.object)) return socketName(at.object);
      at = at.object;
    } else return null;
  }
  return null;
}

/** `Map.drop(socket.assigns, [:rows])` keeps `__changed__`, and gives no key another value: `assign` sets what was dropped anew. */
function isOnlyDropped(value: Node): boolean {
  if (value.type === "variable") {
    const bound = boundValues(value, value.name);
    return bound.length > 0 && bound.every((one) => one.type !== "variable" && isOnlyDropped(one));
  }
  const [map] =
    value.type === "call" && value.module === "Map" && /^(?:drop|delete)$/.test(value.name) ? value.args : [];
  return map !== undefined && ((map.type === "field" && map.name === "assigns") || isOnlyDropped(map));
}

function socketName(node: Node | null | undefined): string | null {
  return node?.type === "variable" && /socket$/.test(node.name) ? node.name : null;
}

function isLive(env: Env): boolean {
  const live = ["Phoenix.LiveView", "Phoenix.LiveComponent", "Phoenix.Component"];
  return live.some((module) => uses(env, module) || env.imports.some((entry) => entry.module === module));
}
