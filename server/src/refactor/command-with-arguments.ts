import type { Edit, FormSource } from "../lint/rule.ts";
import { find } from "../syntax/visit.ts";

/**
 * `System.cmd("convert", [path, "-strip"])` for `System.shell("convert #{path} -strip")`. Null where the text is more than words
 * and values that are words of their own: quotes, pipes, variables of the shell.
 */
export function commandWithArguments(source: FormSource): Edit[] | null {
  const call = find(source.ast, (n) => n.type === "call" && n.ownStart === source.at.start && n.end === source.at.end);
  const command = call?.type === "call" ? call.args[0] : undefined;
  if (call?.type !== "call" || call.piped || command?.type !== "string" || command.charlist) return null;
  const text = source.text(command);
  if (text.startsWith('"""')) return null;
  let [words, at] = ["", command.start + 1];
  const values: string[] = [];
  for (const part of command.parts) {
    words += `${source.between(at, part.start - 2)}\u0000`;
    values.push(source.text(part));
    at = part.end + 1;
  }
  words += source.between(at, command.end - 1);
  const [program, ...rest] = words.trim().split(/ +/);
  if (!program || /[^\w./-]/.test(program) || rest.some((word) => word !== "\u0000" && !/^[\w./=:,@%+-]+$/.test(word)))
    return null;
  const list = rest.map((word) => (word === "\u0000" ? values.shift() : `"${word}"`)).join(", ");
  return [
    source.replace({ start: call.calleeStart, end: call.calleeEnd }, "System.cmd"),
    source.replace(command, `"${program}", [${list}]`),
  ];
}
