import type { Call, Node } from "../syntax/ast.ts";
import { isAtom } from "../syntax/literals.ts";
import { callsIn, find } from "../syntax/visit.ts";
import type { ConfiguredFact } from "./facts.ts";
import { nameOf, type Shape, shapeOf } from "./shape.ts";

const NONE: readonly ConfiguredFact[] = [];
/** The files whose settings hold where the program is in use (Config, "runtime.exs" and "releases.exs" among them). */
const IN_USE = /(?:^|\/)config\/(?:config|prod|runtime|releases)\.exs$/;

/** True for files that say what is configured where the program is in use. */
export function configuresUse(path: string): boolean {
  return IN_USE.test(path);
}

/** What `config :shop, api: Shop.Api` and `config :shop, Shop.Cache, Shop.Redis` in a form of a script set. */
export function configuredIn(form: Node): readonly ConfiguredFact[] {
  const calls = callsIn(form).filter(({ module, name, target }) => name === "config" && module === null && !target);
  if (calls.length === 0) return NONE;
  // What holds only while the program is developed or tested says nothing of its use.
  const certain = find(form, (node) => isAtom(node, "dev") || isAtom(node, "test")) === null;
  return calls.flatMap((call) => settingsOf(call, certain));
}

function settingsOf({ args: [app, settings, value] }: Call, certain: boolean): readonly ConfiguredFact[] {
  const of = (key: Shape, node: Node): ConfiguredFact[] => {
    const name = settingName(shapeOf(app), key);
    return name === null ? [] : [{ name, module: certain && node.type === "alias" ? node.module : null }];
  };
  if (settings && value) return of(shapeOf(settings), value);
  if (settings?.type !== "list") return NONE;
  return settings.items.flatMap((item) => (item.type === "pair" ? of(shapeOf(item.key), item.value) : NONE));
}

/** By what a setting of an application is known, `:shop :api`; null where either is computed. */
export function settingName(app: Shape | undefined, key: Shape | undefined): string | null {
  const names = [nameOf(app), nameOf(key)];
  return names.includes(null) ? null : names.join(" ");
}
