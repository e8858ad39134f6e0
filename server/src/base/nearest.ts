import { distance } from "fastest-levenshtein";

/** The name most like `written`, when one is like enough to be a slip of the fingers or a missing domain. */
export function nearest(written: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(3, Math.floor(written.length / 3)) + 1;
  for (const name of names) {
    const tail = name.slice(name.indexOf("/") + 1);
    const begun = written.length > 4 && (name.startsWith(written) || tail.startsWith(written));
    const away = begun ? 1 : Math.min(distance(written, name), distance(written, tail));
    if (away < least) {
      best = name;
      least = away;
    }
  }
  return best;
}
