import type { ColumnFact, ModuleFacts } from "../../facts/facts.ts";
import { anchor, type Fix, moduleRule, suggest } from "../../lint/rule.ts";
import { columnsBefore, placeKey } from "../../project/database/columns-before.ts";
import { type Step, stepsOfChange } from "../../project/database/migration-steps.ts";
import { upcoming } from "../../project/database/upcoming.ts";
import { wayBack } from "../../refactor/way-back.ts";

export default moduleRule({
  id: "migration/irreversible-change",
  category: "reliability",
  severity: "warning",
  since: "0.1.0",
  summary: "A step of `change` that Ecto cannot undo: `mix ecto.rollback` raises.",
  files: ["migration"],
  check(module, cx) {
    // Who asks for the direction, or writes a way back, knows that there is one.
    if (!cx.about(upcoming, module) || isRunByCode(module)) return;
    if (module.byName.has("down") || asksDirection(module)) return;
    for (const { clause, operation } of stepsOfChange(module)) {
      const why = irreversible(operation);
      const fixes = operation.kind === "execute" ? [suggest("There is nothing to undo", wayBack('""'))] : [];
      if (why) cx.report(anchor(module, clause, operation.at), why, { fixes });
      if (operation.kind !== "alter-table") continue;
      for (const column of operation.columns) {
        if (column.reversible) continue;
        const at = anchor(module, clause, column.at);
        const before = cx.read(columnsBefore).get(placeKey(at));
        cx.report(at, irreversibleColumn(operation.table, column), {
          fixes: fixesOf(column, before),
        });
      }
    }
  },
});

/** Mix looks for migrations below `priv`; those in `lib` the application runs itself, as on the databases of its tenants, and upwards. */
function isRunByCode({ path }: ModuleFacts): boolean {
  return /(?:^|\/)lib\//.test(path);
}

function asksDirection({ clauses }: ModuleFacts): boolean {
  return clauses.some(({ calls }) =>
    calls.some(({ module, name }) => module === "Ecto.Migration" && name === "direction"),
  );
}

/** What a step of `change` has against it, in words; null for what Ecto can undo. */
function irreversible(step: Step["operation"]): string | null {
  switch (step.kind) {
    case "execute":
      if (step.queued)
        return step.reversible
          ? null
          : "Ecto does not know what undoes this, so a rollback raises; give `execute` a second argument.";
      return WRITES.test(step.sql ?? "") ? again("This statement") : null;
    case "write":
      return again(`\`${step.name}\``);
    case "drop-table":
      return `Ecto does not know how to make \`${step.table}\` again, so a rollback raises; write \`up\` and \`down\`.`;
    case "drop-constraint":
      return `Ecto does not know how to make \`${step.name}\` again, so a rollback raises; write \`up\` and \`down\`.`;
    case "flush":
      return "`flush` in `change` raises on a rollback; give `execute` two functions, or write `up` and `down`.";
    default:
      return null;
  }
}

const WRITES = /^\s*(?:update|insert|delete|alter|create|drop|truncate)\b/i;

function again(what: string): string {
  return `${what} runs in both directions, so a rollback does it once more; give \`execute\` two functions, or write \`up\` and \`down\`.`;
}

function irreversibleColumn(table: string | null, { name, action }: ColumnFact): string {
  const column = `\`${table}.${name}\``;
  if (action === "modify")
    return `Ecto does not know what ${column} was before, so a rollback raises; say it with \`from:\`, or write \`up\` and \`down\`.`;
  if (action === "remove")
    return `Ecto does not know how to make ${column} again, so a rollback raises; give \`remove\` the type and options that it had, or write \`up\` and \`down\`.`;
  return `Ecto does not know whether ${column} was there before, so a rollback raises; use \`add\`, or write \`up\` and \`down\`.`;
}

/** The type that earlier migrations gave it, where that is all there is to say. */
function fixesOf({ action }: ColumnFact, before: ColumnFact | undefined): readonly Fix[] {
  if (!before || action === "add" || before.references !== null || !/^[a-z_]+$/.test(before.type)) return [];
  const type = `:${before.type}`;
  return [suggest(`Say that it was a \`${type}\``, wayBack(action === "modify" ? `from: ${type}` : type))];
}
