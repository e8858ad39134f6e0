import type { Call } from "../syntax/ast.ts";
import { type Shape, shapeOf } from "./shape.ts";

/** A variable, and the call of `Keyword.get` that gives what it holds. */
export type OptionRead = readonly [name: string, read: Shape];

const NONE: readonly OptionRead[] = [];

/** The variables that hold an option, read by a name that is written out. */
export function optionsIn(calls: readonly Call[]): readonly OptionRead[] {
  const found = calls.flatMap((call): OptionRead[] => {
    const { module, name, args, parent } = call;
    if (module !== "Keyword" || name !== "get" || args[1]?.type !== "atom") return [];
    if (parent?.type !== "binary" || parent.operator !== "=" || parent.left.type !== "variable") return [];
    return [[parent.left.name, shapeOf(call)]];
  });
  return found.length > 0 ? found : NONE;
}
