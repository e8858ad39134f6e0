/** What `ecto/filter-in-memory` rewrites: the body of a function, and whether the database gives the same. */
export const LOADED_ROWS: readonly (readonly [body: string, same: boolean])[] = [
  ["Parcel |> Repo.all() |> length()", true],
  ["Enum.count(Repo.all(from p in Parcel, where: is_nil(p.name)))", true],
  ["Enum.empty?(Repo.all(Parcel))", true],
  ['Enum.any?(Repo.all(from p in Parcel, where: p.name == "Yak"))', true],
  ['Repo.all(from p in Parcel, where: p.name == "Yak") == []', true],
  ["Repo.all(Parcel) != []", true],
  ["not Enum.empty?(Repo.all(Parcel))", true],
  ...filtered("& &1.paid"),
  ...filtered("fn parcel -> parcel.paid == true and parcel.free == nil end"),
  ...filtered('&(&1.paid && &1.name == "Ball")'),
  ...filtered("&is_nil(&1.note)"),
  ...filtered("fn parcel -> parcel.name == nil and is_nil(parcel.grams) end"),
  ...filtered('&(&1.name == "ball")'),
  ...filtered("fn %{} = parcel -> parcel.grams == 500 end"),
  ...filtered("&(&1.paid == false)"),
  ...filtered("&(&1.sent_on == ~D[2024-03-01])"),
  ['name = "ball"\n    Parcel |> Repo.all() |> Enum.filter(&(&1.name == name)) |> Enum.map(& &1.id)', true],
  // Ecto refuses to compare with nil.
  ["name = nil\n    Parcel |> Repo.all() |> Enum.filter(&(&1.name == name)) |> Enum.map(& &1.id)", false],
  ["Parcel |> Repo.all() |> Enum.filter(&(&1.grams == 500)) |> length()", true],
  ["Parcel |> Repo.all() |> Enum.sort_by(& &1.grams) |> Enum.take(3) |> Enum.map(& &1.grams)", true],
  ["Parcel |> Repo.all() |> Enum.sort_by(& &1.id) |> Enum.take(3) |> Enum.map(& &1.id)", true],
  // In Elixir nil comes before texts, and rows with the same key stay as they were.
  ["Parcel |> Repo.all() |> Enum.sort_by(& &1.name) |> Enum.take(3) |> Enum.map(& &1.name)", false],
];

const RAW = "SELECT id, grams FROM parcels";

/** What `ecto/raw-sql-query` rewrites. */
export const RAW_SQL: readonly (readonly [body: string, same: boolean])[] = [
  [`Repo.query!("${RAW} ORDER BY id").rows`, true],
  [`Repo.query!("${RAW} p WHERE p.name = 'ball' AND paid = false", []).rows`, true],
  [`Repo.query!("${RAW} WHERE grams >= $2 AND name <> $1 ORDER BY grams DESC, id LIMIT 2", ["sofa", 500]).rows`, true],
  [`Repo.query!("${RAW} WHERE name IS NULL AND grams IS NOT NULL").rows`, true],
  // A query refuses to compare with nil.
  [`Repo.query!("${RAW} WHERE grams = $1", [nil]).rows`, false],
  ...subselect(`fragment("EXISTS (SELECT 1 FROM parcels x WHERE x.depot_id = ? AND x.grams > 600)", p.depot_id)`),
  ...subselect(`fragment("NOT EXISTS (SELECT * FROM parcels x WHERE x.id <> ? AND x.grams = ?)", p.id, p.grams)`),
  ...subselect(`fragment("exists(select 1 from parcels where name = ?)", ^"ball") and p.paid`),
  ...subselect(`^"Ball" in fragment("SELECT name FROM parcels x WHERE x.depot_id = ?", p.depot_id)`),
  ...subselect(`fragment("(SELECT x.grams FROM parcels x WHERE x.id = ?)", p.id) == 500`),
];

/** As a condition, and negated where the row has a name. */
function subselect(condition: string): [string, boolean][] {
  return [
    [`Repo.all(from p in Parcel, where: ${condition}, order_by: p.id, select: p.id)`, true],
    [`Repo.all(from p in Parcel, as: :outer, where: not (${condition}), order_by: p.id, select: p.id)`, true],
  ];
}

/** Piped and nested. */
function filtered(closure: string): [string, boolean][] {
  return [
    [`Parcel |> Repo.all() |> Enum.filter(${closure}) |> Enum.map(& &1.id)`, true],
    [`Enum.filter(Repo.all(from p in Parcel, where: p.id > 1), ${closure}) |> Enum.map(& &1.id)`, true],
  ];
}
