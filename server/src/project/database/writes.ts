import { leadsTo, needsSuccess } from "../../facts/branch.ts";
import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { dependence } from "../../facts/flow-bits.ts";
import { saysItWrites } from "../../facts/results.ts";
import { entry, isAtomShape, type Shape } from "../../facts/shape.ts";
import { isLocalCall } from "../calls/clauses.ts";
import type { ModuleEffects } from "../effects/effects.ts";
import { staysInside } from "../effects/outward.ts";
import { type Hop, lastHop } from "../effects/witness.ts";

/** A call that writes to a repository, itself or by what it runs, by its index in the clause's calls. */
export interface Write {
  readonly index: number;
  readonly call: CallFact;
  readonly repo: string;
}

/** SQL as text: what it does is not known, or its own affair. */
const RAW = /^query/;

/** Functions that look for something, and write only when they do not find it. */
const LOOKS_UP = /^(?:do_)?(?:find|get|fetch|load|lookup|ensure|maybe|resolve)(?:_|$)/;

/** Finds the writes in the functions of one module that belong together though no transaction holds them. */
export class LooseWrites {
  private readonly known: ModuleEffects;

  /** @param about what the functions of a module do */
  constructor(
    private readonly module: ModuleFacts,
    private readonly isRepo: (module: string) => boolean,
    private readonly about: (module: ModuleFacts) => ModuleEffects,
  ) {
    this.known = about(module);
  }

  /** The first two writes on one way through the function that belong together, with nothing between that reaches out. */
  pair(clause: ClauseOfModule): readonly [Write, Write] | null {
    const writes = clause.calls.flatMap((call, index): Write[] => {
      const writes = call.runs === "inline" && call.transaction === null && this.known.does(call, "db-write");
      const repo = writes ? this.repoOf(call, clause) : null;
      return repo === null ? [] : [{ index, call, repo }];
    });
    if (writes.length < 2) return null;
    for (const second of writes) {
      for (const first of writes) {
        if (
          first === second ||
          first.repo !== second.repo ||
          this.isGetOrCreate(first) ||
          !leadsTo(clause, first.call, second.call)
        )
          continue;
        if (!belongTogether(clause, first, second) || isOutcome(clause, first, second, writes)) continue;
        // What the first is given is called before it.
        const between = clause.calls.filter(
          (call, i) =>
            i > first.index && i < second.index && !first.call.uses.includes(i) && leadsTo(clause, call, second.call),
        );
        if (between.every((call) => this.isInside(call))) return [first, second];
      }
    }
    return null;
  }

  /** The repository that a call writes to, itself or through functions of the module; null where a transaction would not help. */
  private repoOf(call: CallFact, clause: ClauseOfModule): string | null {
    const witness = this.known.of(call, "db-write");
    if (!witness || !isNoticed(witness.hops) || witness.hops.some(isStep)) return null;
    const { module: repo, name } = lastHop(witness).call;
    if (repo === null || !this.isRepo(repo) || RAW.test(name) || isRepeatable(lastHop(witness).call)) return null;
    const [, ...inner] = witness.hops;
    if (this.writesAgain(witness.hops[0], call)) return null;
    if (inner.length === 0) return repo;
    if (!isLocalCall(this.module, call) || call.name === clause.name) return null;
    if (!saysItWrites(call.name) && !(inner.length === 1 && inner.every((hop) => this.isWriteAlone(call, hop))))
      return null;
    const fits = this.isInside(call) && !inner.some((hop) => LOOKS_UP.test(hop.call.name) || this.writesAgain(hop));
    return fits ? repo : null;
  }

  /** True where the function that is called always writes, whatever it is called, and raises when it cannot: `new_owner!(name)`. */
  private isWriteAlone(call: CallFact, hop: Hop): boolean {
    const { branch, loop, name } = hop.call;
    return this.known.targets(call).length === 1 && branch < 0 && loop < 0 && name.endsWith("!");
  }

  /** True when the function of the hop writes once more after a write, or that one, has failed: in a transaction it could not. */
  private writesAgain({ module, clause: { branches, calls } }: Hop, only?: CallFact): boolean {
    const known = this.about(module);
    const follows = (call: CallFact, failed: CallFact | undefined): boolean => {
      if (!failed || (only && failed !== only)) return false;
      return known.does(failed, "db-write") && known.does(call, "db-write");
    };
    return calls.some((call, i) => {
      const branch = branches[call.branch];
      if (branch?.failure && follows(call, calls[branch.on])) return true;
      // `with {:error, _} <- rename(bin, code), do: rename(bin, other)`
      return calls.slice(0, i).some((other) => other.outcome === "failed" && follows(call, other));
    });
  }

