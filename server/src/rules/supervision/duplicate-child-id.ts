import { shortName } from "../../base/module-name.ts";
import type { Shape } from "../../facts/shape.ts";
import { fix, projectRule, type ViewContext } from "../../lint/rule.ts";
import { optionOf, specifyingUse } from "../../project/processes/child-spec.ts";
import { type Child, exclude, type Supervisor, supervisors } from "../../project/processes/supervision.ts";
import { giveChildId } from "../../refactor/child-id.ts";

/** Modules of Elixir whose children are all called by the module. */
const PLAIN = new Set(["Task", "Agent"]);

export default projectRule({
  id: "supervision/duplicate-child-id",
  category: "correctness",
  severity: "error",
  since: "0.1.0",
  summary: "Two children of a supervisor with the same id: the supervisor does not start.",
  check(cx) {
    for (const supervisor of cx.read(supervisors)) {
      for (const { child, first, id } of duplicatesIn(supervisor, cx)) {
        const free = freeId(child, supervisor);
        cx.report(
          child.at,
          `This child has the id \`${id}\`, as another one of the same supervisor has, so the supervisor fails to start with \`:duplicate_child_name\`; give one of them an \`id\` of its own.`,
          {
            related: [{ at: first.at, message: `\`${id}\` is the id of this child too` }],
            fixes: [fix(`Give it the id \`:${free}\``, (source) => giveChildId(source, free))],
          },
        );
      }
    }
  },
});

function duplicatesIn({ children }: Supervisor, cx: ViewContext): { child: Child; first: Child; id: string }[] {
  const ids = children.map((child) => idOf(child, cx));
  return children.flatMap((child, i) => {
    const id = ids[i] ?? null;
    const first = children.find(
      (other, j) => j < i && ids[j] === id && !exclude(other, child) && !samePlace(other, child),
    );
    return id !== null && first ? [{ child, first, id }] : [];
  });
}

/** A list that is read twice, by a function that is called in two places, is another matter. */
function samePlace(a: Child, b: Child): boolean {
  return a.at.path === b.at.path && a.at.form === b.at.form && a.at.at === b.at.at;
}

/** The id that the child surely has, as it is written; null where something else may decide it. */
function idOf(child: Child, cx: ViewContext): string | null {
  if (child.id !== null) return written(child.id);
  if (PLAIN.has(child.module)) return child.module;
  const [module, another] = cx.named(child.module);
  const form = module && !another ? specifyingUse(module) : null;
  return form && optionOf(form, "id") === null ? child.module : null;
}

function written(id: Shape): string | null {
  switch (id.kind) {
    case "module":
      return id.value;
    case "atom":
      return /[#?]/.test(id.value) ? null : `:${id.value}`;
    case "string":
      return /#\{/.test(id.value) ? null : `"${id.value}"`;
    default:
      return null;
  }
}

/** `poller_2` for the second `Shop.Poller`. */
function freeId(child: Child, { children }: Supervisor): string {
  const base = shortName(child.module)
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_")
    .toLowerCase();
  const same = children.filter((other) => other.module === child.module);
  return `${base}_${same.indexOf(child) + 1}`;
}
