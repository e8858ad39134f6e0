import { sameSet } from "../../base/same-items.ts";
import { isMigration, type ModuleFacts } from "../../facts/facts.ts";
import { fileOf, mentionsOf, namesCalled } from "../calls/calling.ts";
import type { Facts, View } from "../project.ts";

/**
 * The files of data migrations: modules with functions, which migrations call, and nothing else does but tests, scripts and releases.
 * They run once, and are then as finished as the migrations themselves.
 */
export const dataMigrations: View<ReadonlySet<string>> = {
  name: "data migrations",
  slices: ["functions", "uses", "schemas"],
  compute(facts, previous) {
    const named = [...new Set(facts.collect(calledByMigration))].flatMap((name) => facts.named(name));
    const called = new Set(named.filter((module) => isStep(facts, module)).map(({ path }) => path));
    const next = new Set([...called, ...left(facts, called)]);
    return previous && sameSet(previous, next) ? previous : next;
  },
};

/** Those whose migrations are gone: what else nobody knows in a folder most of which are data migrations. */
function left(facts: Facts, called: ReadonlySet<string>): readonly string[] {
  return [...new Set([...called].map(folderOf))].flatMap((folder) => {
    const inFolder = facts.having(foldersOf, folder);
    const paths = new Set(inFolder.map(({ path }) => path));
    if ([...paths].filter((path) => called.has(path)).length * 2 <= paths.size) return [];
    return inFolder.filter((module) => isStep(facts, module)).map(({ path }) => path);
  });
}

function calledByMigration(module: ModuleFacts): readonly string[] {
  return module.fileClass === "migration" || isMigration(module) ? namesCalled(module) : [];
}

/** True when its file holds no process, and nothing that is known to what runs every day. */
function isStep(facts: Facts, step: ModuleFacts): boolean {
  if (step.fileClass !== "code" || step.schema !== null) return false;
  return facts.having(fileOf, step.path).every((module) => {
    if (module.behaviours.length > 0) return false;
    const known = [...facts.having(namesCalled, module.name), ...facts.having(mentionsOf, module.name)];
    return known.every((other) => other.path === step.path || !isRunDaily(other));
  });
}

function isRunDaily(module: ModuleFacts): boolean {
  return module.fileClass === "code" && !isMigration(module) && !/\.Release$/.test(module.name);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function foldersOf({ path }: ModuleFacts): readonly string[] {
  return [folderOf(path)];
}
