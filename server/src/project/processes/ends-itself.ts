import type { ModuleFacts } from "../../facts/facts.ts";
import { isAtomShape, type Shape } from "../../facts/shape.ts";
import type { View } from "../project.ts";
import { behavesAs } from "./servers.ts";

/**
 * True for a program that is done some day: one of its processes ends the node, and says that all went well. Whoever starts it
 * waits for it to the end.
 */
export const endsItself: View<boolean> = {
  name: "ends-itself",
  slices: ["functions", "uses"],
  compute: (facts) => facts.where(endsWell).length > 0,
};

/** True for a process that ends the node, and says that all went well. */
export function endsWell(module: ModuleFacts): boolean {
  if (module.fileClass !== "code" || !behavesAs(module, "GenServer", "Application", "Task")) return false;
  return module.clauses.some(({ calls }) => calls.some((call) => endsNode(call) && isSuccess(call.args[0])));
}

/** True for a call after which nothing runs on this node, so that what stands below it never does. */
export function endsNode({ module, name }: { readonly module: string | null; readonly name: string }): boolean {
  return name === "halt"
    ? module === "System" || module === ":erlang"
    : name === "stop" && /^(?:System|:init)$/.test(module ?? "");
}

function isSuccess(status: Shape | undefined): boolean {
  return status === undefined || isAtomShape(status, "normal") || (status.kind === "number" && status.value === "0");
}
