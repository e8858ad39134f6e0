import type { ConstraintFact, SchemaFacts } from "../../facts/facts.ts";
import { anchor, type Fix, moduleRule, suggest } from "../../lint/rule.ts";
import { adapters } from "../../project/adapters.ts";
import { migrations, nextMigration } from "../../project/migrations.ts";
import { tables, tablesCalled } from "../../project/tables.ts";
import { backingOf } from "../../project/unique-index.ts";
import { uniqueIndexMigration } from "../../refactor/unique-index-migration.ts";
import type { Call } from "../../syntax/ast.ts";
import { keywordValue } from "../../syntax/flow.ts";
import { find } from "../../syntax/visit.ts";

export default moduleRule({
  id: "migration/unique-constraint-without-index",
  category: "correctness",
  severity: "warning",
  since: "0.2.0",
  summary: "A `unique_constraint` that no unique index of that name stands behind: it never reports a duplicate.",
  check(module, cx) {
    const all = cx.read(tables);
    const seen = new Set<string>();
    const constraints = module.clauses.flatMap((clause) => clause.constraints.map((fact) => ({ clause, fact })));
    for (const { clause, fact } of constraints) {
      const schema = fact.schema === null ? module.schema : (cx.named(fact.schema)[0]?.schema ?? null);
      if (!schema || schema.source === null || fact.fields === null) continue;
      const { source } = schema;
      const found = tablesCalled(all, source);
      const columns = fact.fields.map((field) => columnOf(schema, field));
      const name = fact.name ?? [source, ...columns, "index"].join("_");
      const backing = backingOf(all, found, columns, name, cx.read(adapters));
      if (backing === "unknown") continue;
      const at = anchor(module, clause, fact.at);
      if (fact.kind === "unsafe_validate_unique") {
        if (constraints.some((other) => guards(other.fact, fact.fields ?? []))) continue;
        cx.report(
          at,
          `\`unsafe_validate_unique\` asks before the write, so two requests at the same time both pass; have a unique index on \`${source}\` and \`unique_constraint(${listed(fact.fields)})\` decide.`,
          { severity: "information" },
        );
        continue;
      }
      if (backing === "there" || seen.has(name)) continue;
      seen.add(name);
      const [table] = found;
      const created = table?.created ?? null;
      const related = created ? [{ at: created, message: `\`${source}\` is created here` }] : [];
      const waits = `\`unique_constraint(${listed(fact.fields)})\` waits for an error of \`${name}\`, but`;
      if (backing !== "none") {
        cx.report(
          at,
          `${waits} the unique index on \`${source}\` is called \`${backing.name}\` (${backing.columns.join(", ")}), so what it refuses raises \`Ecto.ConstraintError\` instead of giving a changeset error; say \`name: :${backing.name}\`.`,
          { related, fixes: [suggest(`Name the index \`${backing.name}\``, nameIndex(backing.name))] },
        );
        continue;
      }
      const place = created && nextMigration(cx.read(migrations), created.path);
      const instead = table?.indexes.find((index) => index.name === name)?.columns.filter((column) => column !== null);
      const index = {
        table: source,
        prefix: table?.prefix ?? null,
        columns,
        name: fact.name,
        instead: instead ?? null,
      };
      const known = columns.every((column) => table?.columns.has(column));
      cx.report(
        at,
        `${waits} no migration makes a unique index of that name on \`${source}\`, so duplicates are stored and the constraint never reports one; add the index.`,
        {
          related,
          fixes:
            place && known
              ? [suggest(`Create a migration with \`${name}\``, () => [uniqueIndexMigration(place, index)])]
              : [],
        },
      );
    }
  },
});

/** `name: :index` after the fields, or in place of the name there is. */
function nameIndex(name: string): Fix["edits"] {
  return (source) => {
    const call = find(
      source.ast,
      (n): n is Call => n.type === "call" && n.ownStart === source.at.start && n.end === source.at.end,
    );
    const fields = call?.args[1];
    const options = call?.args[2];
    if (!fields) return null;
    const given = keywordValue(options, "name");
    if (given) return [source.replace(given, `:${name}`)];
    return options?.type === "list" && !options.bare ? null : [source.insertAfter(fields, `, name: :${name}`)];
  };
}

/** True when a `unique_constraint` speaks of one of the fields, or may. */
function guards(fact: ConstraintFact, fields: readonly string[]): boolean {
  return fact.kind === "unique_constraint" && (fact.fields?.some((field) => fields.includes(field)) ?? true);
}

function columnOf(schema: SchemaFacts, field: string): string {
  return schema.fields.find(({ name }) => name === field)?.source ?? field;
}

function listed(fields: readonly string[]): string {
  const list = fields.map((field) => `:${field}`).join(", ");
  return fields.length === 1 ? list : `[${list}]`;
}