  /** True for a row that is put where there is none yet, and stays for the next who wants it. */
  private isGetOrCreate({ call }: Write): boolean {
    const witness = this.known.of(call, "db-write");
    return witness !== null && leavesWhatIsThere(lastHop(witness).call);
  }

  /** True when a transaction around all that the function does would hold nothing but what a rollback takes back. */
  mayBeWrapped({ calls }: ClauseOfModule): boolean {
    return calls.every((call) => this.isInside(call));
  }

  private isInside(call: CallFact): boolean {
    return staysInside(this.known, call, this.isRepo);
  }
}

/** True when the second write needs what the first wrote, or is only done when the first has succeeded. */
function belongTogether(clause: ClauseOfModule, first: Write, second: Write): boolean {
  if (second.call.uses.includes(first.index)) return true;
  // Two updates of many rows each stand for themselves.
  if (first.call.name === "update_all" && second.call.name === "update_all") return false;
  if (clearsOthers(first.call, second.call)) return false;
  if (isInBatches(first.call, second.call) || addsToTheSame(first.call, second.call)) return false;
  return first.index < second.index && (raises(first.call) || needsSuccess(clause, first.index, second.call));
}

/** Bulk statements one after the other before the second write: none is to hold its locks until the last is done. */
function isInBatches(first: CallFact, second: CallFact): boolean {
  return first.loop >= 0 && first.loop !== second.loop && first.name.endsWith("_all");
}

/** Rows are deleted that have nothing in common: neither statement is given what the other is. */
function clearsOthers(first: CallFact, second: CallFact): boolean {
  if (first.name !== "delete_all" || second.name !== "delete_all") return false;
  return (dependence(first.flows[0] ?? 0) & dependence(second.flows[0] ?? 0)) === 0;
}

/** Two sets of rows that are put into the same table. */
function addsToTheSame(first: CallFact, second: CallFact): boolean {
  if (first.name !== "insert_all" || second.name !== "insert_all") return false;
  const table = tableOf(first.args[0]);
  return table !== null && table === tableOf(second.args[0]);
}

/** The schema or the name of the table that `insert_all` is given. */
function tableOf(table: Shape | undefined): string | null {
  return table?.kind === "module" || table?.kind === "string" ? table.value : null;
}

/**
 * True when the second write notes how something went that was done between the two, and another one notes that it failed: what
 * the first wrote has to be there by then, and to stay.
 */
function isOutcome({ branches }: ClauseOfModule, first: Write, second: Write, writes: readonly Write[]): boolean {
  const way = branches[second.call.branch];
  if (!way || way.on <= first.index || way.on >= second.index) return false;
  return writes.some(({ call }) => {
    const other = branches[call.branch];
    return other !== undefined && other !== way && other.of === way.of && other.failure !== way.failure;
  });
}

/** True for what a function adds to a multi that it is given: it runs with all the others, in the multi's transaction. */
function isStep({ call }: Hop): boolean {
  return call.transaction?.module === "Ecto.Multi";
}

/** `insert_all(Tag, rows, on_conflict: :nothing)`: rows that may be there or not; who tries again finds them. */
function isRepeatable({ name, args }: CallFact): boolean {
  return name === "insert_all" && isAtomShape(entry(args[2], "on_conflict") ?? undefined, "nothing");
}

/** `insert(row, on_conflict: [set: [code: code]], conflict_target: :code)`: of a row that is there already, nothing changes. */
function leavesWhatIsThere({ name, args }: CallFact): boolean {
  const options = /^insert!?$/.test(name) ? args[1] : undefined;
  const target = entry(options, "conflict_target");
  const conflict = entry(options, "on_conflict");
  if (isAtomShape(conflict, "nothing")) return true;
  const columns = new Set([...namesIn(target), "updated_at"]);
  const set = conflict?.kind === "keyword" ? entry(conflict, "set") : null;
  return set?.kind === "keyword" && set.entries.every(([column]) => columns.has(column));
}

/** `:code`, `[:code, :shop_id]` */
function namesIn(shape: Shape | null): readonly string[] {
  const items = shape?.kind === "list" ? shape.items : [shape];
  return items.flatMap((item) => (item?.kind === "atom" ? [item.value] : []));
}

/** True when somebody learns that the write at the end of the hops failed: it raises, or its result comes back. */
function isNoticed(hops: readonly Hop[]): boolean {
  for (const { call, clause } of [...hops].reverse()) {
    if (raises(call) || call.outcome === "asserted") return true;
    if (call.outcome === "discarded" || call.outcome === "assumed") return false;
    const loop = clause.loops[call.loop];
    // The others go on when one fails.
    if (loop && loop.kind !== "recursion" && !loop.kind.endsWith("reduce_while")) return false;
  }
  return true;
}

function raises({ name }: CallFact): boolean {
  return name.endsWith("!") || name.endsWith("_all");
}
