import { projectRule, suggest } from "../../lint/rule.ts";
import { unstarted } from "../../project/processes/unstarted.ts";
import { insertChild } from "../../refactor/children-list.ts";

/** How each is started. A registry may be meant to be one of duplicate keys: that needs a human eye. */
const SPECS = new Map([
  ["Task.Supervisor", (name: string) => `{Task.Supervisor, name: ${name}}`],
  ["DynamicSupervisor", (name: string) => `{DynamicSupervisor, name: ${name}, strategy: :one_for_one}`],
  ["Registry", (name: string) => `{Registry, keys: :unique, name: ${name}}`],
  ["Phoenix.PubSub", (name: string) => `{Phoenix.PubSub, name: ${name}}`],
  ["Finch", (name: string) => `{Finch, name: ${name}}`],
]);

export default projectRule({
  id: "supervision/unknown-named-process",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "A process addressed by a name that no supervisor starts: the call exits.",
  check(cx) {
    for (const { name, kind, uses, place } of cx.read(unstarted).names) {
      const [first, ...rest] = uses;
      const spec = SPECS.get(kind)?.(name);
      if (!first) continue;
      cx.report(
        first,
        `Nothing in this project starts a \`${kind}\` named \`${name}\`, so this fails as soon as it runs; add it to the application's children.`,
        {
          related: rest.map((at) => ({ at, message: `\`${name}\` is used here too` })),
          fixes:
            spec && place
              ? [
                  suggest(`Start \`${name}\` in the application`, (source) =>
                    insertChild(spec, place.where, source.elsewhere(place.child)),
                  ),
                ]
              : [],
        },
      );
    }
  },
});
