import { shortName } from "../../base/module-name.ts";
import { anchor, type Fix, moduleRule, suggest } from "../../lint/rule.ts";
import { type Load, loads, unloaded } from "../../project/database/loads.ts";
import { repos } from "../../project/database/repos.ts";
import { preloadAfter } from "../../refactor/preload-after.ts";

export default moduleRule({
  id: "ecto/association-not-loaded",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary:
    "An association is read of a row that was loaded without it: it holds `%Ecto.Association.NotLoaded{}`, not the rows.",
  check(module, cx) {
    const isRepo = cx.read(repos);
    for (const load of cx.about(loads, module)) {
      const { clause, fact, direct } = load;
      if (direct && !isRepo(fact.module ?? "")) continue;
      const seen = new Set<string>();
      for (const read of fact.reads) {
        const association = unloaded(load, read);
        if (!association || seen.has(read.field)) continue;
        seen.add(read.field);
        const { name } = association;
        cx.report(
          anchor(module, clause, read.at),
          `\`${callOf(load)}\` loads the ${shortName(load.schema)} without \`${name}\`, so this is \`%Ecto.Association.NotLoaded{}\`; preload \`:${name}\` first.`,
          {
            related: [{ at: anchor(module, clause, fact.at), message: `Loaded here, without \`${name}\`` }],
            fixes: direct ? [preload(name, load, anchor(module, clause, fact.at).at)] : [],
          },
        );
      }
    }
  },
});

function preload(name: string, { clause }: Load, at: number): Fix {
  return suggest(`Preload \`:${name}\` where it is loaded`, (source) => {
    const loaded = source.elsewhere({ path: source.path, form: clause.form, at });
    return loaded && preloadAfter(loaded, name);
  });
}

function callOf({ fact: { module, name } }: Load): string {
  return module === null ? name : `${shortName(module)}.${name}`;
}
