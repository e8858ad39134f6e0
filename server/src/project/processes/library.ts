import type { ModuleFacts } from "../../facts/facts.ts";
import { packages } from "../packages.ts";
import type { View } from "../project.ts";
import { behavesAs } from "./servers.ts";

/** True for a published package without an application of its own: it has no supervision tree to start anything in. */
export const isLibrary: View<boolean> = {
  name: "is-library",
  slices: ["packages", "uses", "functions"],
  compute(facts) {
    return facts.read(packages).mix?.published === true && facts.where(isApplication).length === 0;
  },
};

function isApplication(module: ModuleFacts): boolean {
  return module.fileClass === "code" && behavesAs(module, "Application");
}
