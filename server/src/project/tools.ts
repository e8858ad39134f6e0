import type { ModuleFacts } from "../facts/facts.ts";

const TOOLS = /(?:^|[._])(?:iex|debug|mock|fake|bench)/i;
/** `Shop.Dev`, `Shop.DevConsole`, but no `Shop.Device`. */
const FOR_DEVELOPERS = /(?:^|\.)Dev(?:[A-Z]\w*)?$/;

/** True for tools of a console, and for stand-ins: nobody waits for them, and they run by hand, or at their developers' only. */
export function isTool({ name }: Pick<ModuleFacts, "name">): boolean {
  return TOOLS.test(name) || FOR_DEVELOPERS.test(name);
}

/** `Shop.Backfill.Prices`, `backfill_prices/0`: written for one run, which somebody looks at. */
export function isOneOff({ name }: Pick<ModuleFacts, "name">): boolean {
  return ONE_OFF.test(name);
}

const ONE_OFF = /(?:^|[._])[Bb]ackfills?(?:$|[._A-Z])/;

/** `Shop.Geocoder.Dummy`, `Shop.FakeMailer`: in the place of the real thing while one develops. */
export function isStandIn({ name }: Pick<ModuleFacts, "name">): boolean {
  return STAND_IN.test(name);
}

const STAND_IN = /(?:Dummy|Mock|Fake|Stub|No[Oo]p|Sandbox|InMemory)(?:$|[A-Z])[^.]*$/;
