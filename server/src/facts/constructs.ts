import type { Node } from "../syntax/ast.ts";
import { isVariable } from "../syntax/literals.ts";
import { find } from "../syntax/visit.ts";
import type { BranchFact } from "./call-facts.ts";
import { type Shape, shapeOf } from "./shape.ts";

/** `repo` and `repo()`, as `Ecto.Multi` and `Repo.transact` hand the repository to closures, and migrations have it. */
export function isRepoByName(node: Node): boolean {
  if (node.type === "call") return node.name === "repo" && (node.module === null || node.module === "Ecto.Migration");
  return node.type === "variable" && node.name === "repo";
}

/** `socket.endpoint`, which a LiveView or channel runs under (Phoenix.Socket, Phoenix.LiveView.Socket). */
export function isEndpointByName(node: Node): boolean {
  return node.type === "field" && node.name === "endpoint" && isVariable(node.object, "socket");
}

/** `Shop.Mailer.impl()` */
const IMPLEMENTATION = /^(?:\w+_)?(?:impl|implementation|adapter)$/;

/** Where a module that is not written out is read from: an attribute, a function without arguments, the configuration. */
export function moduleSource(node: Node): Shape | null {
  if (node.type === "attribute") return shapeOf(node);
  if (node.type !== "call" || node.target) return null;
  const reads = node.module === "Application" && /^(?:get_env|compile_env!?|fetch_env!)$/.test(node.name);
  if (reads) return shapeOf(node);
  if (node.args.length > 0 || node.sections.length > 0) return null;
  return node.module === null || IMPLEMENTATION.test(node.name) ? shapeOf(node) : null;
}

/** What stands for the key in the pattern of an entry of a map or of options: `{key, value}`. */
export function keyOf(element: Node | undefined): Node | undefined {
  return element?.type === "tuple" && element.items.length === 2 ? element.items[0] : undefined;
}

/** `{:tag, tag}, query -> …`, or `case key do :tag -> …`: in a map or options, every key is there once. */
export function isOneKey(key: Node | undefined): boolean {
  return (key?.type === "atom" && !/^(?:nil|true|false|ok|error)$/.test(key.value)) || key?.type === "string";
}

/** What a section beside the `do` of a `try` takes; null for one that takes nothing. */
export function caughtBy(section: string): BranchFact["catches"] {
  return section === "catch" ? "exits" : section === "rescue" ? "errors" : null;
}

/**
 * What a section is to the construct it belongs to: one way of several, part of the way on which nothing fails, or run
 * whatever happens.
 */
export function roleOf(construct: string, section: string): "way" | "main" | "always" {
  if (construct === "" || (construct === "try" && section === "after")) return "always";
  if (construct === "with") return section === "else" ? "way" : "main";
  if (construct === "try") return section === "do" || section === "else" ? "main" : "way";
  return "way";
}

/** True where `connected?` is asked. */
export function asksConnected(node: Node): boolean {
  return find(node, (n) => n.type === "call" && n.name === "connected?") !== null;
}

/** `<<x <- binary>>` */
export function bitGenerator(node: Node): Extract<Node, { type: "binary" }> | null {
  if (node.type !== "bitstring") return null;
  const last = node.items.at(-1);
  return last?.type === "binary" && last.operator === "<-" ? last : null;
}

/** `[head | tail]`, with the variable that the tail is. */
export function headAndTail(list: Node): { head: Node; tail: string } | null {
  const only = list.type === "list" && list.items.length === 1 ? list.items[0] : undefined;
  if (only?.type !== "binary" || only.operator !== "|" || only.right.type !== "variable") return null;
  return { head: only.left, tail: only.right.name };
}
