import type { ModuleFacts } from "../facts/facts.ts";
import { isTest } from "./calls/call-graph.ts";
import type { Lookup } from "./lookup.ts";
import { packages } from "./packages.ts";

/**
 * True for a module beside the tests' folder that asserts as tests do, and that nothing but tests and its like call: examples
 * that tests run, helpers. In a package for others such a module is what they test with, and as good as all else in it.
 */
export function isTestCode(facts: Lookup, module: ModuleFacts): boolean {
  if (!asserts(module) || facts.read(packages).mix?.published === true) return false;
  return module.clauses.every((clause) =>
    facts.callers(clause).every(({ module: caller }) => isTest(caller) || asserts(caller)),
  );
}

/** True for `import ExUnit.Assertions`, written or brought in by a macro of the project. */
function asserts({ imports }: ModuleFacts): boolean {
  return imports.includes("ExUnit.Assertions");
}
