import { shortName } from "../../base/module-name.ts";
import { type ClauseOfModule, headOf } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { libraryKinds } from "../../project/calls/library-modules.ts";
import { boundaries } from "../../project/contexts/boundaries.ts";
import { publicFunctions, type Subject, subjectsOf } from "../../project/contexts/subjects.ts";
import { schemas } from "../../project/database/schemas.ts";
import { primitiveEffect } from "../../project/effects/libraries.ts";

const MOST_FUNCTIONS = 40;
const MOST_SCHEMAS = 6;
const LEAST_SUBJECTS = 3;
/** In a project whose only context it is. */
const SCHEMAS_ALONE = 8;
/** A function or two about something else are no subject of their own. */
const LEAST_FUNCTIONS = 3;

export default moduleRule({
  id: "phoenix/god-context",
  category: "design",
  severity: "hint",
  since: "0.1.0",
  summary:
    "A context of dozens of functions for tables that have nothing to do with each other: every change meets in it.",
  check(module, cx) {
    if (module.keyword !== "defmodule" || cx.about(boundaries, module)?.kind !== "context") return;
    const functions = publicFunctions(module);
    if (functions.length <= MOST_FUNCTIONS) return;
    const kindOf = cx.read(libraryKinds);
    const writes = (clause: ClauseOfModule): boolean =>
      (module.byName.get(clause.name) ?? []).some(({ calls }) =>
        calls.some((call) => primitiveEffect(call, kindOf) === "db-write"),
      );
    const found = subjectsOf(module, cx.read(schemas)).filter((subject) => subject.functions.length >= LEAST_FUNCTIONS);
    // What only reads, as reports do, may look at everything.
    const subjects = found.filter((subject) => subject.functions.some(writes));
    const tables = subjects.flatMap((subject) => subject.schemas).length;
    const contexts = cx.read(boundaries).all.filter((boundary) => boundary.kind === "context");
    const isAlone = contexts.length === 1 && subjects.length > 0 && tables >= SCHEMAS_ALONE;
    if (!isAlone && (tables <= MOST_SCHEMAS || subjects.length < LEAST_SUBJECTS)) return;
    const groups = subjects.length > 1 ? ` in ${subjects.length} groups that have nothing to do with each other` : "";
    cx.report(
      headOf(module),
      `\`${shortName(module.name)}\` has ${functions.length} public functions for ${tables} schemas${groups}: ${subjects.map(shown).join("; ")}. Whoever changes one works in the file of all; give each ${groups === "" ? "subject" : "group"} a module of its own.`,
      {
        related: subjects.flatMap(({ functions: [first], schemas: [schema = ""] }) =>
          first ? [{ at: anchor(module, first, first.at), message: `The first about \`${shortName(schema)}\`` }] : [],
        ),
      },
    );
  },
});

function shown({ schemas, functions }: Subject): string {
  const names = schemas.slice(0, 4).map((schema) => `\`${shortName(schema)}\``);
  return `${names.join(", ")}${schemas.length > 4 ? ", …" : ""} (${functions.length})`;
}
