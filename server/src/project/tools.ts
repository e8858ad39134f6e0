import type { ModuleFacts } from "../facts/facts.ts";

const TOOLS = /(?:^|[._])(?:iex|debug|mock|fake|bench)/i;
/** `Shop.Dev`, `Shop.DevConsole`, but no `Shop.Device`. */
const FOR_DEVELOPERS = /(?:^|\.)Dev(?:[A-Z]\w*)?$/;

/** True for tools of a console, and for stand-ins: nobody waits for them, and they run by hand, or at their developers' only. */
export function isTool({ name }: Pick<ModuleFacts, "name">): boolean {
  return TOOLS.test(name) || FOR_DEVELOPERS.test(name);
}
