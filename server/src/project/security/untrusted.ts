import { shortName } from "../../base/module-name.ts";
import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { Hops } from "../effects/witness.ts";
import { behavesAs } from "../processes/servers.ts";

/** The parameters that a client fills, by the kind of module and the callback. */
export function untrustedParameters(module: ModuleFacts, clause: ClauseOfModule): readonly number[] {
  const signature = `${clause.name}/${clause.arity}`;
  if (clause.keyword !== "def") return [];
  if (isTransport(clause)) return [0];
  for (const [behaviours, callbacks] of CALLBACKS) {
    const parameters = callbacks.get(signature);
    if (parameters && behavesAs(module, ...behaviours)) return parameters;
  }
  const isAction =
    clause.arity === 2 && !/^(?:call|init)$/.test(clause.name) && behavesAs(module, "Phoenix.Controller");
  return isAction && isConn(clause) ? [1] : [];
}

const CALLBACKS: readonly (readonly [readonly string[], ReadonlyMap<string, readonly number[]>])[] = [
  [
    ["Phoenix.LiveView", "Phoenix.LiveComponent"],
    new Map([
      ["handle_event/3", [0, 1]],
      ["handle_params/3", [0, 1]],
      ["mount/3", [0]],
    ]),
  ],
  [
    ["Phoenix.Channel"],
    new Map([
      ["handle_in/3", [0, 1]],
      ["join/3", [0, 1]],
    ]),
  ],
  [
    ["Phoenix.Socket"],
    new Map([
      ["connect/2", [0]],
      ["connect/3", [0]],
    ]),
  ],
  [["WebSock", "Phoenix.Socket.Transport"], new Map([["handle_in/2", [0]]])],
  [[":cowboy_websocket"], new Map([["websocket_handle/2", [0]]])],
  [["Phoenix.Socket.Serializer"], new Map([["decode!/2", [0]]])],
  // Ecto 3.13, "Ecto.Type": `cast/1` gets what a changeset is given, `load/1` what the program itself has dumped.
  [["Ecto.Type"], new Map([["cast/1", [0]]])],
  [["Ecto.ParameterizedType"], new Map([["cast/2", [0]]])],
];

/** A first parameter that is called `conn`, or matched as one. */
function isConn({ params: [first] }: ClauseOfModule): boolean {
  if (first?.kind === "variable") return /^_?conn$/.test(first.name);
  return first?.kind === "map" && (first.struct === null || first.struct === "Plug.Conn");
}

/** `handle_info({:tcp, socket, data}, state)` */
export function isTransport({ name, arity, params: [message] }: ClauseOfModule): boolean {
  const tag = name === "handle_info" && arity === 2 && message?.kind === "tuple" ? message.items[0] : undefined;
  return tag?.kind === "atom" && /^(?:tcp|udp|ssl)$/.test(tag.value);
}

/** The same, and those of a serializer that hold what was encoded, by whomever. */
export function untrustedOrEncoded(module: ModuleFacts, clause: ClauseOfModule): readonly number[] {
  return decodes(module, clause) ? ENCODED : untrustedParameters(module, clause);
}

/** The encoded data, and what comes with it: the name of its type, as a rule. */
const ENCODED = [0, 1];

/** True for `deserialize` and `decode` of a module that implements a behaviour for serializers. */
function decodes({ behaviours }: ModuleFacts, { keyword, name }: ClauseOfModule): boolean {
  return (
    keyword === "def" && /^(?:deserialize|decode)!?$/.test(name) && behaviours.some((one) => /Serializer$/.test(one))
  );
}

/** "what a client sends to `StudyController.index/2`", "input that `TokenPlug.call/2` reads", "what `Color.cast/1` is given" */
export function originOf([first]: Hops): string {
  const name = `\`${shortName(first.module.name)}.${first.clause.name}/${first.clause.arity}\``;
  if (first.clause.name === "cast" || decodes(first.module, first.clause)) return `what ${name} is given`;
  return untrustedParameters(first.module, first.clause).length > 0
    ? `what a client sends to ${name}`
    : `input that ${name} reads`;
}
