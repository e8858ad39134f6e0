import type { Anchor, CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { effects } from "../effects/effects.ts";
import type { ByModule, View } from "../project.ts";
import { behavesAs } from "./servers.ts";

/** A function of a server's module that asks the server, and what becomes of the answers. */
export interface ClientUse {
  readonly clause: ClauseOfModule;
  /** The `GenServer.call` that is all it does. */
  readonly call: CallFact;
  /** Every caller throws the answer away, and asks the server nothing else. */
  readonly unheard: boolean;
  readonly callers: readonly Anchor[];
}

const NONE: readonly ClientUse[] = [];
/** Where requests come in at the rate of users: waiting slows them down, as it should. */
const USERS = /Web\.|Web$|Controller|Live\b|Channel|Worker|Socket|Plug/;

/** The functions by which other modules ask a server, with those who call them. */
export const clientUses: View<ByModule<readonly ClientUse[]>> = {
  name: "client uses",
  slices: effects.slices,
  compute(facts, previous) {
    const graph = facts.read(effects).graph;
    const answers = new Map<ModuleFacts, readonly ClientUse[]>();
    for (const module of facts.where(isServer)) {
      const uses = module.clauses.flatMap((clause): ClientUse[] => {
        const [call] = clause.calls;
        if (!call || clause.calls.length > 1 || call.module !== "GenServer" || call.name !== "call") return [];
        const callers = [...graph.callers(clause)];
        const unheard = callers.every(
          (link) =>
            link.call.outcome === "discarded" &&
            !USERS.test(link.module.name) &&
            !behavesAs(link.module, "Phoenix.LiveView", "Phoenix.LiveComponent", "Oban.Worker", "Broadway") &&
            link.clause.calls.every((other) => other.module !== module.name || other.name === clause.name),
        );
        const at = callers.map((link) => ({ path: link.module.path, form: link.clause.form, at: link.call.at }));
        return [{ clause, call, unheard, callers: at.sort(inOrder) }];
      });
      const before = previous?.of(module) ?? NONE;
      answers.set(module, JSON.stringify(before) === JSON.stringify(uses) ? before : uses);
    }
    return { of: (module) => answers.get(module) ?? NONE };
  },
};

function isServer(module: ModuleFacts): boolean {
  return behavesAs(module, "GenServer");
}

function inOrder(a: Anchor, b: Anchor): number {
  return a.path.localeCompare(b.path) || a.form - b.form || a.at - b.at;
}
