import type { ModuleFacts } from "../facts/facts.ts";

const TOOLS = /(?:^|[._])(?:iex|debug|mock|fake|bench)/i;

/** True for tools of a console, and for stand-ins: nobody waits for them, and they run by hand. */
export function isTool({ name }: Pick<ModuleFacts, "name">): boolean {
  return TOOLS.test(name);
}
