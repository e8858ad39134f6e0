import type { ModuleFacts } from "../../facts/facts.ts";
import type { ByModule, View } from "../project.ts";
import { fileName, versionOf } from "./migrations.ts";

/** How many migrations of a folder count as not yet run everywhere, where the settings do not say. */
const NEWEST = 10;

/** As the times say that versions are: what is three years older than the newest of all has run, few as there may be. */
const THREE_YEARS = 3_00_00_00_00_00;

/**
 * Whether a migration may still have to run somewhere: it is newer than `migrations.startAfter` of the settings, or without
 * that one of the ten newest of its folder, and no relic. What has run has taken its locks and found its rows, and advice on how to run
 * it comes too late. False for files without a version, which only help others, and for
 * those of tests.
 */
export const upcoming: View<ByModule<boolean>> = {
  name: "upcoming",
  slices: ["migrations"],
  compute(facts) {
    const { startAfter } = facts.settings;
    const oldest = new Map<string, number>();
    if (startAfter === null) {
      const folders = byFolder(facts.where(isVersioned));
      const last = Math.max(...[...folders.values()].flatMap((versions) => [...versions]));
      for (const [folder, versions] of folders) {
        const newest = [...versions].sort((a, b) => b - a).slice(0, NEWEST);
        oldest.set(folder, Math.max(newest.at(-1) ?? 0, last - THREE_YEARS));
      }
    }
    return {
      of(module) {
        const version = versionOf(fileName(module));
        if (version === 0 || module.fileClass !== "migration" || /(?:^|\/)test\//.test(module.path)) return false;
        return startAfter === null ? version >= (oldest.get(folderOf(module)) ?? 0) : version > startAfter;
      },
    };
  },
};

function byFolder(modules: readonly ModuleFacts[]): ReadonlyMap<string, Set<number>> {
  const out = new Map<string, Set<number>>();
  for (const module of modules) {
    const version = versionOf(fileName(module));
    const versions = out.get(folderOf(module));
    if (versions) versions.add(version);
    else out.set(folderOf(module), new Set([version]));
  }
  return out;
}

function isVersioned(module: ModuleFacts): boolean {
  return module.fileClass === "migration" && versionOf(fileName(module)) > 0;
}

function folderOf({ path }: ModuleFacts): string {
  return path.slice(0, path.lastIndexOf("/"));
}
