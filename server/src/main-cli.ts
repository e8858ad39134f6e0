import { Argument, Command, Option } from "commander";
import packageJson from "../../package.json";
import { SEVERITIES } from "./base/diagnostic.ts";
import { baseline } from "./cli/baseline.ts";
import { type CheckOptions, check, FORMATS } from "./cli/check.ts";
import { fix } from "./cli/fix.ts";
import { GRAPH_FORMATS, GRAPHS, type GraphOptions, graph } from "./cli/graph.ts";
import { explain, listRules } from "./cli/rules.ts";
import { UsageError } from "./cli/usage-error.ts";
import type { GraphKind } from "./lint/session.ts";
import { createSession } from "./main-engine.ts";

const started = performance.now();
const log = (message: string): void => void process.stderr.write(`${message}\n`);
const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
const ruleOption = (): Option =>
  new Option("--rule <id>", "only this rule (may be repeated)").argParser(collect).default([]);

const program = new Command("lintel")
  .description("Finds the Elixir code that passes every test and fails in production.")
  .version(packageJson.version)
  .exitOverride()
  .showHelpAfterError("(lintel --help lists the commands)");

program
  .command("check", { isDefault: true })
  .description("print what is found; exit status 0 clean or hints only, 1 findings, 2 wrong usage or configuration")
  .argument("[targets...]", "a folder, or files (default: this folder)")
  .addOption(new Option("--format <format>", "how to print").choices(FORMATS).default("text"))
  .addOption(ruleOption())
  .addOption(
    new Option(
      "--severity <severity>",
      "show this and worse only, and fail by it (default: show all, fail by information)",
    ).choices(SEVERITIES),
  )
  .option("--opt-in", "look by the rules that are off by default, too")
  .option("--no-baseline", "report what the baseline records, too")
  .option("--timing", "print the time that each rule took")
  .action(async (targets: string[], options: CheckOptions & { timing?: boolean; optIn?: boolean }) => {
    const timing = options.timing ? new Map<string, number>() : null;
    const session = await createSession(log, timing, options.optIn);
    process.exitCode = await check(session, targets, options, packageJson.version, started);
    for (const [rule, time] of [...(timing ?? [])].sort((a, b) => b[1] - a[1]))
      log(`${time.toFixed(1).padStart(8)} ms  ${rule}`);
  });

program
  .command("fix")
  .description("apply all fixes; suggestions are left to you")
  .argument("[targets...]", "a folder, or files (default: this folder)")
  .addOption(ruleOption())
  .option("--dry-run", "print the changes as a patch and write nothing", false)
  .action(async (targets: string[], options: { dryRun: boolean; rule: string[] }) => {
    process.exitCode = await fix(await createSession(log, null), targets, options);
  });

program
  .command("explain")
  .description("print the page of a rule")
  .addArgument(new Argument("<rule>", "its id, such as ecto/n-plus-one-query"))
  .action(async (id: string) => explain(await createSession(log, null), id));

program
  .command("rules")
  .description("list all rules")
  .addOption(new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"))
  .action(async ({ format }: { format: string }) => listRules(await createSession(log, null), format === "json"));

program
  .command("graph")
  .description("print what is known of a project as a graph")
  .addArgument(new Argument("<kind>", "which one").choices(GRAPHS))
  .argument("[folder]", "the project (default: this folder)")
  .addOption(new Option("--format <format>", "how to print").choices(GRAPH_FORMATS).default("mermaid"))
  .option("--focus <module>", "only what concerns this module, in more detail")
  .action(async (kind: GraphKind, folder: string | undefined, options: GraphOptions) =>
    graph(await createSession(log, null), kind, folder, options),
  );

program
  .command("baseline")
  .description("record today's findings, so that only new ones are reported")
  .argument("[targets...]", "a folder (default: this folder)")
  .action(async (targets: string[]) => {
    process.exitCode = await baseline(await createSession(log, null), targets);
  });

program.parseAsync().catch((error: unknown) => {
  if (error instanceof UsageError) log(`lintel: ${error.message}`);
  else if (isCommanderError(error)) {
    // Commander has printed its message; help and version are no errors.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  } else log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 2;
});

function isCommanderError(error: unknown): error is { exitCode: number } {
  return error instanceof Error && "exitCode" in error;
}
