import type { MapLiteral, Node } from "../syntax/ast.ts";
import { visit } from "../syntax/visit.ts";
import type { AssignRecord } from "./assign-record.ts";

/** What stands for all assigns of a clause, and the keys that are read by taking that apart. */
export class WholeAssigns {
  /** Names of variables that hold all assigns. */
  private readonly names = new Set(["assigns"]);

  constructor(private readonly record: AssignRecord) {}

  /** True for what holds all assigns. */
  has(node: Node): boolean {
    if (node.type === "variable") return this.names.has(node.name);
    return node.type === "field" && node.name === "assigns";
  }

  /** The pattern is matched with all assigns. */
  bind(pattern: Node | undefined): void {
    if (pattern?.type === "map") this.readKeys(pattern);
    else if (pattern?.type === "variable") this.names.add(pattern.name);
  }

  /** Reads a pattern: keys of assigns in it, and names that it gives to all of them. */
  readPattern(pattern: Node): void {
    visit(pattern, (node) => {
      if (node.type === "map") this.bindIn(node);
      if (node.type !== "binary" || node.operator !== "=") return;
      // `%{title: title} = assigns`
      const map = this.has(node.right) ? node.left : this.has(node.left) ? node.right : null;
      if (map?.type === "map") this.readKeys(map);
    });
  }

  /** `%{assigns: %{title: title}}`, `%{assigns: all}` */
  bindIn(socket: MapLiteral): void {
    for (const item of socket.items) {
      if (item.type !== "pair" || item.key.type !== "atom" || item.key.value !== "assigns") continue;
      if (item.value.type !== "binary") this.bind(item.value);
      else {
        this.bind(item.value.left);
        this.bind(item.value.right);
      }
    }
  }

  /** The keys of a pattern that all assigns are matched with. */
  readKeys(map: MapLiteral): void {
    for (const item of map.items) {
      // `%{assigns: %{…}}` is a socket.
      const isSocket = item.type === "pair" && item.key.type === "atom" && item.key.value === "assigns";
      if (item.type === "pair" && !isSocket) this.readKey(item.key, item.key, false);
    }
  }

  /**
   * A key, or a list of such; those that are not written out may be any.
   * @param optional whether the code does without the key
   */
  readKey(at: Node, key: Node | undefined, optional: boolean): void {
    if (key?.type === "atom") this.record.addRead(at, key.value, optional);
    else if (key?.type === "list") for (const item of key.items) this.readKey(item, item, optional);
    else this.record.escapes = true;
  }
}
