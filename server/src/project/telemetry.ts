import type { CallFact, ModuleFacts } from "../facts/facts.ts";
import { isTest } from "./calls/call-graph.ts";
import { clausesCalling, namesCalled } from "./calls/calling.ts";
import { packages } from "./packages.ts";
import type { View } from "./project.ts";

/** Packages that watch an application, or take what it measures. */
const WATCHES =
  /^(?:telemetry_(?:metrics|poller|ui|registry)|opentelemetry|opentelemetry_\w+|appsignal\w*|new_relic\w*|newrelic\w*|sentry|prom_ex|prometheus\w*|peep|spandex\w*|datadog\w*|ddtrace|scout_apm|instrumental|honeybadger|tower\w*|error_tracker|rollbax|bugsnag|elixometer|exometer\w*|statix|instruments?|beam_stats|logster|live_dashboard_history|observer_cli|orion|apm\w*|elastic_apm)$/;

/**
 * True when something in the project listens to what its libraries measure: it attaches a handler, defines metrics, or
 * depends on a package that does.
 */
export const isWatched: View<boolean> = {
  name: "is-watched",
  slices: ["packages", "functions", "uses"],
  compute(facts) {
    return facts.read(packages).names.some((name) => WATCHES.test(name)) || facts.where(listens).length > 0;
  },
};

function listens(module: ModuleFacts): boolean {
  if (isTest(module)) return false;
  return (
    module.bringingForms.some(({ modules }) => modules.some(isMetrics)) ||
    namesCalled(module).some(isMetrics) ||
    clausesCalling(module, ":telemetry").some(({ calls }) => calls.some(attaches))
  );
}

function attaches({ module, name }: CallFact): boolean {
  return module === ":telemetry" && /^attach(?:_many)?$/.test(name);
}

function isMetrics(name: string): boolean {
  return /^(?:Telemetry\.|TelemetryMetrics|OpenTelemetry|Sentry|Appsignal|NewRelic|PromEx|Prometheus)/.test(name);
}
