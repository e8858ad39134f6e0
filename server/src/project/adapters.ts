import type { ModuleFacts } from "../facts/facts.ts";
import { entry } from "../facts/shape.ts";
import type { View } from "./project.ts";

/** What is known of the databases behind the project's repositories. */
export interface Adapters {
  /** The modules that its own `use Ecto.Repo` name, each once; null for a repository that names none in place. */
  readonly modules: readonly (string | null)[];
}

/** From the `adapter:` of each `use Ecto.Repo, otp_app: …, adapter: …` in the project. */
export const adapters: View<Adapters> = {
  name: "adapters",
  slices: ["uses"],
  compute(facts, previous) {
    const modules = [...new Set(facts.collect(adaptersOf))].sort();
    return previous?.modules.join() === modules.join() ? previous : { modules };
  },
};

function adaptersOf({ useForms }: ModuleFacts): (string | null)[] {
  return useForms
    .filter((form) => form.use.module === "Ecto.Repo")
    .map((form) => {
      const adapter = entry(form.options ?? undefined, "adapter");
      return adapter?.kind === "module" ? adapter.value : null;
    });
}

const DEFAULT = "Ecto.Adapters.Postgres";

/** True when the project's repositories are of no other database than that adapter's; without any, PostgreSQL is assumed. */
export function usesOnly({ modules }: Adapters, adapter: string): boolean {
  return modules.length > 0 ? modules.every((module) => (module ?? DEFAULT) === adapter) : adapter === DEFAULT;
}
