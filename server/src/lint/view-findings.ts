import { sameItems } from "../base/same-items.ts";
import type { ActiveRules } from "./active-rules.ts";
import type { Crash } from "./run-forms.ts";
import type { LiveViewFinding, ViewLinter } from "./run-views.ts";

const NONE: readonly LiveViewFinding[] = [];

/** What view rules have found, by the file that it is shown in, as of their last run. */
export class ViewFindings {
  private byPath: ReadonlyMap<string, readonly LiveViewFinding[]> = new Map();

  constructor(
    private readonly linter: ViewLinter,
    private readonly rules: ActiveRules,
  ) {}

  of(path: string): readonly LiveViewFinding[] {
    return this.byPath.get(path) ?? NONE;
  }

  /** Paths of the other files that findings in a file point to; of those too that are not shown just now, because their place does not parse. */
  pointsTo(path: string): ReadonlySet<string> {
    const places = this.of(path).flatMap(({ finding }) => finding.related);
    return new Set(places.map(({ at }) => at.path).filter((other) => other !== path));
  }

  /** Runs the rules, and gives the paths of the files in which something else is found now. */
  run(): { changed: string[]; crashes: readonly (Crash & { readonly path: string | null })[] } {
    const { live, crashes } = this.linter.run();
    const next = new Map<string, LiveViewFinding[]>();
    for (const finding of live) {
      if (!this.rules.fits(finding.requires)) continue;
      const list = next.get(finding.finding.at.path);
      if (list) list.push(finding);
      else next.set(finding.finding.at.path, [finding]);
    }
    const before = this.byPath;
    this.byPath = next;
    const paths = new Set([...before.keys(), ...next.keys()]);
    const changed = [...paths].filter((path) => !sameItems(before.get(path) ?? NONE, next.get(path) ?? NONE));
    return { changed, crashes };
  }
}
