import { shortName } from "../../base/module-name.ts";
import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import type { Schemas } from "../database/schemas.ts";

/** Public functions of a module that have to do with the same tables. */
export interface Subject {
  readonly schemas: readonly string[];
  readonly functions: readonly ClauseOfModule[];
}

/**
 * Groups the public functions of a module by the schemas that they touch, themselves or through a function of the module
 * that they call: two are of one subject when they have a schema in common, or schemas that are related. Functions that
 * touch none are left out.
 */
export function subjectsOf(module: ModuleFacts, schemas: Schemas): Subject[] {
  let groups: { schemas: Set<string>; functions: ClauseOfModule[] }[] = [];
  for (const clause of publicFunctions(module)) {
    const touched = touchedBy(module, clause.name, schemas);
    if (touched.length === 0) continue;
    const isNear = (schema: string): boolean => touched.some((one) => areRelated(one, schema, schemas));
    const joined = groups.filter((group) => [...group.schemas].some(isNear));
    const group = {
      schemas: new Set([...joined.flatMap((other) => [...other.schemas]), ...touched]),
      functions: [...joined.flatMap((other) => other.functions), clause],
    };
    groups = [...groups.filter((other) => !joined.includes(other)), group];
  }
  return groups.map((group) => ({ schemas: [...group.schemas], functions: group.functions }));
}

/** The same, associated, or alike by name: `AuditLog` and `AccessLog`, `BannedWord` and `BannedAddress`. */
function areRelated(one: string, other: string, schemas: Schemas): boolean {
  return one === other || refersTo(one, other, schemas) || refersTo(other, one, schemas) || areAlike(one, other);
}

function refersTo(from: string, to: string, schemas: Schemas): boolean {
  return schemas.of(from)?.associations.some(({ related }) => related === to) ?? false;
}

function areAlike(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => shortName(name).match(/[A-Z][a-z\d]*/g) ?? []);
  return a?.at(0) === b?.at(0) || a?.at(-1) === b?.at(-1);
}

/** One clause of each public function with a body of its own: what is delegated stands elsewhere. */
export function publicFunctions(module: ModuleFacts): ClauseOfModule[] {
  const seen = new Map<string, ClauseOfModule>();
  for (const clause of module.clauses) {
    const key = `${clause.name}/${clause.arity}`;
    if (clause.keyword === "def" && !seen.has(key)) seen.set(key, clause);
  }
  return [...seen.values()];
}

function touchedBy(module: ModuleFacts, name: string, schemas: Schemas): string[] {
  const own = module.byName.get(name) ?? [];
  const helpers = own.flatMap(({ calls }) =>
    calls.flatMap((call) => (call.module === null ? (module.byName.get(call.name) ?? []) : [])),
  );
  const found = [...own, ...helpers].flatMap(named).filter((other) => schemas.of(other) !== null);
  return [...new Set(found)];
}

/** The modules that a clause names in any way. */
function named({ calls, references, params }: ClauseOfModule): string[] {
  return [
    ...references.map((reference) => reference.module),
    ...calls.flatMap((call) => [...(call.module === null ? [] : [call.module]), ...call.args.flatMap(inShape)]),
    ...params.flatMap(inShape),
  ];
}

function inShape(shape: Shape): string[] {
  if (shape.kind === "module") return [shape.value];
  if (shape.kind === "map") return shape.struct === null ? [] : [shape.struct];
  if (shape.kind === "call") return [...(shape.module === null ? [] : [shape.module]), ...shape.args.flatMap(inShape)];
  return shape.kind === "tuple" || shape.kind === "list" ? shape.items.flatMap(inShape) : [];
}
