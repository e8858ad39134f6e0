import type { Anchor, ColumnFact, ModuleFacts } from "../../facts/facts.ts";
import { anchor, type Fix, moduleRule, suggest } from "../../lint/rule.ts";
import { type ColumnsBefore, columnsBefore, placeKey } from "../../project/database/columns-before.ts";
import { type Step, stepsOfChange } from "../../project/database/migration-steps.ts";
import { upcoming } from "../../project/database/upcoming.ts";
import { packages } from "../../project/packages.ts";
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
    // A device brings its database up when it starts, and nobody runs Mix on it.
    if (cx.read(packages).names.includes("nerves")) return;
    const steps = irreversibleSteps(module, cx.read(columnsBefore));
    const [first, ...others] = steps;
    if (!first) return;
    const more =
      others.length > 0 ? ` ${others.length} other step${others.length > 1 ? "s" : ""} cannot be undone either.` : "";
    cx.report(first.at, first.why + more, {
      related: others.map(({ at, why }) => ({ at, message: why })),
      fixes: fixesOf(steps),
    });
  },
});

interface Irreversible {
  readonly at: Anchor;
  readonly why: string;
  /** A way back that may be meant: the argument, and what it says. */
  readonly way: { readonly argument: string; readonly title: string } | null;
}

/** The steps that Ecto cannot undo, in the order in which they run; one that runs twice is named once. */
function irreversibleSteps(module: ModuleFacts, past: ColumnsBefore): Irreversible[] {
  const out = new Map<string, Irreversible>();
  const take = (at: Anchor, why: string, way: Irreversible["way"]): void => {
    out.set(placeKey(at), { at, why, way });
  };
  for (const { clause, operation } of stepsOfChange(module)) {
    const why = irreversible(operation);
    const undo =
      operation.kind === "execute" && operation.queued ? { argument: '""', title: "There is nothing to undo" } : null;
    if (why) take(anchor(module, clause, operation.at), why, undo);
    if (operation.kind !== "alter-table") continue;
    for (const column of operation.columns) {
      if (column.reversible) continue;
      const at = anchor(module, clause, column.at);
      take(at, irreversibleColumn(operation.table, column), wayOf(column, past.get(placeKey(at))));
    }
  }
  return [...out.values()];
}

/** One offer for all steps that it says the same of. */
function fixesOf(steps: readonly Irreversible[]): Fix[] {
  const titles = new Set(steps.flatMap(({ way }) => way?.title ?? []));
  return [...titles].map((title) =>
    suggest(title, (source) => {
      const edits = steps.map(({ at, way }) => {
        if (way?.title !== title) return [];
        const step = source.elsewhere(at);
        return step && wayBack(way.argument)(step);
      });
      return edits.some((edit) => edit === null) ? null : edits.flatMap((edit) => edit ?? []);
    }),
  );
}

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
function wayOf({ action, name }: ColumnFact, before: ColumnFact | undefined): Irreversible["way"] {
  if (!before || action === "add" || before.references !== null || !/^[a-z_]+$/.test(before.type)) return null;
  const type = `:${before.type}`;
  return { argument: action === "modify" ? `from: ${type}` : type, title: `Say that \`${name}\` was a \`${type}\`` };
}
