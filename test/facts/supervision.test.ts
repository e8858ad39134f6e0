import { describe } from "node:test";
import type { ChildrenPart } from "../../server/src/facts/facts.ts";
import { clauseOf, modulesIn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

/** `Module` of a child, `Module(name)` when it is given one, `f/1` for a function; `?0.1` are the conditions. */
function shown(part: ChildrenPart): string {
  const branch = part.branch.length > 0 ? `?${part.branch.join(",")}` : "";
  if (part.kind === "unknown") return `unknown${branch}`;
  if (part.kind === "function") return `${part.name}/${part.args.length}${branch}`;
  const { arg } = part;
  const name = arg.kind === "keyword" ? arg.entries.find(([key]) => key === "name")?.[1] : undefined;
  return `${part.module}${name && "value" in name ? `(${name.value})` : ""}${branch}`;
}

/** The children of the supervisor that a function makes of its last line, which is a list. */
function childrenOf(lines: string): string {
  const end = lines.lastIndexOf("\n") + 1;
  const list = lines.slice(end);
  const body = `def start(env) do\n${lines.slice(0, end)}\nSupervisor.start_link(${list}, strategy: :one_for_one)\nend`;
  return (clauseOf(body, "use Application").supervision?.supervisors[0]?.children ?? []).map(shown).join(" ");
}

describe("how a child is written", () => {
  rows(
    [
      ["[A.Worker]", "A.Worker"],
      ["[{Task.Supervisor, name: A.Tasks}]", "Task.Supervisor(A.Tasks)"],
      ["[{Registry, keys: :unique, name: A.Names}]", "Registry(A.Names)"],
      ["[{Registry, [name: A.Names]}]", "Registry(A.Names)"],
      ["[%{id: :a, start: {A.Worker, :start_link, [[name: A.One]]}}]", "A.Worker(A.One)"],
      ["[%{id: :a, start: {GenServer, :start_link, [A.Worker, [], [name: A.One]]}}]", "A.Worker(A.One)"],
      ["[{:a, {A.Worker, :start_link, []}, :permanent, 5000, :worker, [A.Worker]}]", "A.Worker"],
      ["[Supervisor.child_spec({A.Worker, []}, id: :one)]", "A.Worker"],
      ["[A.Worker.child_spec(name: A.One)]", "A.Worker(A.One)"],
      ["[worker(A.Worker, [[name: A.One]]), supervisor(A.Tree, [])]", "A.Worker(A.One) A.Tree"],
      ["[spec(env)]", "spec/1"],
      ["[Other.spec(env)]", "unknown"],
      ["[env]", "unknown"],
    ] as const,
    childrenOf,
  );
});

describe("how a list is put together", () => {
  rows(
    [
      ["list = [A, B]\nlist ++ [C]", "A B C"],
      ["[A | more(env)]", "A more/1"],
      ["more", "more/0"],
      ["env", "unknown"],
      ["list = [A]\nlist = list ++ [B]\nlist", "A B"],
      ["list = if env, do: [A], else: [B, C]\nlist", "A?0.0 B?0.1 C?0.1"],
      ["list = case env do\n:test -> []\n_ -> [A]\nend\nlist", "A?0.1"],
      ["[A, env && B]", "A B?0.0"],
      ["Enum.filter([A, if(env, do: B)], & &1)", "A B?0.0"],
      ["Enum.reject([A], &is_nil/1)", "A"],
      ["Enum.reject([A], &(&1 in env.off))", "A"],
      ["Enum.reject([A], &off?(&1, env))", "A?0.0"],
      ["List.flatten([[A], B, [C]])", "A B C"],
      ["[A] |> Enum.concat([B]) |> Kernel.++([C])", "A B C"],
      ["Enum.map(env, &{A, &1})", "unknown"],
      ["for(x <- env, do: {A, x})", "unknown"],
      ["one = {B, env}\n[one, A]", "B A"],
    ] as const,
    (body) => childrenOf(body),
  );
});

describe("how a supervisor is made", () => {
  rows(
    [
      ["def init(_), do: Supervisor.init([A], strategy: :rest_for_one, max_restarts: 9)", "rest_for_one 9 A"],
      ["def init(_) do\nopts = [strategy: :one_for_all]\nSupervisor.init([A], opts)\nend", "one_for_all null A"],
      ["def init(_), do: {:ok, {%{strategy: :one_for_all, intensity: 1}, [A]}}", "one_for_all 1 A"],
      ["def init(_), do: supervise([A], strategy: :one_for_one)", "one_for_one null A"],
      ["def init(opts), do: Supervisor.init([A], opts)", "null null A"],
      ["def start_link(x), do: Supervisor.start_link(__MODULE__, x, name: __MODULE__)", ""],
      ["def start_link(x), do: Supervisor.start_link(A, x)", ""],
      ["defp children(x), do: [A, {B, x}]", "returns A B"],
      ["defp children(_), do: []", "returns "],
      ["defp metrics, do: [counter(1)]", ""],
    ] as const,
    (source) => {
      const facts = clauseOf(source, "use Supervisor").supervision;
      if (facts?.returns) return `returns ${facts.returns.map(shown).join(" ")}`;
      const [made] = facts?.supervisors ?? [];
      return made ? `${made.strategy} ${made.maxRestarts} ${made.children.map(shown).join(" ")}` : "";
    },
  );
});

describe("names that are used, and names that stand as values", () => {
  rows(
    [
      ["Task.Supervisor.start_child(A.Tasks, x)", "Task.Supervisor A.Tasks / "],
      ["Registry.lookup(A.Names, x)", "Registry A.Names / "],
      ["Finch.request(x, A.Http)", "Finch A.Http / "],
      ["{:via, Registry, {A.Names, x}}", "Registry A.Names / "],
      ["GenServer.call(A.Server, A.Message)", " / A.Message"],
      ["DynamicSupervisor.start_child(A.Pool, {A.Worker, x})", "DynamicSupervisor A.Pool / A.Worker"],
      ["Task.Supervisor.start_link(name: A.Tasks)", " / A.Tasks"],
      ["A.Server.get(%A.Struct{})", " / "],
      ["Process.whereis(A.Server)", " / "],
    ] as const,
    (body) => {
      const [module] = modulesIn(`defmodule M do\ndef f(x) do\n${body}\nend\nend\n`);
      const uses = module?.clauses[0]?.nameUses.map(({ kind, name }) => `${kind} ${name}`).join();
      return `${uses} / ${module?.mentions.join()}`;
    },
  );
  rows(
    [
      ["def f(x), do: GenServer.call(B.Server, B.Message)", "B.Message"],
      ["plug B.Plug, with: B.Value", "B.Plug B.Value"],
      ["use B.Macro, with: B.Value", "B.Value"],
      ["@tasks B.Tasks\ndef f(x), do: Task.Supervisor.children(@tasks)", ""],
      ["@tasks B.Tasks\ndef f(x), do: g(@tasks)", "B.Tasks"],
      ["alias B.C\ndef f(x), do: C.g(x)", ""],
    ] as const,
    (source) => modulesIn(`defmodule A do\n${source}\nend\n`)[0]?.mentions.join(" ") ?? "",
  );
});

describe("what is said of a child where it is written", () => {
  rows(
    [
      ["A", "null null null"],
      ["%{id: 1, start: {A, :f, []}, restart: :temporary, shutdown: 10, type: :worker}", "temporary 10 worker"],
      ["Supervisor.child_spec(A, restart: :transient, shutdown: x)", "transient ? null"],
      ["Supervisor.child_spec(%{id: 1, start: {A, :f, []}, restart: :temporary}, id: 2)", "temporary null null"],
      ["{:a, {A, :f, []}, :transient, :brutal_kill, :supervisor, [A]}", "transient brutal_kill supervisor"],
    ] as const,
    (child) =>
      (clauseOf(`def start(x), do: Supervisor.init([${child}], x)`).supervision?.supervisors[0]?.children ?? [])
        .map((part) => (part.kind === "child" ? `${part.restart} ${part.shutdown} ${part.type}` : part.kind))
        .join(),
  );
});

describe("the child that `child_spec/1` gives", () => {
  rows(
    [
      ["def child_spec(x), do: %{id: x, start: {A, :start_link, [x]}, restart: :temporary}", "A temporary"],
      ["def child_spec(x) do\nspec = %{id: x, start: {A, :start_link, [x]}}\nspec\nend", "A null"],
      ["def child_spec(x), do: B.child_spec(x)", "B null"],
      ["def child_spec(x), do: Map.put(super(x), :id, 1)", ""],
      ["def other(x), do: %{id: x, start: {A, :start_link, [x]}}", ""],
    ] as const,
    (text) =>
      (clauseOf(text).supervision?.returns ?? [])
        .map((part) => (part.kind === "child" ? `${part.module} ${part.restart}` : part.kind))
        .join(),
  );
});
