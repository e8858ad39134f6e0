import { sameItems } from "../../base/same-items.ts";
import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { nameOf, type Shape } from "../../facts/shape.ts";
import { isTest } from "../calls/call-graph.ts";
import { clausesCalling } from "../calls/calling.ts";
import type { View } from "../project.ts";

/** A place where a clause sends a message of a kind to a server. */
export interface Sender {
  /** The module that has the call; `module` and `clause` may be those of a caller that gives the message. */
  readonly origin: ModuleFacts;
  readonly module: ModuleFacts;
  readonly clause: ClauseOfModule;
  readonly kind: Kind;
  readonly server: Shape | undefined;
  readonly message: Shape;
}

type Kind = "call" | "cast";

/** Who sends what to which server. */
export interface Senders {
  /** Those who name the server, or, of none, those whose server nobody knows: the same list as long as it holds the same. */
  to(kind: Kind, server: string | null): readonly Sender[];
}

interface Memo extends Senders {
  readonly byKey: ReadonlyMap<string, readonly Sender[]>;
}

const NONE: readonly Sender[] = [];

/** The places of the project, tests aside, that send messages to servers. */
export const senders: View<Memo> = {
  name: "senders",
  slices: ["functions", "uses"],
  compute(facts, previous) {
    const found = new Map<string, Sender[]>();
    for (const module of facts.where(sends))
      for (const sender of facts.once(sendersIn, module)) {
        const named = nameOf(sender.server);
        const key = keyOf(sender.kind, named !== null && facts.named(named).length > 0 ? named : null);
        const list = found.get(key);
        if (list) list.push(sender);
        else found.set(key, [sender]);
      }
    const before = previous?.byKey;
    const byKey = new Map(
      [...found].map(([key, list]) => {
        const former = before?.get(key);
        return [key, former && sameItems(former, list) ? former : list] as const;
      }),
    );
    return { byKey, to: (kind, server) => byKey.get(keyOf(kind, server)) ?? NONE };
  },
};

function keyOf(kind: Kind, server: string | null): string {
  return `${kind} ${server ?? ""}`;
}

const SENDING = /^(?:GenServer|:gen_server)\.(call|cast)$/;

function sendersIn(module: ModuleFacts): readonly Sender[] {
  const out: Sender[] = [];
  for (const clause of clausesCalling(module, "GenServer", ":gen_server")) {
    for (const call of clause.calls) {
      const kind = SENDING.exec(`${call.module}.${call.name}`)?.[1];
      const [server, message] = call.args;
      if ((kind === "call" || kind === "cast") && message)
        out.push({ origin: module, module, clause, kind, server, message });
    }
  }
  return out;
}

function sends(module: ModuleFacts): boolean {
  return !isTest(module) && sendersIn(module).length > 0;
}
