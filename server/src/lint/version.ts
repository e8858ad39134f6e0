import type { Requirements } from "./rule.ts";

/** Versions of a project's libraries by name, `"ecto" → "3.12.4"`, and of Elixir itself. */
export type Versions = ReadonlyMap<string, string>;

/**
 * True when every library is at least that new, or older than `<` says; one that is not listed counts as the newest, but
 * not for `>=`, which wants it known.
 */
export function satisfies(versions: Versions, required: Requirements | undefined): boolean {
  return Object.entries(required ?? {}).every(([library, bound]) => {
    const version = versions.get(library);
    if (bound.startsWith(">=")) return version !== undefined && compare(version, bound.slice(2)) >= 0;
    if (bound.startsWith("<")) return version !== undefined && compare(version, bound.slice(1)) < 0;
    return version === undefined || compare(version, bound) >= 0;
  });
}

/** True when every library that is required is listed: only then is a rewrite known to fit. */
export function isKnown(versions: Versions, required: Requirements | undefined): boolean {
  return Object.keys(required ?? {}).every((library) => versions.has(library));
}

/** Compares by major, minor and patch; what follows them is left out of account. */
function compare(a: string, b: string): number {
  const left = a.split(/[.-]/).map(Number);
  const right = b.split(/[.-]/).map(Number);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] || 0) - (right[i] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The versions that a `mix.lock` names; packages that come from git have none. */
export function parseLock(text: string): Versions {
  const entries = text.matchAll(/^\s*"(\w+)":\s*\{:hex,\s*:\w+,\s*"([^"]+)"/gm);
  return new Map([...entries].map((match) => [match[1] as string, match[2] as string]));
}

/** The Elixir that a `.tool-versions` names first: `elixir 1.18.4-otp-27` (asdf, "Versions", `.tool-versions`); `ref:…` has no version. */
export function parseToolVersions(text: string): Versions {
  const found = /^\s*elixir\s+(\d+\.\d\S*)/m.exec(text);
  return new Map(found?.[1] ? [["elixir", found[1]]] : []);
}
