import { sameSet } from "../../base/same-items.ts";
import type { CallFact, ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";

/** Callbacks that a parent may call of a component by itself. */
const CALLBACK = /^(?:handle_\w+|terminate)$/;

const NONE: readonly string[] = [];

/**
 * The callbacks that the project's own code calls by name, as `Module.name/arity`: `ShopWeb.Cart.handle_info(message, socket)`; as
 * `*.name/arity` those of a module that is known at run time only, with a socket, unless a behaviour of the project says which
 * modules these are.
 */
export const called: View<ReadonlySet<string>> = {
  name: "called",
  slices: ["functions", "uses"],
  compute(facts, previous) {
    const declared = new Set(facts.collect(callbacksDeclared));
    const now = new Set(facts.collect(callbacksCalled).filter((name) => !declared.has(name)));
    return previous && sameSet(previous, now) ? previous : now;
  },
};

function callbacksDeclared({ callbacks }: ModuleFacts): readonly string[] {
  return callbacks.length > 0 ? callbacks.map((name) => `*.${name}`) : NONE;
}

function callbacksCalled(module: ModuleFacts): readonly string[] {
  const out = module.clauses.flatMap((clause) =>
    clause.calls.flatMap((call) =>
      CALLBACK.test(call.name) && (call.module !== null || isOfAnyView(call))
        ? [`${call.module ?? "*"}.${call.name}/${call.arity}`]
        : [],
    ),
  );
  return out.length > 0 ? out : NONE;
}

function isOfAnyView({ target, args }: CallFact): boolean {
  return target !== null && args.some((arg) => arg.kind === "variable" && /socket/.test(arg.name));
}
