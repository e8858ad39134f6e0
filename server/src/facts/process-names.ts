import type { Call, Node } from "../syntax/ast.ts";
import { isAtom } from "../syntax/literals.ts";
import { visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { NameUse } from "./facts.ts";

/** What a function says of names: those that it addresses processes by, and the modules that it has as plain values. */
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

/** The names of a function. A name that only addresses a process is no mention: it starts nothing. */
export function namesOf(def: Node, anchors: Anchors): Names {
  const names = new NameReader().read(def);
  if (names.addresses.length + names.values.size === 0) return NONE;
  const uses = names.addresses.map(({ node, kind, name }) => ({ at: anchors.add(node), kind, name }));
  return { uses, mentions: [...names.values] };
}

/**
 * The modules that a form other than a function has as plain values. What a macro makes of its block is not known: it may take the
 * modules whose functions are called there for values too. Of a function, calls are facts of their own.
 */
export function mentionedModules(form: Node): readonly string[] {
  const names = new NameReader().read(form);
  return names.values.size + names.called.size > 0 ? [...new Set([...names.values, ...names.called])] : NONE.mentions;
}

interface Address {
  readonly node: Node;
  readonly kind: string;
  readonly name: string;
}

class NameReader {
  readonly addresses: Address[] = [];
  readonly values = new Set<string>();
  readonly called = new Set<string>();
  /** Nodes that name a module for something else than to have it as a value. */
  private readonly others = new Set<Node>();

  read(form: Node): this {
    visit(form, (node) => this.enter(node));
    return this;
  }

  private enter(node: Node): unknown {
    switch (node.type) {
      case "call":
        if (node.module === null && /^(?:alias|require|import)$/.test(node.name)) return false;
        if (node.module === null && node.name === "use" && node.args[0]) this.others.add(node.args[0]);
        this.addressed(node);
        if (node.module !== null && /^[A-Z]/.test(node.module)) this.called.add(node.module);
        return true;
      case "tuple": {
        // `{:via, Registry, {name, key}}`
        const [via, kind, place] = node.items;
        if (!isAtom(via, "via") || kind?.type !== "alias" || place?.type !== "tuple") return true;
        this.others.add(kind);
        if (REGISTRIES.has(kind.module)) this.address(place.items[0], kind.module);
        return true;
      }
      case "attribute-set":
        // Where it is read, it counts.
        return false;
      case "map":
        if (node.struct) this.others.add(node.struct);
        return true;
      case "attribute":
        if (node.value && !this.others.has(node)) this.read(node.value);
        return true;
      case "alias":
        if (!this.others.has(node)) this.values.add(node.module);
        return true;
      default:
        return true;
    }
  }

  private addressed(call: Call): void {
    const name = `${call.module ? `${call.module}.` : ""}${call.name}`;
    if (call.module !== null && KINDS.has(call.module) && !NO_CLIENT.test(call.name))
      this.address(call.args[SECOND.test(name) ? 1 : 0], call.module);
    else if (ADDRESSING.test(name)) this.address(call.args[0], null);
  }

  private address(node: Node | undefined, kind: string | null): void {
    const name = node?.type === "attribute" ? node.value : node;
    if (!node || name?.type !== "alias") return;
    this.others.add(node);
    if (kind !== null) this.addresses.push({ node, kind, name: name.module });
  }
}
