import type { Edit, FormSource } from "../lint/rule.ts";

/** Gives the call that the diagnostic covers one more argument, which says how it is undone. */
export function wayBack(argument: string): (source: FormSource) => readonly Edit[] | null {
  return (source) => {
    const call = source.node(source.at);
    const last = call?.type === "call" ? call.args.at(-1) : undefined;
    return last ? [source.insertAfter(last, `, ${argument}`)] : null;
  };
}
