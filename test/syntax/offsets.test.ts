import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Node } from "../../server/src/syntax/ast.ts";
import { fileEnv } from "../../server/src/syntax/env.ts";
import { children } from "../../server/src/syntax/visit.ts";
import { shopFiles } from "../support/shop.ts";
import { show } from "../support/show.ts";
import { allNodes, read, reader } from "../support/syntax.ts";

/** What the source of a node must begin with. */
function beginning(node: Node): RegExp | string | null {
  switch (node.type) {
    case "call":
      return node.piped ? null : node.name === "" ? null : new RegExp(`^(?:.*\\.)?"?${escaped(node.name)}`, "s");
    case "variable":
    case "number":
      return node.type === "variable" ? node.name : node.text;
    case "attribute":
    case "attribute-set":
      return `@${node.name}`;
    case "alias":
      return /^(?:[A-Z]|__MODULE__)/;
    case "atom":
      return /^(?::|nil|true|false|[\w"@!?-]+:?$|.*:$)/s;
    case "string":
      return /^["']/;
    case "sigil":
      return `~${node.name}`;
    case "list":
      return node.bare ? /^(?:[\w"].*:)/s : "[";
    case "tuple":
      return /^[{A-Z_]/;
    case "map":
      return "%";
    case "bitstring":
      return "<<";
    case "fn":
      return /^(?:fn|\()/;
    case "capture":
    case "capture-argument":
    case "function-reference":
      return "&";
    case "def":
      return node.keyword;
    case "unary":
      return node.operator === "not" ? null : node.operator;
    default:
      return null;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function check(text: string, form: Node, path: string): void {
  for (const node of allNodes(form)) {
    const source = text.slice(node.start, node.end);
    const place = `${path}: ${node.type} ${JSON.stringify(source.slice(0, 80))}`;
    assert.ok(0 <= node.start && node.start <= node.end && node.end <= text.length, place);
    if (source === "") assert.ok(["block", "template"].includes(node.type), `${place} is empty`);
    // Exceptions: a template, and in it a clause of markup alone, whose body is empty.
    else if (node.type !== "template" && !/%>\s*$/.test(source)) assert.doesNotMatch(source, /^\s|\s$/, place);
    const begins = beginning(node);
    if (typeof begins === "string") assert.ok(source.startsWith(begins), place);
    else if (begins) assert.match(source, begins, place);
    if (node.type === "call") checkCall(node, text, place);
    if (node.type === "field") assert.ok(text.startsWith(node.name, node.nameStart), place);
    if (node.type === "sigil") assert.ok(text.startsWith(node.content, node.contentStart), place);
    if (node.type === "def" && node.name) assert.ok(text.startsWith(node.name, node.nameStart), place);
    let at = node.start;
    for (const child of children(node)) {
      assert.equal(child.parent, node, `${place}: parent of ${show(child)}`);
      assert.ok(node.start <= child.start && child.end <= node.end, `${place} does not hold ${show(child)}`);
      assert.ok(at <= child.start, `${place}: ${show(child)} begins before its neighbour ends`);
      // Exception: a `do` section spans all of `do … end`, its `else` included.
      if (child.type !== "section" || child.name !== "do") at = child.end;
    }
  }
}

function checkCall(node: Extract<Node, { type: "call" }>, text: string, place: string): void {
  const callee = text.slice(node.calleeStart, node.calleeEnd);
  assert.ok(node.start <= node.ownStart && node.ownStart <= node.calleeStart && node.calleeEnd <= node.end, place);
  assert.ok(callee.replaceAll('"', "").endsWith(node.name), `${place}: callee ${callee}`);
  if (node.piped) {
    assert.equal(node.args[0]?.start, node.start, `${place} begins with its piped value`);
    assert.match(text.slice(node.start, node.ownStart), /\|>\s*(?:#[^\n]*\n\s*)*$/, place);
  }
}

describe("every node of the shop stands where its source stands", () => {
  for (const [path, text] of shopFiles()) {
    it(path, () => {
      const file = path.endsWith(".heex") ? reader.readTemplate(text, "heex", fileEnv("code")) : read(text);
      for (const form of file.forms) {
        assert.ok(form.result, `${path}: a form does not parse`);
        check(text.slice(form.start, form.end), form.result.ast, path);
      }
    });
  }
});

it("every node of awkward source stands where its source stands", () => {
  const source = [
    "def f(x, y \\\\ %{a: 1}) when is_map(y) do",
    "  # note",
    '  x |> a("é😀" <> "#{b(y)}") |> # why',
    "    c.(fn z when z > 1 -> z; _ -> nil end)",
    '  %{x | "k" => [1, 2 | y], b: ~s(q #{x}), "c d": 1}',
    "  with {:ok, z} <- y, do: z, else: (_ -> :error)",
    "  x not in [1] and not y",
    '  Foo."bar baz"(x[:a].b, do: 1)',
    '  ~H"""',
    "  <p :for={z <- @zs} class={[@a, z.b]}>é {z.c |> d()}</p>",
    "  <%= case @a do %>",
    "    <% 1 -> %> one",
    "    <% z -> %> {z}",
    "  <% end %>",
    '  """',
    "rescue",
    "  e in [E] -> e",
    "end",
  ].join("\n");
  const [form] = read(source).forms;
  assert.ok(form?.result);
  check(source, form.result.ast, "awkward");
});
