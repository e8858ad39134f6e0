import type { Call, Node } from "../syntax/ast.ts";
import type { AssignSet } from "./facts.ts";

/** Functions that set assigns, by name: how they do, with the number of arguments that they have at least. */
const SETTERS = new Map<string, { readonly by: AssignSet["by"]; readonly arity: number }>([
  ["assign", { by: "assign", arity: 2 }],
  ["assign_new", { by: "assign_new", arity: 3 }],
  ["update", { by: "update", arity: 3 }],
  ["assign_async", { by: "async", arity: 3 }],
  ["stream", { by: "stream", arity: 3 }],
  ["stream_async", { by: "stream", arity: 3 }],
  ["allow_upload", { by: "upload", arity: 3 }],
]);

const LIVE = /^Phoenix\.(?:Component|LiveView|LiveComponent|LiveView\.Helpers)$/;

/** How the call sets assigns; null where it sets none. */
export function setsBy({ module, name, args }: Call): AssignSet["by"] | null {
  const [first] = args;
  const setter = SETTERS.get(name);
  if (!setter || !first || args.length < setter.arity) return null;
  return LIVE.test(module ?? "") || (module === null && isSubject(first)) ? setter.by : null;
}

/** True for what is called a socket, and for calls that a socket is piped through. */
export function isSocket(node: Node): boolean {
  if (node.type === "variable") return /(?:^|_)socket\d?$/.test(node.name);
  const [first] = node.type === "call" ? node.args : [];
  if (node.type !== "call" || !first) return false;
  return (node.piped || SETTERS.has(node.name)) && isSocket(first);
}

/** The name of the variable that a pipe of calls begins with. */
export function rootOf(node: Node): string {
  if (node.type === "variable") return node.name;
  if (node.type === "capture-argument") return `&${node.index}`;
  const [first] = node.type === "call" ? node.args : [];
  return first ? rootOf(first) : "";
}

/** True for what `assign` may be called with where an import that is not known brings it. */
function isSubject(node: Node): boolean {
  return /socket|assigns|^&1$/.test(rootOf(node));
}
