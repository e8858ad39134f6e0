import type { Ordinal } from "./call-facts.ts";
import type { Shape } from "./shape.ts";

/** How a callback uses its state: not at all, only to hand it back, or really. */
export type StateUse = "ignored" | "returned" | "used";

export interface CallbackFact {
  readonly state: StateUse;
  /**
   * The one literal that the state is in the head and on all ways out that do not hand back what the clause was given; null
   * where there is none, where the state is read, and where a way out is not known.
   */
  readonly literalState: string | null;
  /** What the clause evaluates to, one shape for each way out. */
  readonly returns: readonly Shape[];
  /** Of `init` and `handle_continue`: the calls (`Module.name`) whose values go into the state, and what they are called there. */
  readonly keeps: readonly { readonly call: string; readonly as: string }[];
  /** Where `handle_call`, `handle_cast` and `handle_info` add the pid of a caller or of the message to a collection in the state. */
  readonly collects: readonly { readonly pid: string; readonly at: Ordinal }[];
  /** Every way out hands back the very state that the clause was given. */
  readonly unchanged: boolean;
  /** Of `handle_call`: all that it answers with is the state, or a field of it, and it keeps the state as it is. */
  readonly getter: boolean;
  /** Of `handle_call`: it works on the request, and asks neither who sent it nor which process it is in. */
  readonly computes: boolean;
}

/**
 * What a clause of a GenServer's module does with the state. Fields are named by their path, `queue.items`; `""` is the
 * state as a whole, and `[]` stands for a computed key.
 */
export interface StateFacts {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /**
   * Where something that a message brought is added to a collection in the state; `serial` is the field that counts its keys,
   * where it is added under a number that the clause counts up.
   */
  readonly grows: readonly { readonly at: Ordinal; readonly field: string; readonly serial: string | null }[];
  /** The fields, by their last name, that the clause counts up and sets to nothing else. */
  readonly counts: readonly string[];
  /** Collections from which something may be taken away, or which are replaced; `*` where it is not known which. */
  readonly shrinks: readonly string[];
  /** The clause only looks something up, or only puts or deletes something. */
  readonly access: "get" | "put" | null;
}

/** What an entry is added under: what is new each time, what a call gives, or what the function is given. */
export type EntryKey =
  | { readonly kind: "new" }
  | { readonly kind: "call"; readonly module: string | null; readonly name: string; readonly arity: number }
  | { readonly kind: "parameter"; readonly index: number };

/** What a clause of a process does with the entries of maps that its state holds, each known by the name of its field. */
export interface EntryFacts {
  /** Where an entry is added; the key is null where it may come again, or is not known. */
  readonly adds: readonly { readonly at: Ordinal; readonly field: string; readonly key: EntryKey | null }[];
  /**
   * Where an entry is looked up whose timer is cancelled then, or whose caller answered, by a clause that goes on and leaves
   * the map as it is.
   */
  readonly answers: readonly { readonly at: Ordinal; readonly field: string; readonly by: "timer" | "caller" }[];
  /** The fields that are set to an empty map; `*` where a whole state is made. */
  readonly begins: readonly string[];
  /** The fields that are used in any other way: something may be taken out of them, or what stays be read. */
  readonly otherwise: readonly string[];
  /** The modules whose functions get the whole state; `?` where it is not known which. */
  readonly handsTo: readonly string[];
  /** The process ends on every way. */
  readonly ends: boolean;
}

/** A process that a function starts, and whose pid it binds: `{:ok, pid} = Shop.Scales.start_link()`. */
export interface StartedProcess {
  readonly at: Ordinal;
  /** The module whose process it is, or that starts it; null for a function of this one. */
  readonly module: string | null;
  readonly name: string;
  /** The calls that get its pid as their first argument; `known` is false where the module is one that the program finds at run time. */
  readonly uses: readonly {
    readonly module: string | null;
    readonly name: string;
    readonly arity: number;
    readonly known: boolean;
  }[];
  /** The pid is used in any other way. */
  readonly leaves: boolean;
}

/** What a call does to the state of an agent: `Agent.update(Shop.Prices, &Map.put(&1, product, price))`. Fields as in `StateFacts`. */
export interface AgentChange {
  /** The agent, by what it is addressed. */
  readonly agent: Shape;
  /** Where something that the function was given is added to a collection in the state. */
  readonly grows: readonly { readonly at: Ordinal; readonly field: string }[];
  /** Collections from which something may be taken away, or which are replaced; `*` where it is not known which. */
  readonly shrinks: readonly string[];
}

/** A name that a client function addresses a process by: of `Task.Supervisor.async(Shop.Tasks, …)` the first argument. */
export interface NameUse {
  readonly at: Ordinal;
  /** The module whose process it is: `Task.Supervisor`, `Registry`, `Phoenix.PubSub`… */
  readonly kind: string;
  readonly name: string;
}

/** A child in a supervisor's list. */
export interface ChildFact {
  readonly kind: "child";
  readonly at: Ordinal;
  /** The module whose specification it is. */
  readonly module: string;
  /** What it is started with; `any` where nothing is given. */
  readonly arg: Shape;
  readonly id: Shape | null;
  readonly restart: string | null;
  /** An atom such as `brutal_kill`, or a number of milliseconds, where it is given one here; `?` for what is computed. */
  readonly shutdown: string | null;
  /** `worker` or `supervisor`, where it says so here. */
  readonly type: string | null;
  /** The conditions under which it is there, `choice.way` each; two ways of one choice exclude each other. */
  readonly branch: readonly string[];
}

/** A part of a list of children; a function of the module gives more of them, or one. */
export type ChildrenPart =
  | ChildFact
  | {
      readonly kind: "function";
      readonly name: string;
      readonly args: readonly Shape[];
      readonly branch: readonly string[];
    }
  | { readonly kind: "unknown"; readonly branch: readonly string[] };

export interface SupervisorFact {
  readonly at: Ordinal;
  readonly strategy: string | null;
  readonly strategyAt: Ordinal | null;
  readonly maxRestarts: string | null;
  readonly children: readonly ChildrenPart[];
}

export interface SupervisionFacts {
  readonly supervisors: readonly SupervisorFact[];
  /** What a function of a supervisor's module, or `child_spec/1` of any, evaluates to when that is a list of children, or one. */
  readonly returns: readonly ChildrenPart[] | null;
  /** Of `periodic_measurements/0` and its like: the `{Module, :function, arguments}` that it gives to a poller. */
  readonly measurements: readonly Shape[];
}
