import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "lib/shop_web/live/parcel_live";

/** A LiveView that keeps every row of a table, and the template beside it that lists them. */
export const MODULE = `defmodule ShopWeb.ParcelLive.Index do
  use Phoenix.LiveView
  alias Shop.{Parcel, Repo}

  @impl true
  def mount(_params, _session, socket) do
    {:ok, assign(socket, :parcels, Repo.all(Parcel))}
  end
end
`;
export const TEMPLATE = `<ul>
  <li :for={parcel <- @parcels}>{parcel.code}</li>
</ul>
`;
const SCHEMA = `defmodule Shop.Parcel do
  use Ecto.Schema

  schema "parcels" do
    field :code, :string
  end
end
`;

/** The title of the code action that turns the list into a stream. */
export const MAKE_STREAM = "Make `parcels` a stream";
export const STREAMED_MODULE = MODULE.replace("assign(socket", "stream(socket");
export const STREAMED_TEMPLATE = `<ul id="parcels" phx-update="stream">
  <li :for={{dom_id, parcel} <- @streams.parcels} id={dom_id}>{parcel.code}</li>
</ul>
`;

/** Where they were put. */
export interface ListedParcels {
  readonly module: string;
  readonly template: string;
  readonly schema: string;
  /** Of the finding, from 1. */
  readonly line: number;
  readonly column: number;
}

/** Puts them into a copy of the shop. */
export function addListedParcels(workspace: string): ListedParcels {
  const module = join(workspace, FOLDER, "index.ex");
  const template = join(workspace, FOLDER, "index.html.heex");
  mkdirSync(join(workspace, FOLDER), { recursive: true });
  writeFileSync(module, MODULE);
  writeFileSync(template, TEMPLATE);
  const schema = join(workspace, "lib/shop/parcel.ex");
  writeFileSync(schema, SCHEMA);
  const line = MODULE.split("\n").findIndex((text) => text.includes(":parcels"));
  return { module, template, schema, line: line + 1, column: (MODULE.split("\n")[line]?.indexOf(":parcels") ?? 0) + 1 };
}
