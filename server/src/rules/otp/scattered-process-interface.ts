import { type Fix, projectRule, suggest } from "../../lint/rule.ts";
import { type Contact, type Interface, processInterfaces } from "../../project/processes/process-interfaces.ts";
import { clientFunction } from "../../refactor/client-function.ts";

/** So many other places are shown. */
const SHOWN = 5;

export default projectRule({
  id: "otp/scattered-process-interface",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "Several modules speak to one process by its bare messages, so nobody owns its protocol.",
  check(cx) {
    for (const process of cx.read(processInterfaces)) {
      const modules = [...new Set(process.contacts.map(({ from }) => from))];
      if (modules.length < 2) continue;
      for (const contact of firstOfEach(process)) {
        const others = modules.filter((name) => name !== contact.from);
        const more = others.length > 1 ? `${others.length} other modules do` : `\`${others[0]}\` does`;
        const message = process.table
          ? `\`${contact.by}\` writes to the table that \`${process.owner}\` makes, as ${more}: what stands in it is agreed on nowhere; let one module have functions for it.`
          : `\`${contact.by}\` speaks to \`${process.owner}\` by its bare messages, as ${more}: a change of them has to find all these places; let \`${process.owner}\` have a function for it.`;
        cx.report(contact.at, message, {
          related: process.contacts
            .filter(({ from }) => from !== contact.from)
            .slice(0, SHOWN)
            .map(({ at, from, by }) => ({ at, message: `\`${by}\` in \`${from}\`` })),
          fixes: wayOut(process, contact),
        });
      }
    }
  },
});

/** The first place in each module: of each message, as each can have a function, or of the table. */
function firstOfEach({ table, contacts }: Interface): Contact[] {
  const seen = new Set<string>();
  return contacts.filter(({ from, request, by }) => {
    const key = table ? from : `${from} ${by} ${request}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Where the message is written out, its function can be as well. */
function wayOut({ owner, home, table, contacts }: Interface, contact: Contact): Fix[] {
  const { request, parts, by } = contact;
  if (table || request === null || !/^GenServer\./.test(by)) return [];
  const same = contacts.filter((other) => other.request === request && other.parts === parts && other.by === by);
  return [
    suggest(`Add \`${owner}.${request}/${parts}\` and call it`, (source) => {
      const places = same.map(({ at }) => source.elsewhere(at));
      return clientFunction(source, owner, source.elsewhere(home), places);
    }),
  ];
}
