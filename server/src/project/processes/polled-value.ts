import type { ClauseOfModule } from "../../facts/facts.ts";
import type { Effect } from "../effects/effect.ts";
import type { ModuleEffects } from "../effects/effects.ts";
import { type Wait, waitsIn } from "./blocking.ts";
import type { ServerProfile } from "./server-profile.ts";

/** Where what a server tells its callers comes from, and takes its time. */
const SOURCES: readonly Effect[] = ["http", "os-command", "db-read"];

/** How a server comes by the value that all its requests only read. */
export interface Polling {
  readonly handler: ClauseOfModule;
  readonly wait: Wait;
}

/**
 * Where the server fetches what it knows from outside, told to by a message, and its requests only look at what it has:
 * then they wait for the fetching, too. Null for a server that does anything else for its callers.
 */
export function pollingOf({ requests, infos }: ServerProfile, known: ModuleEffects): Polling | null {
  if (requests.length === 0 || !requests.every(({ name, state }) => name === "handle_call" && state?.access === "get"))
    return null;
  for (const handler of infos) {
    const [wait] = waitsIn(handler, known, SOURCES);
    if (wait && handler.callback?.unchanged === false) return { handler, wait };
  }
  return null;
}
