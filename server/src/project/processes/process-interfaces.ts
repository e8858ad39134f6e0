import type { Anchor, CallFact, ModuleFacts } from "../../facts/facts.ts";
import { nameOf, type Shape } from "../../facts/shape.ts";
import { clausesCalling } from "../calls/calling.ts";
import type { Facts, View } from "../project.ts";
import { registeredNames } from "./servers.ts";

/** A place where a module speaks to a process of another by its bare messages. */
export interface Contact {
  readonly from: string;
  readonly at: Anchor;
  /** `GenServer.call` and its like. */
  readonly by: string;
  /** What is asked: `:total` of `{:total, id}`; null where it is computed, or a function. */
  readonly request: string | null;
  /** How many more parts the message has. */
  readonly parts: number;
}

/** A process, or a named table, whose protocol other modules know. */
export interface Interface {
  readonly owner: string;
  /** A function of the owner: `init`, when it has one. */
  readonly home: Anchor;
  readonly table: boolean;
  readonly contacts: readonly Contact[];
}

interface Named extends Contact {
  readonly name: string;
  readonly table: boolean;
}

const SPOKEN_BY = ["GenServer", ":gen_server", "Agent", ":ets"];
const SPEAKS = /^(?:(?:GenServer|:gen_server)\.(?:call|cast)|Agent\.(?:get|update|get_and_update|cast))$/;
const WRITES =
  /^:ets\.(?:insert|insert_new|delete|delete_object|delete_all_objects|update_counter|update_element|take|select_delete|match_delete)$/;

/** The processes that modules other than their own speak to by bare messages, and the named tables that others write to. */
export const processInterfaces: View<readonly Interface[]> = {
  name: "process interfaces",
  slices: ["functions", "uses"],
  compute(facts, previous) {
    const found = new Map<string, Contact[]>();
    for (const { name, table, ...contact } of facts.collect(contactsOf)) {
      const owner = ownerOf(name, facts);
      if (!owner || isPartOf(contact.from, owner.name)) continue;
      const key = `${name} ${table}`;
      const list = found.get(key);
      if (list) list.push(contact);
      else found.set(key, [contact]);
    }
    const value = [...found].flatMap(([key, contacts]): Interface[] => {
      const [name = "", table] = key.split(" ");
      const owner = ownerOf(name, facts);
      const clause = owner && (owner.byName.get("init")?.[0] ?? owner.clauses[0]);
      if (!owner || !clause) return [];
      const home = { path: owner.path, form: clause.form, at: clause.at };
      return [{ owner: owner.name, home, table: table === "true", contacts }];
    });
    return previous && JSON.stringify(previous) === JSON.stringify(value) ? previous : value;
  },
};

/** The module of that name, or the one that registers a process or a table under it. */
function ownerOf(name: string, facts: Facts): ModuleFacts | undefined {
  return facts.named(name).at(-1) ?? facts.having(namesOwned, name).at(-1);
}

function namesOwned(module: ModuleFacts): readonly string[] {
  const tables = clausesCalling(module, ":ets").flatMap((clause) =>
    clause.calls.flatMap((call) => (call.module === ":ets" && call.name === "new" ? (nameOf(call.args[0]) ?? []) : [])),
  );
  return [...registeredNames(module), ...tables];
}

/** The module itself, one inside it, or the one that it is inside: `Cart` speaks for `Cart.Server`. */
function isPartOf(module: string, owner: string): boolean {
  return module === owner || module.startsWith(`${owner}.`) || owner.startsWith(`${module}.`);
}

function contactsOf(module: ModuleFacts): readonly Named[] {
  if (module.fileClass !== "code") return [];
  return clausesCalling(module, ...SPOKEN_BY).flatMap((clause) => {
    if (!/^defp?$/.test(clause.keyword)) return [];
    return clause.calls.flatMap((call): Named[] => {
      const by = `${call.module}.${call.name}`;
      const table = WRITES.test(by);
      const name = table || SPEAKS.test(by) ? nameOf(call.args[0]) : null;
      if (name === null || call.captured) return [];
      const at = { path: module.path, form: clause.form, at: call.at };
      return [{ name, table, from: module.name, at, by, ...requestOf(call) }];
    });
  });
}

function requestOf({ args }: CallFact): Pick<Contact, "request" | "parts"> {
  const message: Shape | undefined = args[1];
  const tag = message?.kind === "tuple" ? message.items[0] : message;
  if (tag?.kind !== "atom") return { request: null, parts: 0 };
  return { request: tag.value, parts: message?.kind === "tuple" ? message.items.length - 1 : 0 };
}
