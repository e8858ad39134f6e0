import { projectRule, suggest } from "../../lint/rule.ts";
import { type Dependence, dependences } from "../../project/processes/dependent-children.ts";

export default projectRule({
  id: "supervision/dependent-children-one-for-one",
  category: "reliability",
  severity: "warning",
  since: "0.1.0",
  summary: "A child that holds on to what another gave it at the start, under a supervisor that restarts each alone.",
  check(cx) {
    for (const dependence of cx.read(dependences)) {
      const { supervisor, child, on, need } = dependence;
      if (!supervisor.strategyAt) continue;
      cx.report(supervisor.strategyAt, messageOf(dependence), {
        related: [
          { at: need.at, message: `\`${child.module}\` ${asks(dependence)} here` },
          { at: on.at, message: `\`${on.module}\` is started here` },
        ],
        fixes: [
          suggest("Restart what comes after it too: `:rest_for_one`", (source) => {
            const strategy = source.node(source.at);
            return strategy && [source.replace(strategy, ":rest_for_one")];
          }),
        ],
      });
    }
  },
});

function messageOf(dependence: Dependence): string {
  const { child, on } = dependence;
  return `When \`${on.module}\` crashes it restarts alone, and \`${child.module}\`, which ${asks(dependence)} when it starts, ${outcome(dependence)}; use \`:rest_for_one\`, or let \`${child.module}\` watch it.`;
}

function asks({ on, need, loses }: Dependence): string {
  switch (loses) {
    case "registration":
      return `registers with it (\`${need.call}\`)`;
    case "handle":
      return `keeps what \`${need.call}\` gives it`;
    case "monitor":
      return `monitors \`${on.module}\``;
    case "rows":
      return `writes to its table \`${need.target}\``;
  }
}

function outcome({ loses }: Dependence): string {
  switch (loses) {
    case "registration":
      return "is not known to the new one";
    case "handle":
      return "goes on with a dead process or table";
    case "monitor":
      return "watches the old one only";
    case "rows":
      return "does not write them again";
  }
}
