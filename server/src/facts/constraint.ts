import type { Call, Def, Node } from "../syntax/ast.ts";
import { boundValues } from "../syntax/binding.ts";
import { keywordValue } from "../syntax/flow.ts";
import { wordsOf } from "../syntax/literals.ts";
import type { Anchors } from "./anchors.ts";
import type { ConstraintFact } from "./facts.ts";

const NONE: readonly ConstraintFact[] = [];

/** `unique_constraint` and `unsafe_validate_unique` in a function. */
export function constraintsOf(def: Def, written: readonly Call[], anchors: Anchors): readonly ConstraintFact[] {
  const constraints = written.filter(isConstraint);
  return constraints.length > 0 ? constraints.map((call) => constraintOf(call, call.name, def, anchors)) : NONE;
}

function isConstraint(call: Call): call is Call & { name: ConstraintFact["kind"] } {
  return call.module === "Ecto.Changeset" && /^(?:unique_constraint|unsafe_validate_unique)$/.test(call.name);
}

function constraintOf(call: Call, kind: ConstraintFact["kind"], def: Def, anchors: Anchors): ConstraintFact {
  const options = call.args[kind === "unique_constraint" ? 2 : 3];
  const given = keywordValue(options, "name");
  const name = textOf(given);
  // Options in a variable may give a name; with `match:` the name is a part of the database's.
  const isKnown = !options || (options.type === "list" && keywordValue(options, "match") === null);
  return {
    kind,
    at: anchors.add({ start: call.ownStart, end: call.end }),
    schema: call.args[0] ? schemaOf(call.args[0], def) : null,
    fields: isKnown && (!given || name !== null) ? namesOf(call.args[1]) : null,
    name,
  };
}

/** One field, or a list of them, with `@fields` read. */
function namesOf(node: Node | null | undefined): readonly string[] | null {
  if (node?.type === "attribute") return namesOf(node.value);
  if (node?.type === "atom") return [node.value];
  if (node?.type === "sigil") return wordsOf(node);
  if (node?.type !== "list" || node.items.length === 0) return null;
  const names = node.items.map(textOf);
  return names.every((name) => name !== null) ? names : null;
}

function textOf(node: Node | null): string | null {
  if (node?.type === "attribute") return textOf(node.value);
  return node?.type === "atom" || node?.type === "string" ? node.value : null;
}

const MAX_STEPS = 40;

/** The struct that a changeset begins with, back along its pipe and through variables that are bound once. */
function schemaOf(changeset: Node, def: Def): string | null {
  let at: Node | undefined = changeset;
  for (let step = 0; at && step < MAX_STEPS; step++) {
    if (at.type === "map") return at.struct?.type === "alias" ? at.struct.module : null;
    if (at.type === "call") at = at.args[0];
    else if (at.type === "binary" && at.operator === "=") at = at.left.type === "map" ? at.left : at.right;
    else if (at.type === "variable") at = boundTo(at.name, at, def);
    else return null;
  }
  return null;
}

function boundTo(name: string, read: Node, def: Def): Node | undefined {
  const [value, other] = boundValues(read, name);
  if (value) return other || (value.start <= read.start && read.end <= value.end) ? undefined : value;
  return def.params.find(
    (param) =>
      param.type === "binary" &&
      [param.left, param.right].some((side) => side.type === "variable" && side.name === name),
  );
}
