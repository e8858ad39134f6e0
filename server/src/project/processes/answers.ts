import type { CallFact, ModuleFacts } from "../../facts/facts.ts";
import { canMatch } from "../../facts/shape.ts";
import type { Effect } from "../effects/effect.ts";
import { effects } from "../effects/effects.ts";
import { lastHop } from "../effects/witness.ts";
import type { ByModule, View } from "../project.ts";
import { behavesAs } from "./servers.ts";

/** What is read of the project to find out how a server answers. */
export interface Servers {
  named(name: string): readonly ModuleFacts[];
  about<T>(view: View<ByModule<T>>, module: ModuleFacts): T;
}

/** What keeps a server from its next message. */
const KEEPS_BUSY: readonly Effect[] = ["http", "os-command", "sleep", "mail"];
/** What a server may wait for before it answers. */
const TAKES_TIME: readonly Effect[] = [...KEEPS_BUSY, "db-read", "db-write", "process-call"];

/**
 * True for a call by which a module asks its own server what that answers at once, however long the caller would wait: the
 * clauses that take the message reply themselves, and wait for nothing but the end of a task, and no other callback waits.
 */
export function isAnsweredAtOnce(call: CallFact, module: ModuleFacts, servers: Servers): boolean {
  const [server] = servers.named(module.name);
  const [, message] = call.args;
  if (!server || !message || call.name !== "call" || !behavesAs(server, "GenServer")) return false;
  const known = servers.about(effects, server);
  const callbacks = server.clauses.filter(({ name, callback }) => callback && /^handle_\w+$/.test(name));
  const answering = callbacks.filter(
    ({ name, params: [pattern] }) => name === "handle_call" && pattern && canMatch(pattern, message),
  );
  return (
    answering.length > 0 &&
    answering.every(
      (clause) =>
        clause.callback?.returns.every((way) => way.kind === "tuple" && way.items.length >= 3) &&
        TAKES_TIME.every((effect) => {
          const witness = known.ofClause(clause, effect);
          return witness === null || isEndOfTask(lastHop(witness).call);
        }),
    ) &&
    callbacks.every((clause) => KEEPS_BUSY.every((effect) => known.ofClause(clause, effect) === null))
  );
}

/** `Task.shutdown(task, :brutal_kill)` */
function isEndOfTask({ module, name, args }: CallFact): boolean {
  return module === "Task" && name === "shutdown" && args[1]?.kind === "atom" && args[1].value === "brutal_kill";
}
