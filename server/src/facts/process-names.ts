import type { Call, Node } from "../syntax/ast.ts";
import { visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { NameUse } from "./facts.ts";

/** What a form says of names: those that it addresses processes by, and the modules that it has as plain values. */
export interface Names {
  readonly uses: readonly NameUse[];
  readonly mentions: readonly string[];
}

/** Functions of the modules that are addressed by a name, where that is not the first argument. */
const SECOND = /^(?:Finch\.(?:request!?|stream(?:_while)?|async_request)|Phoenix\.PubSub\.direct_broadcast!?)$/;
/** Modules whose processes are started under a name that their functions are then given. */
const KINDS = new Set([
  "Task.Supervisor",
  "DynamicSupervisor",
  "Registry",
  "Phoenix.PubSub",
  "Phoenix.Tracker",
  "Finch",
  "Horde.Registry",
  "Horde.DynamicSupervisor",
]);
/** What `{:via, module, {name, key}}` is registered with. */
const REGISTRIES = new Set(["Registry", "PartitionSupervisor", "Horde.Registry"]);
/** Functions that start a process, or tell of none. */
const NO_CLIENT = /^(?:start_link|start|init|child_spec|build|node_name)$/;
/** Functions of any process. */
const ADDRESSING =
  /^(?:(?:GenServer|Agent|:gen_server|GenStage)\.(?:call|cast|stop|whereis|multi_call|abcast|get|update|get_and_update)|Process\.(?:whereis|send|send_after|monitor|exit|alive\?|info)|send|(?:Dynamic)?Supervisor\.(?:which_children|count_children|stop|start_child|restart_child|terminate_child|delete_child))$/;

const NONE: Names = { uses: [], mentions: [] };

/** Reads the names of a form. A name that only addresses a process is no mention: it starts nothing. */
export function namesOf(form: Node, anchors: Anchors, isFunction = true): Names {
  const addresses = new Set<Node>();
  const uses: NameUse[] = [];
  const mentions = new Set<string>();
  const address = (node: Node | undefined, kind: string | null): void => {
    const name = node?.type === "attribute" ? node.value : node;
    if (!node || name?.type !== "alias") return;
    addresses.add(node);
    if (kind !== null) uses.push({ at: anchors.add(node), kind, name: name.module });
  };
  const enter = (node: Node): unknown => {
    switch (node.type) {
      case "call":
        if (node.module === null && /^(?:alias|require|import)$/.test(node.name)) return false;
        if (node.module === null && node.name === "use" && node.args[0]) addresses.add(node.args[0]);
        addressed(node, address);
        // Calls of functions are facts of their own; what a macro makes of its block is not known.
        if (!isFunction && node.module !== null && /^[A-Z]/.test(node.module)) mentions.add(node.module);
        return true;
      case "tuple": {
        // `{:via, Registry, {name, key}}`
        const [via, kind, place] = node.items;
        if (via?.type !== "atom" || via.value !== "via" || kind?.type !== "alias" || place?.type !== "tuple")
          return true;
        addresses.add(kind);
        if (REGISTRIES.has(kind.module)) address(place.items[0], kind.module);
        return true;
      }
      case "attribute-set":
        // Where it is read, it counts.
        return false;
      case "map":
        if (node.struct) addresses.add(node.struct);
        return true;
      case "attribute":
        if (node.value && !addresses.has(node)) visit(node.value, enter);
        return true;
      case "alias":
        if (!addresses.has(node)) mentions.add(node.module);
        return true;
      default:
        return true;
    }
  };
  visit(form, enter);
  return uses.length + mentions.size > 0 ? { uses, mentions: [...mentions] } : NONE;
}

function addressed(call: Call, address: (node: Node | undefined, kind: string | null) => void): void {
  const name = `${call.module ? `${call.module}.` : ""}${call.name}`;
  if (call.module !== null && KINDS.has(call.module) && !NO_CLIENT.test(call.name))
    address(call.args[SECOND.test(name) ? 1 : 0], call.module);
  else if (ADDRESSING.test(name)) address(call.args[0], null);
}
