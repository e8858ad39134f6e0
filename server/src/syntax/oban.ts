import type { Call, Def, Node } from "./ast.ts";
import { isClosure } from "./closure.ts";
import { boundNames, keywordValue } from "./flow.ts";
import { ancestors, visit } from "./visit.ts";

/** What the `perform/1` of an Oban worker knows the args of its job by. */
export interface JobArgs {
  readonly pattern: Node | null;
  readonly name: string | null;
  /** The variable that is the job. */
  readonly job: string | null;
}

/** What `perform` knows the args by; null where they are not the raw ones: bound anew. */
export function jobArgs(def: Def): JobArgs | null {
  const [param] = def.params;
  const sides = param?.type === "binary" && param.operator === "=" ? [param.left, param.right] : [param];
  const map = sides.find((side) => side?.type === "map");
  const variable = sides.find((side) => side?.type === "variable");
  const args = keywordValue(map, "args");
  const parts = args?.type === "binary" && args.operator === "=" ? [args.left, args.right] : [args];
  const pattern = parts.find((part) => part?.type === "map") ?? null;
  const name = parts.find((part) => part?.type === "variable");
  const names = [name, variable].flatMap((node) => (node?.type === "variable" ? [node.name] : []));
  let again = false;
  if (def.body)
    visit(def.body, (node) => {
      if (node.type === "binary" && node.operator === "=" && names.some((n) => boundNames(node.left).has(n)))
        again = true;
    });
  if (again) return null;
  return {
    pattern,
    name: name?.type === "variable" ? name.name : null,
    job: variable?.type === "variable" ? variable.name : null,
  };
}

const INSERTS = /^insert(?:_all)?!?$/;

/** True for `new` of what is a worker by its name, or of what is inserted as a job at once. */
export function isNewJob(call: Call): boolean {
  if (call.module === "Oban.Job" || /(?:Worker|Job)s?$/.test(call.module ?? "")) return true;
  for (const outer of ancestors(call)) {
    if (outer.type === "call") return outer.module === "Oban" && INSERTS.test(outer.name);
    if (outer.type === "block") return false;
  }
  return false;
}

/** What a value is that JSON does not bring back, in words: "a tuple"; null for any other. `form` tells of structs among the parameters. */
export function lostInJson(value: Node, form: Node): string | null {
  if (value.type === "map" && value.struct?.type === "alias")
    return VALUES.test(value.struct.module) ? null : `a \`%${value.struct.short}{}\``;
  if (value.type === "tuple") return "a tuple";
  if (isClosure(value)) return "a function";
  if (value.type === "call") return value.module === null && value.name === "self" ? "a pid" : null;
  if (value.type !== "variable" || form.type !== "def") return null;
  const struct = form.params.map((param) => structOf(param, value.name)).find((module) => module !== null);
  return struct ? `\`${value.name}\`, a \`%${struct}{}\`,` : null;
}

/** Structs that are written as one value: strings, and back again from them. */
const VALUES = /^(?:Date|Time|DateTime|NaiveDateTime|Decimal|URI|Version)$/;

/** The struct that a parameter says the variable is: `%Order{} = order`. */
function structOf(param: Node, name: string): string | null {
  if (param.type !== "binary" || param.operator !== "=") return null;
  const [map, variable] = param.left.type === "map" ? [param.left, param.right] : [param.right, param.left];
  if (variable.type !== "variable" || variable.name !== name || map.type !== "map") return null;
  return map.struct?.type === "alias" && !VALUES.test(map.struct.module) ? map.struct.short : null;
}
