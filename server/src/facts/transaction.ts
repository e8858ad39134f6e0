import type { Call } from "../syntax/ast.ts";
import type { Anchors } from "./anchors.ts";
import type { TransactionFact } from "./facts.ts";

/** `transaction`, `transact`, and what wraps them: `with_transaction`, `transact_with_lock`. */
const TRANSACTION = /^(?:\w+_)?transact(?:ion)?(?:_\w+)?!?$/;

/** The transaction that a call runs its closures in: that of a repository, or of the multi they are added to; else null. */
export function transactionOf(call: Call, anchors: Anchors): TransactionFact | null {
  const { module, name } = call;
  if (module !== "Ecto.Multi" && !TRANSACTION.test(name)) return null;
  return { at: anchors.add({ start: call.calleeStart, end: call.calleeEnd }), module, name };
}
