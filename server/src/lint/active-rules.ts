import type { Severity } from "../base/diagnostic.ts";
import { type FormRule, type ModuleRule, type ProjectRule, type Requirements, type Rule, viewRulesOf } from "./rule.ts";
import type { ProjectSettings } from "./settings.ts";
import { satisfies } from "./version.ts";

/** The rules that are on in a project, by its configuration and by the versions of its libraries. */
export class ActiveRules {
  readonly byId: ReadonlyMap<string, Rule>;
  readonly ofForms: readonly FormRule[];
  readonly ofViews: readonly (ModuleRule | ProjectRule)[];

  /** @param all those that are off included */
  constructor(
    readonly all: readonly Rule[],
    private readonly settings: ProjectSettings,
  ) {
    const on = all.filter((rule) => this.isOn(rule));
    this.byId = new Map(on.map((rule) => [rule.id, rule]));
    this.ofForms = on.filter((rule) => rule.kind === "form");
    this.ofViews = on.flatMap(viewRulesOf);
  }

  /** The severity of a finding: what the configuration says of its rule, else the finding's own, else the rule's. */
  severityOf(rule: string, own: Severity | null): Severity {
    const active = this.byId.get(rule);
    const setting = active && this.settings.config.rules.get(rule);
    if (setting && setting !== "on" && setting !== "off") return setting;
    return own ?? active?.severity ?? "warning";
  }

  /** False where the project's libraries are too old for a rule or finding. */
  fits(requires: Requirements | undefined): boolean {
    return satisfies(this.settings.versions, requires);
  }

  private isOn({ id, requires, default: byDefault }: Rule): boolean {
    const setting = this.settings.config.rules.get(id);
    if (setting === "off" || !this.fits(requires)) return false;
    return setting !== undefined || byDefault !== "off";
  }
}
