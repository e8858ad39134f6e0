import type { CallFact } from "../../facts/facts.ts";
import { isSelfShape, type Shape } from "../../facts/shape.ts";

/** The message that a call sends at once to the process that makes it: `send(self(), :load)`; null for other calls. */
export function sentToSelf({ module, name, args: [to, message] }: CallFact): Shape | null {
  const sends = name === "send" && (module === null || module === "Kernel" || module === "Process");
  return sends && message && isSelfShape(to) ? message : null;
}
