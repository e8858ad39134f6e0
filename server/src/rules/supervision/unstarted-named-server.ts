import { projectRule, suggest } from "../../lint/rule.ts";
import { unstarted } from "../../project/processes/unstarted.ts";
import { insertChild } from "../../refactor/children-list.ts";

export default projectRule({
  id: "supervision/unstarted-named-server",
  category: "correctness",
  severity: "information",
  since: "0.1.0",
  summary: "A server that others call by its name and that nothing starts: the calls exit.",
  check(cx) {
    for (const { module, at, called, place } of cx.read(unstarted).servers) {
      cx.report(
        at,
        `\`${module}\` registers under its own name and is called by others (\`${called.what}\`), but nothing in this project starts it; add it to the application's children, or remove it.`,
        {
          related: [{ at: called.at, message: `\`${called.what}\` is called here` }],
          fixes: place
            ? [
                suggest(`Start \`${module}\` in the application`, (source) =>
                  insertChild(module, place.where, source.elsewhere(place.child)),
                ),
              ]
            : [],
        },
      );
    }
  },
});
