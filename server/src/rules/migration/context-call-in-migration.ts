import type { CallFact, ModuleFacts } from "../../facts/facts.ts";
import { isMigration } from "../../facts/facts.ts";
import { anchor, moduleRule, type ViewContext } from "../../lint/rule.ts";
import { type IsRepo, repos } from "../../project/database/repos.ts";

export default moduleRule({
  id: "migration/context-call-in-migration",
  category: "correctness",
  severity: "information",
  since: "0.1.0",
  summary:
    "A migration calls a function of the application, which may do something else when the migration runs again.",
  files: ["migration"],
  check(module, cx) {
    if (!isMigration(module)) return;
    const isRepo = cx.read(repos);
    const calls = module.clauses.flatMap((clause) => clause.calls.map((call) => ({ clause, call })));
    const found = calls.filter(({ call }) => isOfApplication(call, module, isRepo, cx));
    for (const name of new Set(found.map(({ call }) => call.module))) {
      const [first, ...others] = found.filter(({ call }) => call.module === name);
      if (!first) continue;
      cx.report(
        anchor(module, first.clause, first.call.at),
        `\`${nameOfCall(first.call)}\` belongs to the application and changes with it, so a year from now this migration does something else on a new database, or fails; write what it has to do into the migration.`,
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

/** Made to be called by migrations or by a release: who changes it knows that. */
const FOR_MIGRATIONS = /(?:^|\.)(?:Release\w*|\w*Migrat(?:ions?|or|e)\w*)(?:\.|$)/;

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
    if (module.fileClass !== "code" || isMigration(module)) return false;
    const clauses = (module.byName.get(called) ?? []).filter(
      (clause) => clause.arity - clause.defaults <= arity && arity <= clause.arity,
    );
    return clauses.length > 0 && !clauses.every(isConstant) && !clauses.every(readsConfiguration);
  });
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
