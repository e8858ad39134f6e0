import { type Edit, newFile } from "../lint/rule.ts";

/** What a metrics module of an application measures. */
export interface Measured {
  readonly module: string;
  readonly path: string;
  /** The repositories, by module. */
  readonly repos: readonly string[];
  readonly endpoint: boolean;
  readonly liveView: boolean;
}

/** A supervisor that polls the virtual machine and lists the metrics of what the application's libraries measure. */
export function telemetryModule({ module, path, repos, endpoint, liveView }: Measured): Edit {
  const metrics = [
    ...(endpoint ? [summary("phoenix.endpoint.stop.duration")] : []),
    ...(liveView
      ? [summary("phoenix.live_view.mount.stop.duration"), summary("phoenix.live_view.handle_event.stop.duration")]
      : []),
    ...repos.flatMap((repo) => [
      summary(`${eventOf(repo)}.query.total_time`),
      summary(`${eventOf(repo)}.query.queue_time`),
    ]),
    'summary("vm.memory.total", unit: {:byte, :kilobyte})',
    'summary("vm.total_run_queue_lengths.total")',
  ];
  return newFile(
    path,
    `defmodule ${module} do
  use Supervisor

  import Telemetry.Metrics

  def start_link(arg), do: Supervisor.start_link(__MODULE__, arg, name: __MODULE__)

  @impl true
  def init(_arg) do
    children = [
      {:telemetry_poller, measurements: [], period: :timer.seconds(10)},
      {Telemetry.Metrics.ConsoleReporter, metrics: metrics()}
    ]

    Supervisor.init(children, strategy: :one_for_one)
  end

  def metrics do
    [
      ${metrics.join(",\n      ")}
    ]
  end
end
`,
  );
}

function summary(event: string): string {
  return `summary("${event}", unit: {:native, :millisecond})`;
}

/** Ecto's default: `Shop.Repo` measures under `[:shop, :repo]`. */
function eventOf(repo: string): string {
  return repo.split(".").map(underscored).join(".");
}

function underscored(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}
