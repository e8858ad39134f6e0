import { isMigration, type ModuleFacts } from "../../facts/facts.ts";
import { namesCalled } from "../calls/calling.ts";
import { byModule } from "../conclusions.ts";

/** By its name made to be called by migrations or by a release: who changes it knows that. */
export const FOR_MIGRATIONS = /(?:^|\.)(?:Release\w*|\w*Migrat(?:ions?|or|e)\w*)(?:\.|$)/;

/** Whether migrations call a module of the application, and nobody else but releases, tests and scripts. */
export const onlyForMigrations = byModule({
  name: "only-for-migrations",
  slices: ["functions", "uses"],
  isAbout: isCode,
  nothing: false,
  conclude(lookup, { name }) {
    const users = [...lookup.having(namesCalled, name), ...lookup.having(namesMentioned, name)];
    return users.some(isMigration) && !users.some((user) => isCode(user) && !user.name.startsWith(`${name}.`));
  },
});

function isCode(module: ModuleFacts): boolean {
  return module.fileClass === "code" && !isMigration(module) && !FOR_MIGRATIONS.test(module.name);
}

function namesMentioned({ name, mentions }: ModuleFacts): readonly string[] {
  return mentions.filter((mentioned) => mentioned !== name);
}
