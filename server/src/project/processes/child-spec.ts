import type { ModuleFacts, UseForm } from "../../facts/facts.ts";
import { entry } from "../../facts/shape.ts";

/** Modules whose `use` defines `child_spec/1`. */
const SPECIFYING = new Set(["GenServer", "GenStage", "Agent", "Task", "Supervisor", "DynamicSupervisor"]);

/**
 * The `use` of a worker's behaviour that gives the module its `child_spec/1`; null where the module, or something else that
 * it uses, may define one of its own, and where the options are not known.
 */
export function specifyingUse(module: ModuleFacts): UseForm | null {
  const forms = module.useForms.filter(({ use }) => SPECIFYING.has(use.module));
  const [form, another] = forms;
  if (!form || another || form.use.module.endsWith("Supervisor") || !form.plain || module.byName.has("child_spec"))
    return null;
  return form;
}

/** The atom or number that an option of the `use` is set to; null where it is not there. */
export function optionOf({ options }: UseForm, key: string): string | null {
  const value = entry(options ?? undefined, key);
  if (value === null) return null;
  return value.kind === "atom" || value.kind === "number" ? value.value : "?";
}
