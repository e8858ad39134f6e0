# Runs pairs of modules, each before and after a rewriting, on the same rows: `elixir rows.exs SOCKET-FOLDER USER PAIRS-FOLDER`.
# Each `1.before.ex` and `1.after.ex` defines a module with a function `run/0`. Prints a line for each pair: its number, what
# the one gave and what the other, or how it failed; both in Base 64.
[socket, user, folder] = System.argv()
Logger.configure(level: :error)
{:ok, _} = Application.ensure_all_started(:postgrex)
{:ok, _} = Application.ensure_all_started(:ecto_sql)

Application.put_env(:rows, Depot.Repo,
  socket_dir: socket,
  username: user,
  database: "postgres",
  pool_size: 1,
  log: false
)

defmodule Depot.Repo do
  use Ecto.Repo, otp_app: :rows, adapter: Ecto.Adapters.Postgres
end

defmodule Depot.Parcel do
  use Ecto.Schema

  schema "parcels" do
    field :name, :string
    field :note, :string
    field :grams, :integer
    field :limit_grams, :integer
    field :price, :decimal
    field :paid, :boolean
    field :free, :boolean
    field :sent_on, :date
    field :sent_at, :utc_datetime
    field :due_at, :naive_datetime
    field :meta, :map
    field :tags, {:array, :string}
    field :sizes, {:array, :integer}
    field :depot_id, :integer
  end
end

{:ok, _} = Depot.Repo.start_link()

Depot.Repo.query!("""
CREATE TABLE parcels (
  id bigserial PRIMARY KEY, name text, note varchar(40), grams integer, limit_grams integer, price numeric(8, 2),
  paid boolean, free boolean, sent_on date, sent_at timestamp, due_at timestamp, meta jsonb, tags text[],
  sizes integer[], depot_id bigint
)
""")

# NULLs everywhere, ties, mixed case, LIKE's own signs, JSON's null beside absent keys, and moments around now.
Depot.Repo.query!("""
INSERT INTO parcels (name, note, grams, limit_grams, price, paid, free, sent_on, sent_at, due_at, meta, tags, sizes, depot_id) VALUES
  ('Ball', 'fragile', 500, 1000, 4.50, true, false, '2024-03-01', '2024-03-01 10:00:00', now() at time zone 'utc' - interval '3 days',
    '{"kind": "toy", "rank": 1, "size": {"w": "3", "h": null}}', '{red,blue}', '{1,2}', 1),
  ('ball', NULL, 500, 500, 4.50, false, NULL, '2024-03-01', '2024-03-01 10:00:00', now() at time zone 'utc' - interval '10 days',
    '{"kind": "tool", "rank": "1"}', '{}', '{}', 1),
  ('Lamp', 'f%', NULL, 700, NULL, NULL, true, NULL, NULL, NULL, '{"kind": null}', NULL, NULL, 2),
  (NULL, 'Fragile', 1500, NULL, 12.00, true, NULL, '2024-02-29', '2024-02-29 23:59:59', now() at time zone 'utc' + interval '3 days',
    '{}', '{Red,NULL}', '{2,NULL}', 2),
  ('Sofa 100%', 'a_b', 90000, 90000, 499.99, NULL, NULL, '2024-03-02', '2024-03-02 00:00:00', now() at time zone 'utc' + interval '10 days',
    NULL, '{blue}', '{3}', NULL),
  ('sofa', '', 1500, 2000, 12.00, false, false, NULL, '2024-03-01 23:30:00', now() at time zone 'utc',
    '{"kind": "toy", "size": {"w": 3}}', '{red}', '{1}', NULL),
  ('Zebra', 'fragile', 0, 0, 0.00, true, true, '2024-03-01', NULL, now() at time zone 'utc' - interval '8 days',
    '{"kind": "", "size": null}', '{blue,red}', '{2,1}', 3),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
""")

said = fn path ->
  try do
    [{module, _} | _] = Code.compile_file(path)
    inspect(module.run(), limit: :infinity, printable_limit: :infinity, charlists: :as_lists)
  rescue
    error -> "** " <> inspect(error.__struct__) <> " " <> Exception.message(error)
  end
end

Code.compiler_options(ignore_module_conflict: true)

for before <- Path.wildcard(Path.join(folder, "*.before.ex")) do
  number = Path.basename(before, ".before.ex")
  answers = [said.(before), said.(String.replace(before, ".before.", ".after."))]
  IO.puts(Enum.join(["ANSWER", number | Enum.map(answers, &Base.encode64/1)], " "))
end
