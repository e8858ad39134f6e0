import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { canMatch, isAtomShape, isOpen, type Shape } from "../../facts/shape.ts";
import { isTest } from "../calls/call-graph.ts";
import { mentionsOf } from "../calls/calling.ts";
import { byModule } from "../conclusions.ts";
import { effects } from "../effects/effects.ts";
import type { Lookup } from "../lookup.ts";
import { packages } from "../packages.ts";
import { senders } from "./senders.ts";
import { behavesAs } from "./servers.ts";

/** True for servers that something in the project sends a request to: not those whose functions are for the console only. */
export const asked = byModule<boolean>({
  name: "asked",
  slices: [...effects.slices, "packages"],
  isAbout: (module) => behavesAs(module, "GenServer"),
  nothing: false,
  conclude: isServerAsked,
});

function isServerAsked(facts: Lookup, server: ModuleFacts): boolean {
  const isBy = (name: string | null): boolean =>
    (["call", "cast"] as const).some((kind) =>
      facts
        .ask(() => facts.read(senders).to(kind, name))
        .some(
          ({ origin, clause, message }) =>
            (name !== null ||
              origin === server ||
              (origin.byCalled.has(server.name) && takes(server, kind, message))) &&
            isAsked(facts, origin, clause),
        ),
    );
  return isBy(server.name) || isBy(null);
}

/** True where the server has a clause for the message, which who knows the server sends to some process. */
function takes({ byName }: ModuleFacts, kind: string, message: Shape): boolean {
  const clauses = isOpen(message) ? [] : (byName.get(`handle_${kind}`) ?? []);
  return clauses.some(({ params: [pattern] }) => pattern && pattern.kind !== "variable" && canMatch(pattern, message));
}

/** True for what other functions call, for what a framework may, and for all that those may who depend on a package. */
export function isAsked(facts: Lookup, module: ModuleFacts, clause: ClauseOfModule): boolean {
  if (clause.callback !== null || clause.name === "handle_event" || module.keyword !== "defmodule") return true;
  if (module.behaviours.some((behaviour) => behaviour !== "GenServer")) return true;
  if (module.uses.some((use) => use.module !== "GenServer")) return true;
  if (module.clauses.some(({ calls }) => calls.some((call) => startsBy(call, clause.name)))) return true;
  if (facts.callers(clause).some((link) => link.clause !== clause && !isTest(link.module))) return true;
  if (facts.having(mentionsOf, module.name).some((other) => other !== module && mayDeclare(other, module))) return true;
  return facts.read(packages).mix?.published === true;
}

/** `action :start do … Bots.start() … end`: what a macro of a library makes of its block, is no function that is known. */
function mayDeclare(other: ModuleFacts, { name }: ModuleFacts): boolean {
  if (isTest(other) || other.byCalled.has(name)) return false;
  return other.uses.length > 0 && !behavesAs(other, "Application", "Supervisor", "GenServer");
}

/** `Task.start(__MODULE__, :collect, [])`; a message to a server is often called as the function that sends it. */
function startsBy({ module, args }: CallFact, name: string): boolean {
  return module !== "GenServer" && args.some((arg, i) => isAtomShape(arg, name) && args[i - 1]?.kind === "module");
}
