import type { ClauseOfModule, ListQuestionFact, ModuleFacts } from "../../facts/facts.ts";
import { byModule } from "../conclusions.ts";
import { effects } from "../effects/effects.ts";
import type { Lookup } from "../lookup.ts";
import { comparableColumns } from "./columns.ts";
import { type LoadedList, loadedList } from "./loaded-lists.ts";
import { isReference } from "./reference-tables.ts";
import { repos } from "./repos.ts";
import { schemas } from "./schemas.ts";

/** What a function asks of rows that it gets from another one, which loads all of them. */
export interface LoadedListQuestion {
  readonly clause: ClauseOfModule;
  readonly fact: ListQuestionFact;
  readonly list: LoadedList;
}

type LoadedListQuestions = readonly LoadedListQuestion[];

const NONE: LoadedListQuestions = [];

/** What the functions of a module ask of rows that others load for them, where a query could say it. */
export const listQuestions = byModule({
  name: "list-questions",
  slices: ["functions", "uses", "quoted", "queries", "schemas"],
  isAbout: ({ clauses }) => clauses.some((clause) => clause.listQuestions.length > 0),
  nothing: NONE,
  conclude: questionsIn,
});

function questionsIn(lookup: Lookup, module: ModuleFacts): LoadedListQuestions {
  const sources = {
    schemas: lookup.read(schemas),
    isRepo: lookup.read(repos),
    about: (other: ModuleFacts) => lookup.about(effects, other),
    named: (name: string) => lookup.named(name),
  };
  const out = module.clauses.flatMap((clause) =>
    clause.listQuestions.flatMap((fact) => {
      const call = clause.calls[fact.call];
      const list = call && loadedList({ module, clause, call }, sources);
      return list && couldSay(list, fact) ? [{ clause, fact, list }] : [];
    }),
  );
  return out.length > 0 ? out : NONE;
}

/** True where a query could say what is asked of these rows, and loads less. */
function couldSay({ declares, says }: LoadedList, { by, fields }: ListQuestionFact): boolean {
  const clauses = [...says];
  if (clauses.some((name) => BOUNDS.test(name)) || isReference(declares.source ?? "")) return false;
  if (fields) {
    const columns = comparableColumns(declares);
    return !clauses.some((name) => SELECTS.test(name)) && fields.every((name) => columns.has(name));
  }
  // Who takes the first of what has no order expects no more than one row.
  return !/(?:^hd|\.first|\.at)$/.test(by) || says.has("order_by");
}

/** What makes few rows of many, or of which a condition cannot simply be added. */
const BOUNDS = /^(?:limit|offset|first|last|lock|group_by|having|or_having|windows|union|except|intersect)/;
const SELECTS = /^select/;
