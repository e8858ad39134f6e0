import type { ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";

/** Callbacks that a parent may call of a component by itself. */
const CALLBACK = /^(?:handle_\w+|terminate)$/;

const NONE: readonly string[] = [];

/** The callbacks that the project's own code calls by name, as `Module.name/arity`: `ShopWeb.Cart.handle_info(message, socket)`. */
export const called: View<ReadonlySet<string>> = {
  name: "called",
  slices: ["functions"],
  compute(facts, previous) {
    const now = new Set(facts.collect(callbacksCalled));
    return previous && previous.size === now.size && [...now].every((name) => previous.has(name)) ? previous : now;
  },
};

function callbacksCalled(module: ModuleFacts): readonly string[] {
  const out = module.clauses.flatMap((clause) =>
    clause.calls.flatMap((call) =>
      call.module !== null && CALLBACK.test(call.name) ? [`${call.module}.${call.name}/${call.arity}`] : [],
    ),
  );
  return out.length > 0 ? out : NONE;
}
