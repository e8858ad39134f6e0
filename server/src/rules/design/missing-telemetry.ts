import { projectRule, suggest } from "../../lint/rule.ts";
import { repos } from "../../project/database/repos.ts";
import { packages } from "../../project/packages.ts";
import { supervisors } from "../../project/processes/supervision.ts";
import { isWatched } from "../../project/telemetry.ts";
import { addPackages } from "../../refactor/add-packages.ts";
import { insertChild } from "../../refactor/children-list.ts";
import { telemetryModule } from "../../refactor/telemetry-module.ts";

const PACKAGES = ['{:telemetry_metrics, "~> 1.1"}', '{:telemetry_poller, "~> 1.2"}'];
const QUERIES = "how long queries take and wait for a connection";
const LIVE = "how long a LiveView takes to mount and to answer";

export default projectRule({
  id: "design/missing-telemetry",
  category: "design",
  severity: "hint",
  since: "0.1.0",
  // telemetry_metrics 0.2 asks for it; before, `:telemetry` had other names.
  requires: { telemetry: "0.4.0" },
  summary: "An application that nobody watches: its users are the first to notice slow queries and full mailboxes.",
  check(cx) {
    const { names, mix } = cx.read(packages);
    const [application, other] = cx.read(supervisors).filter((supervisor) => supervisor.application);
    if (!mix || mix.published || mix.example || !application || other || cx.read(isWatched)) return;
    const repositories = application.children.map((child) => child.module).filter(cx.read(repos));
    const endpoint = application.children.some((child) => child.module.endsWith("Endpoint"));
    const liveView = endpoint && names.includes("phoenix_live_view");
    const measured = [...(repositories.length > 0 ? [QUERIES] : []), ...(liveView ? [LIVE] : [])];
    if (measured.length === 0) return;
    const module = `${application.module.replace(/\.[^.]+$/, "")}.Telemetry`;
    const list = mix.deps?.list;
    const [first] = application.children;
    const can = list && first && cx.named(module).length === 0;
    cx.report(
      application.at,
      `\`${application.module}\` starts nothing that listens to telemetry, and no package of \`mix.exs\` does: ${measured.join(", and ")}, is measured and lost; define metrics, or attach a handler with \`:telemetry.attach/4\`.`,
      {
        fixes: can
          ? [
              suggest(`Write \`${module}\` and start it`, (source) => {
                const child = insertChild(module, "before", source.elsewhere(first.at));
                const added = addPackages(source.elsewhere(list), ...PACKAGES);
                const file = telemetryModule({
                  module,
                  path: source.path.replace(/[^/]+$/, "telemetry.ex"),
                  repos: repositories,
                  endpoint,
                  liveView,
                });
                return child && added && [file, ...child, ...added];
              }),
            ]
          : [],
      },
    );
  },
});
