/*
 * 20 public projects (1.3 million lines) have 143 lines a file, and 36 % of their lines are tests. The shop is a sample and
 * has 44 and 6 %: its functions are repeated within each file, and its tests as files, to come to about that.
 */
const FUNCTION_COPIES = 3;
const TEST_COPIES = 20;

const FUNCTIONS = /^ {2}defp? [^\n]* do\n[\s\S]*?^ {2}end\n/gm;

/** `copies` of the shop in one project, each under names of its own. */
export function generateProject(shop: ReadonlyMap<string, string>, copies: number): Map<string, string> {
  const out = new Map<string, string>();
  for (let i = 0; i < copies; i++) {
    for (const [path, text] of shop) {
      const renamed = grown(path, text)
        .replace(/\bShop/g, `Shop${i}x`)
        .replace(/:shop\b/g, `:shop${i}x`);
      const target = path.replace("/app/", `/app/apps/shop${i}x/`);
      for (let n = 0; n < (path.endsWith("_test.exs") ? TEST_COPIES : 1); n++) {
        const again = n === 0 ? renamed : renamed.replace(/^(defmodule \S+)Test\b/m, `$1${n}Test`);
        out.set(n === 0 ? target : target.replace("_test.exs", `_${n}_test.exs`), again);
      }
    }
  }
  return out;
}

/** The file with its functions several times, under other names. */
function grown(path: string, text: string): string {
  if (!path.endsWith(".ex")) return text;
  let more = "";
  for (let n = 2; n <= FUNCTION_COPIES; n++) {
    more += (text.match(FUNCTIONS) ?? []).map((f) => `\n${f.replace(/^( {2}defp? )(\w+)/, `$1$2_${n}`)}`).join("");
  }
  return text.replace(/\nend\n$/, `\n${more}end\n`);
}

/** A template of about `lines` lines: forms, tables and blocks, as a page has them that has grown. */
export function generateTemplate(lines: number): string {
  const part = (i: number): string => `<section id="part-${i}" class={["box", @active == ${i} && "open"]}>
  <h2>{gettext("Part %{n}", n: ${i})}</h2>
  <.form :let={f} for={@form_${i}} phx-change="change_${i}" phx-submit="save_${i}">
    <.input field={f[:name]} label="Name" phx-debounce="300" />
    <input type="text" name="note" value={@note_${i}} phx-debounce="300">
    <button type="submit" disabled={not @form_${i}.source.valid?}>Save</button>
  </.form>
  <table>
    <tr :for={row <- @rows_${i}} :key={row.id} id={"row-#{row.id}"} class={if row.late, do: "late"}>
      <td>{row.name}</td>
      <td>{Calendar.strftime(row.due, "%x")}</td>
      <td><.link navigate={~p"/rows/#{row}"}>Show</.link></td>
    </tr>
  </table>
  <%= if @more_${i} do %>
    <p>{ngettext("one more", "%{count} more", @more_${i})}</p>
  <% else %>
    <p>That is all.</p>
  <% end %>
</section>
`;
  const height = part(0).split("\n").length - 1;
  return Array.from({ length: Math.ceil(lines / height) }, (_, i) => part(i)).join("");
}

/** One module of about `lines` lines, made of the functions of the shop's contexts. */
export function generateFile(shop: ReadonlyMap<string, string>, lines: number): string {
  const functions = [...shop.entries()]
    .filter(([path]) => path.endsWith(".ex"))
    .flatMap(([, text]) => text.match(FUNCTIONS) ?? []);
  const header = "defmodule Shop.Large do\n  import Ecto.Query\n  alias Shop.Repo\n\n";
  let body = "";
  let count = 4;
  for (let i = 0; count < lines; i++) {
    const next = (functions[i % functions.length] ?? "").replace(/^( {2}defp? )(\w+)/, `$1$2_${i}`);
    body += `${next}\n`;
    count += next.split("\n").length;
  }
  return `${header}${body}end\n`;
}
