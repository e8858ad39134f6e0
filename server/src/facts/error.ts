import type { Shape } from "./shape.ts";

/** Why a `{:error, reason}` says that it failed, as far as a test and a server can both write it down; `_` for any reason. */
export function errorOf(shape: Shape): string | null {
  const [tag, reason] = shape.kind === "tuple" ? shape.items : [];
  if (tag?.kind !== "atom" || tag.value !== "error" || !reason) return null;
  if (reason.kind === "atom" || reason.kind === "string") return reason.value;
  const [first] = reason.kind === "tuple" ? reason.items : [];
  return first?.kind === "atom" ? first.value : "_";
}
