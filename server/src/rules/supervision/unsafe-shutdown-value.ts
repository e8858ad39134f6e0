import type { Anchor, ChildrenPart, ModuleFacts } from "../../facts/facts.ts";
import { anchor, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { optionOf, specifyingUse } from "../../project/processes/child-spec.ts";
import { childStarts } from "../../project/processes/child-starts.ts";
import { cleanUpIn } from "../../project/processes/clean-up.ts";
import { behavesAs, handlesMessage } from "../../project/processes/servers.ts";
import { setShutdown } from "../../refactor/shutdown-value.ts";

/** A place where the module's `shutdown` is given. */
interface Setting {
  readonly value: string;
  readonly at: Anchor;
}

export default moduleRule({
  id: "supervision/unsafe-shutdown-value",
  category: "reliability",
  severity: "information",
  since: "0.1.0",
  summary: "A `shutdown` that skips the clean-up of a worker, or that waits for it for ever.",
  check(module, cx) {
    if (behavesAs(module, "Supervisor", "DynamicSupervisor", ":supervisor") || !behavesAs(module, "GenServer", "Agent"))
      return;
    const cleanUp = (module.byName.get("terminate") ?? []).find(
      (clause) => clause.callback && cleanUpIn(module, clause),
    );
    // One that handles the exits of what it has started does what a supervisor does, and may wait as one does.
    const superintends = handlesMessage(module, "EXIT");
    for (const { value, at } of settingsOf(module, cx)) {
      const message =
        value === "infinity" && !superintends
          ? `\`shutdown: :infinity\` lets \`${module.name}\` hold up the shutdown of the whole node for ever when it hangs; give it a number of milliseconds.`
          : value === "brutal_kill" && cleanUp
            ? `\`shutdown: :brutal_kill\` ends \`${module.name}\` without a call of its \`terminate/2\`, so the clean-up there never runs at shutdown; give it a number of milliseconds.`
            : null;
      if (message === null) continue;
      const related = cleanUp ? [{ at: anchor(module, cleanUp, cleanUp.at), message: "The clean-up is here" }] : [];
      cx.report(at, message, { related, fixes: [suggest("Give it 5 seconds: `shutdown: 5_000`", setShutdown)] });
    }
  },
});

/** In the options of `use`, in the module's own `child_spec/1`, and where a supervisor of the project starts it. */
function settingsOf(module: ModuleFacts, cx: ViewContext): Setting[] {
  const form = specifyingUse(module);
  const used = form && optionOf(form, "shutdown");
  const own = form && used ? [{ value: used, at: anchor(module, form, form.at) }] : [];
  const specified = (module.byName.get("child_spec") ?? []).flatMap((clause) =>
    (clause.supervision?.returns ?? []).flatMap((part) => {
      const value = isOwnChild(part, module) ? part.shutdown : null;
      return value !== null && part.kind === "child" ? [{ value, at: anchor(module, clause, part.at) }] : [];
    }),
  );
  const started = cx
    .about(childStarts, module)
    .flatMap(({ shutdown, type, at }) => (shutdown !== null && type !== "supervisor" ? [{ value: shutdown, at }] : []));
  return [...own, ...specified, ...started];
}

function isOwnChild(part: ChildrenPart, module: ModuleFacts): part is Extract<ChildrenPart, { kind: "child" }> {
  return part.kind === "child" && part.module === module.name && part.type !== "supervisor";
}
