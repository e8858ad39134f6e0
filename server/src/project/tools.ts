import type { CallFact, ClauseOfModule, ModuleFacts } from "../facts/facts.ts";
import { clausesCalling } from "./calls/calling.ts";

const TOOLS = /(?:^|[._])(?:iex|debug|mock|fake|bench)|(?:^|\.)(?:Test|Sample|Demo)Data(?:$|\.)/i;
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

const ONE_OFF = /(?:^|[._])[Bb]ackfills?(?:$|[._A-Z])|\.(?:Data)?Migrations?\./;

/** True for what somebody runs by hand and looks at: a tool, something for one run, or a module that prints on the console. */
export function runsByHand(module: ModuleFacts): boolean {
  return isTool(module) || isOneOff(module) || clausesCalling(module, "IO").some(prints);
}

/** True for a function that prints on the console: for whoever runs it by hand. */
export function prints({ calls }: Pick<ClauseOfModule, "calls">): boolean {
  return calls.some(isPrinted);
}

function isPrinted({ module, name }: CallFact): boolean {
  return module === "IO" && (name === "puts" || name === "write");
}

/** `Shop.Geocoder.Dummy`, `Shop.FakeMailer`: in the place of the real thing while one develops. */
export function isStandIn({ name }: Pick<ModuleFacts, "name">): boolean {
  return STAND_IN.test(name);
}

const STAND_IN = /(?:Dummy|Mock|Fake|Stub|No[Oo]p|Sandbox|InMemory)(?:$|[A-Z])[^.]*$/;
