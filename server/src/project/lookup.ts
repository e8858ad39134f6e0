import type { ModuleFacts } from "../facts/facts.ts";
import type { Facts, View } from "./project.ts";

/** Looks modules up by name and takes note of what it finds: what was concluded from that holds as long as `holds`. */
export class Lookup implements Pick<Facts, "named" | "read"> {
  private readonly found = new Map<string, readonly ModuleFacts[]>();

  constructor(private readonly facts: Pick<Facts, "named" | "read">) {}

  named(name: string): readonly ModuleFacts[] {
    const modules = this.facts.named(name);
    this.found.set(name, modules);
    return modules;
  }

  read<T>(view: View<T>): T {
    return this.facts.read(view);
  }

  /** True as long as each name means the same modules, with the same facts. */
  get holds(): boolean {
    for (const [name, modules] of this.found) if (this.facts.named(name) !== modules) return false;
    return true;
  }
}
