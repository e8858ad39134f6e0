import type { CallFact, ModuleFacts } from "../../facts/facts.ts";
import { isMigration } from "../../facts/facts.ts";
import { type Anchor, anchor, moduleRule, type ViewContext } from "../../lint/rule.ts";
import { dataMigrations } from "../../project/database/data-migrations.ts";
import { namedIn } from "../../project/database/named-modules.ts";
import { type IsRepo, repos } from "../../project/database/repos.ts";
import { packages } from "../../project/packages.ts";

const LATER = "so a year from now this migration does something else on a new database, or fails";
const MAX_RELATED = 8;
/** Made to be called by migrations or by a release: who changes it knows that. */
const FOR_MIGRATIONS = /(?:^|\.)(?:Release\w*|\w*Migrat(?:ions?|or|e)\w*)(?:\.|$)/;

export default moduleRule({
  id: "migration/context-call-in-migration",
  category: "correctness",
  severity: "information",
  since: "0.1.0",
  summary:
    "A migration calls a function of the application, which may do something else when the migration runs again.",
  files: ["migration"],
  check(module, cx) {
    if (!isMigration(module) || cx.read(packages).structure) return;
    const isRepo = cx.read(repos);
    const calls = module.clauses.flatMap((clause) => clause.calls.map((call) => ({ clause, call })));
    const found = calls.filter(({ call }) => isOfApplication(call, module, isRepo, cx));
    for (const name of new Set(found.map(({ call }) => call.module))) {
      const [first, ...others] = found.filter(({ call }) => call.module === name);
      if (!first || name === null) continue;
      const at = anchor(module, first.clause, first.call.at);
      const own = cx.named(name).find(({ path }) => cx.read(dataMigrations).has(path));
      if (own) {
        const used = usedBy(own, isRepo, cx);
        if (used[0])
          cx.report(
            at,
            `\`${nameOfCall(first.call)}\` is there for migrations only, but \`${used[0].name}\`, which it uses, changes with the application, ${LATER}; give it a copy of its own, or name the tables.`,
            {
              related: used.slice(0, MAX_RELATED).map(({ name, at }) => ({ at, message: `\`${name}\` is used here` })),
            },
          );
        continue;
      }
      cx.report(
        at,
        `\`${nameOfCall(first.call)}\` belongs to the application and changes with it, ${LATER}; write what it has to do into the migration.`,
        {
          related: others.map(({ clause, call }) => ({
            at: anchor(module, clause, call.at),
            message: `\`${nameOfCall(call)}\` is called here`,
          })),
        },
      );
    }
  },
});

function isOfApplication(
  { module: name, name: called, arity }: CallFact,
  own: ModuleFacts,
  isRepo: IsRepo,
  cx: ViewContext,
): boolean {
  if (name === null || name === own.name || isRepo(name) || FOR_MIGRATIONS.test(name)) return false;
  // Schemas are another rule's.
  if (/changeset|^__/.test(called)) return false;
  return cx.named(name).some((module) => {
    if (module.fileClass !== "code" || isMigration(module) || (isType(module) && CONVERTS.test(called))) return false;
    const clauses = (module.byName.get(called) ?? []).filter(
      (clause) => clause.arity - clause.defaults <= arity && arity <= clause.arity,
    );
    return clauses.length > 0 && !clauses.every(isConstant) && !clauses.every(readsConfiguration);
  });
}

/** How a type writes values into the database, and reads them, is fixed by the rows that there are. */
const CONVERTS = /^(?:dump|load|cast)!?$/;

function isType({ uses, behaviours }: ModuleFacts): boolean {
  return uses.some(({ module }) => module === TYPE) || behaviours.includes(TYPE);
}

const TYPE = "Ecto.Type";

/** What of the application a module that is there for migrations uses itself: schemas first, each once. */
function usedBy(own: ModuleFacts, isRepo: IsRepo, cx: ViewContext): readonly { name: string; at: Anchor }[] {
  const isOther = (name: string): boolean => name !== own.name && !name.startsWith(`${own.name}.`);
  const schemas = namedIn(own).filter(({ name }) => isOther(name) && cx.named(name).some(isTable));
  const calls = own.clauses.flatMap((clause) =>
    clause.calls
      .filter((call) => isOther(call.module ?? own.name) && isOfApplication(call, own, isRepo, cx))
      .map((call) => ({ name: nameOfCall(call), clause, at: call.at })),
  );
  const used = [...schemas, ...calls].map(({ name, clause, at }) => ({ name, at: anchor(own, clause, at) }));
  return used.filter(({ name }, i) => used.findIndex((other) => other.name === name) === i);
}

function isTable({ schema, fileClass }: ModuleFacts): boolean {
  return schema !== null && schema.source !== null && fileClass === "code";
}

/** A function that only has a value: no call, no argument. */
function isConstant({ arity, calls, references }: ModuleFacts["clauses"][number]): boolean {
  return arity === 0 && calls.length === 0 && references.length === 0;
}

const CONFIGURATION = /(?:^|\.)(?:Application|Config(?:uration)?)$/;

/** What is configured belongs to the machine, not to the code. */
function readsConfiguration({ calls }: ModuleFacts["clauses"][number]): boolean {
  return calls.length > 0 && calls.every(({ module }) => module !== null && CONFIGURATION.test(module));
}

function nameOfCall({ module, name, arity }: CallFact): string {
  return `${module}.${name}/${arity}`;
}
