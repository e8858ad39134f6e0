/** A pseudo-random number generator with a seed (mulberry32), so that a failing run can be repeated. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface RandomEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What people type: characters, and pieces that open, close or break things. */
const PIECES = [
  "a",
  "x",
  " ",
  "\n",
  "\n\n",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  '"',
  "'",
  '"""',
  "#",
  "# note\n",
  "do",
  "end",
  "\nend\n",
  " do\n",
  "fn ",
  "->",
  "|>",
  " |> ",
  "&",
  "@",
  ":",
  ",",
  ".",
  "+",
  "-",
  "..",
  "=",
  "<-",
  "|",
  "\\\\",
  ";",
  "nil",
  "true",
  '~H"""\n<p>{@x}</p>\n"""',
  "~s(a)",
  "<%= @a %>",
  "é",
  "😀",
  "\t",
  "\r\n",
  "  def added(x), do: Repo.get(User, x)\n",
  "  defp helper(y) do\n    Enum.map(y, fn z -> Repo.one(z) end)\n  end\n",
  "  alias A.B\n",
  "  alias Shop.{Repo, Catalog}\n",
  "  import Ecto.Query\n",
  "  use GenServer\n",
  "  use ShopWeb, :live_view\n",
  "  @attr :value\n",
  '  @doc "text"\n',
  "defmodule Extra do\n  def one, do: 1\nend\n",
  "    Repo.preload(x, :y)\n",
  "    socket = assign(socket, :a, 1)\n",
  "    add :thing_id, references(:things)\n",
  "    create index(:things, [:thing_id])\n",
  "  # lintel:disable-for-next-line ecto/n-plus-one-query\n",
  "# lintel:disable-for-this-file ecto/preload-in-loop -- why\n",
  "  defmacro __using__(_) do\n    quote do\n      use GenServer\n    end\n  end\n",
];

/** One random edit of a text: typing, deleting, pasting from elsewhere in it, breaking and mending syntax. */
export function randomEdit(text: string, next: () => number): RandomEdit {
  const at = Math.floor(next() * (text.length + 1));
  const piece = PIECES[Math.floor(next() * PIECES.length)] as string;
  if (next() < 0.4) return harmless(text, at, next);
  const kind = next();
  if (kind < 0.45) return { start: at, end: at, text: piece };
  if (kind < 0.65) return { start: at, end: Math.min(text.length, at + 1 + Math.floor(next() * 3)), text: "" };
  if (kind < 0.72) return { start: at, end: Math.min(text.length, at + Math.floor(next() * 200)), text: "" };
  if (kind < 0.82) {
    const from = Math.floor(next() * text.length);
    return { start: at, end: at, text: text.slice(from, from + Math.floor(next() * 300)) };
  }
  if (kind < 0.92) {
    // Whole lines move: the edits that editors make when a line is duplicated or cut.
    const line = text.lastIndexOf("\n", at - 1) + 1;
    const next_ = text.indexOf("\n", at);
    const end = next_ < 0 ? text.length : next_ + 1;
    return next() < 0.5 ? { start: line, end, text: "" } : { start: line, end: line, text: text.slice(line, end) };
  }
  return { start: at, end: Math.min(text.length, at + Math.floor(next() * 20)), text: piece };
}

/** A letter more in a word, a space more or less between words, a statement or comment on a line of its own. */
function harmless(text: string, at: number, next: () => number): RandomEdit {
  const kind = next();
  const word = /[a-z]\w/g;
  word.lastIndex = at;
  const inWord = (word.exec(text)?.index ?? 0) + 1;
  if (kind < 0.5) return { start: inWord, end: inWord, text: "z" };
  const line = text.indexOf("\n", at) + 1;
  const indent = /^[ ]*/.exec(text.slice(line))?.[0] ?? "";
  const statement = ["# a comment", "IO.puts(1)", "Repo.get(User, id)", "x = 1", "Enum.map(xs, &Repo.preload(&1, :a))"];
  return { start: line, end: line, text: `${indent}${statement[Math.floor(next() * statement.length)]}\n` };
}

/**
 * An edit that adds, removes or rewires a call between files: a call of a function that some file defines, put on a line of
 * its own, or in the place of another call; or the name of a function changed where it is defined.
 */
export function rewiringEdit(text: string, texts: Iterable<string>, next: () => number): RandomEdit {
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)];
  const callees = [...texts].flatMap((other) => {
    const module = /defmodule ([\w.]+)/.exec(other)?.[1];
    return module ? [...other.matchAll(/^ {2}defp? (\w+[?!]?)\(/gm)].map((def) => `${module}.${def[1]}`) : [];
  });
  const callee = one(callees) ?? "Shop.Repo.all";
  const kind = next();
  if (kind < 0.3) {
    const calls = [...text.matchAll(/\b[A-Z][\w.]*\.[a-z]\w*(?=\()/g)];
    const call = one(calls);
    if (call) return { start: call.index, end: call.index + call[0].length, text: callee };
  }
  if (kind < 0.45) {
    const name = one([...text.matchAll(/(?<=^ {2}defp? )[a-z]\w*/gm)]);
    const other = one(callees)?.split(".").at(-1) ?? "other";
    if (name) return { start: name.index, end: name.index + name[0].length, text: other };
  }
  const lines = [...text.matchAll(/^ {4}\S.*\n/gm)];
  const line = one(lines);
  if (!line) return { start: 0, end: 0, text: "" };
  if (kind < 0.6) return { start: line.index, end: line.index + line[0].length, text: "" };
  const call = one([
    `    ${callee}(x)\n`,
    `    Enum.each(xs, fn x -> ${callee}(x) end)\n`,
    `    Enum.map(xs, &${callee}/1)\n`,
    `    Task.async(fn -> ${callee}(x) end)\n`,
    `    ${callee}(fn -> ${one(callees)}(x) end)\n`,
  ]) as string;
  return { start: line.index, end: line.index, text: call };
}
