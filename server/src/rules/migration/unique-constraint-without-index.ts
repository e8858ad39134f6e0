import { shortName } from "../../base/module-name.ts";
import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { adapters, hasSqlRepo } from "../../project/database/adapters.ts";
import { migrations, nextMigration } from "../../project/database/migrations.ts";
import { schemas } from "../../project/database/schemas.ts";
import { tables, tablesCalled } from "../../project/database/tables.ts";
import { backingOf, expectedIndex, guards, takenForField } from "../../project/database/unique-index.ts";
import { constrainInstead, nameConstraint } from "../../refactor/constraint-name.ts";
import { uniqueIndexMigration } from "../../refactor/unique-index-migration.ts";

export default moduleRule({
  id: "migration/unique-constraint-without-index",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "A `unique_constraint` that no unique index of that name stands behind: it never reports a duplicate.",
  check(module, cx) {
    // The migrations of a database that Ecto has no adapter of its own for need not speak of what is unique there.
    if (!hasSqlRepo(cx.read(adapters))) return;
    const all = cx.read(tables);
    const seen = new Set<string>();
    const constraints = module.clauses.flatMap((clause) => clause.constraints.map((fact) => ({ clause, fact })));
    for (const { clause, fact } of constraints) {
      const schema = fact.schema === null ? module.schema : (cx.named(fact.schema)[0]?.schema ?? null);
      const expected = schema && expectedIndex(schema, fact);
      if (!expected) continue;
      const { table: source, columns, name } = expected;
      const found = tablesCalled(all, source);
      const backing = backingOf(all, found, expected, cx.read(adapters));
      if (backing === "unknown") continue;
      const at = anchor(module, clause, fact.at);
      const constraint = `unique_constraint(${listed(fact.fields ?? [])})`;
      if (fact.kind === "unsafe_validate_unique") {
        const message = `\`unsafe_validate_unique\` asks before the write, so two requests at the same time both pass; have a unique index on \`${source}\` and \`${constraint}\` decide.`;
        if (!constraints.some((other) => guards(other.fact, fact))) cx.report(at, message, { severity: "information" });
        continue;
      }
      if (backing === "there" || seen.has(name)) continue;
      seen.add(name);
      const table = found[0];
      const mistaken = backing === "none" ? takenForField(found, schema, fact) : null;
      if (mistaken) {
        const { index, fields, isDefault } = mistaken;
        const call = `${fields.length > 0 ? listed(fields) : "…"}${isDefault ? "" : `, name: :${index}`}`;
        const message = `\`${constraint}\` takes the name of an index for a field, so it waits for an error of \`${name}\`, which there is not, and what \`${index}\` refuses raises \`Ecto.ConstraintError\` instead of giving a changeset error; say \`unique_constraint(${call})\`.`;
        const fixes = fields.length > 0 ? [suggest(`Say \`${call}\``, constrainInstead(call))] : [];
        cx.report(at, message, { fixes });
        continue;
      }
      const created = table?.created ?? null;
      const related = created ? [{ at: created, message: `\`${source}\` is created here` }] : [];
      const waits = `\`${constraint}\` waits for an error of \`${name}\`, but`;
      // What that index refuses, another constraint of the same changeset reports.
      if (
        backing !== "none" &&
        constraints.some((other) => other.clause === clause && other.fact.name === backing.name)
      )
        continue;
      if (backing !== "none") {
        const message = `${waits} the unique index on \`${source}\` is called \`${backing.name}\` (${backing.columns.join(", ")}), so what it refuses raises \`Ecto.ConstraintError\` instead of giving a changeset error; say \`name: :${backing.name}\`.`;
        const fixes = [suggest(`Name the index \`${backing.name}\``, nameConstraint(backing.name))];
        cx.report(at, message, { related, fixes });
        continue;
      }
      const [only, another] = columns;
      const owner = only && !another ? cx.read(schemas).hasMany(fact.schema ?? module.name, only) : null;
      if (owner) {
        const message = `${waits} no migration makes a unique index of that name, and \`${shortName(owner)}\` has many \`${source}\` for one \`${only}\`; take the constraint away, or name all columns that are unique together.`;
        cx.report(at, message, { related });
        continue;
      }
      if (table?.freed.includes(name)) {
        const message = `${waits} the migrations drop that index again, so duplicates are stored and the constraint never reports one; take it away.`;
        cx.report(at, message, { related });
        continue;
      }
      const known = created !== null && columns.every((column) => table?.columns.has(column));
      const next = known ? nextMigration(cx.read(migrations), created.path) : null;
      const instead = table?.indexes.find((index) => index.name === name)?.columns;
      const index = { table: source, prefix: table?.prefix ?? null, columns, name: fact.name, instead };
      const create = suggest(`Create a migration with \`${name}\``, () => next && [uniqueIndexMigration(next, index)]);
      const message = `${waits} no migration makes a unique index of that name on \`${source}\`, so duplicates are stored and the constraint never reports one; add the index.`;
      cx.report(at, message, { related, fixes: next ? [create] : [] });
    }
  },
});

function listed(fields: readonly string[]): string {
  const list = fields.map((field) => `:${field}`).join(", ");
  return fields.length === 1 ? list : `[${list}]`;
}
