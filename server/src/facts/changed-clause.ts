import type { FileForms } from "../syntax/file-forms.ts";
import type { ClauseOfModule, FormFacts, ModuleFacts } from "./facts.ts";
import { type FormRecord, mentionsOf } from "./file.ts";

/**
 * The modules of a file after an edit in one clause, at the cost of that clause: what `modulesOf` would give. Null where the
 * edit changed more than what the clause does, and what its form mentions.
 */
export function withChangedClause(
  modules: readonly ModuleFacts[],
  file: FileForms<FormRecord>,
  index: number,
  before: FormFacts,
  now: FormFacts,
): readonly ModuleFacts[] | null {
  const { clause, mentions, ...rest } = now;
  const { clause: clauseBefore, mentions: mentionsBefore, ...restBefore } = before;
  if (!clause || clause.name !== clauseBefore?.name || JSON.stringify(rest) !== JSON.stringify(restBefore)) return null;
  const at = modules.findIndex((module) => module.clauses.some(({ form }) => form === index));
  const module = modules[at];
  const former = module?.clauses.find(({ form }) => form === index);
  // Forms of one text share what was read of them, and then each place needs calls of its own.
  if (!module || !former || modules.some(({ clauses }) => clauses.some(({ calls }) => calls === clause.calls)))
    return null;
  const inPlace = { ...clause, form: index };
  // Views know a clause by its identity, and are not told of one that says the same.
  const placed: ClauseOfModule = JSON.stringify(inPlace) === JSON.stringify(former) ? former : inPlace;
  const sameMentions = JSON.stringify(mentions) === JSON.stringify(mentionsBefore);
  if (sameMentions && placed === former) return modules;
  const replaced = (list: readonly ClauseOfModule[]): ClauseOfModule[] =>
    list.map((other) => (other === former ? placed : other));
  const byName = new Map(module.byName);
  byName.set(placed.name, replaced(byName.get(placed.name) ?? []));
  return modules.with(at, {
    ...module,
    clauses: replaced(module.clauses),
    byName,
    byCalled: byCalledAfter(module.byCalled, former, placed),
    mentions: sameMentions ? module.mentions : mentionsOf(file, module.head),
  });
}

/** The index with one clause in the place of another. */
function byCalledAfter(
  index: ModuleFacts["byCalled"],
  former: ClauseOfModule,
  placed: ClauseOfModule,
): ModuleFacts["byCalled"] {
  const called = modulesCalled(placed);
  const out = new Map(index);
  for (const module of new Set([...modulesCalled(former), ...called])) {
    const others = (out.get(module) ?? []).filter((clause) => clause !== former);
    const calling = called.has(module) ? [...others, placed].sort((a, b) => a.form - b.form) : others;
    if (calling.length > 0) out.set(module, calling);
    else out.delete(module);
  }
  return out;
}

function modulesCalled({ calls }: ClauseOfModule): Set<string> {
  return new Set(calls.flatMap(({ module }) => module ?? []));
}
