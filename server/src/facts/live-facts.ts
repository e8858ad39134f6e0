import type { Ordinal } from "./call-facts.ts";

/** Whose rows the value of a function is. */
export interface RowsFact {
  /** Indices of the calls whose lists it gives as they are, ordered, filtered or changed element by element. */
  readonly calls: readonly number[];
  /** It gives those lists as they are, or with associations loaded: every way out is one of them, or `[]`. */
  readonly asTheyAre: boolean;
  /** The index of the parameter whose elements it gives so, or -1. */
  readonly parameter: number;
  /** It speaks of limits or pages, of a search, or of values that are told apart: how many rows there are is decided. */
  readonly bounded: boolean;
  /** It speaks of conditions: not the whole table. */
  readonly filtered: boolean;
  /** It puts the newest first, as one does with what comes in for ever. */
  readonly newestFirst: boolean;
}

/** What a function or a template does with the assigns of a socket, or of a component. */
export interface AssignFacts {
  readonly sets: readonly AssignSet[];
  readonly reads: readonly AssignRead[];
  /** The components in its markup. */
  readonly components: readonly ComponentUse[];
  /** Functions that get the socket or all assigns. */
  readonly handed: readonly Handed[];
  /** All assigns go where nobody knows what is read: `inspect(assigns)`, `assigns[key]`, markup that does not parse. */
  readonly escapes: boolean;
  /** It sets keys that are not written out: `assign(socket, key, value)`, `assign(socket, params)`. */
  readonly open: boolean;
  /** Its markup is LEEx. */
  readonly leex: boolean;
}

export interface Handed {
  /** `Module.name/arity`, or `name/arity` of this module or an import. */
  readonly to: string;
  /** True for all assigns, which a function may go through; of a socket it reads what it knows the name of. */
  readonly all: boolean;
}

export interface AssignSet {
  /** The key. */
  readonly at: Ordinal;
  readonly key: string;
  readonly by: "assign" | "assign_new" | "update" | "async" | "stream" | "upload" | "temporary";
  /** True for `assign(assigns, …)`, as components do. */
  readonly inRender: boolean;
  readonly value: AssignValue;
}

/** What a key is set to. */
export interface AssignValue {
  /**
   * `added` is what it held before with something more: `[message | socket.assigns.messages]`; `changed` the same with some
   * of its elements replaced, or added unless they are there: `List.keystore(socket.assigns.rows, id, 0, row)`.
   */
  readonly kind: "empty" | "literal" | "form" | "changeset" | "count" | "added" | "changed" | "other";
  /** Of `added` and `changed`, what adds or replaces. */
  readonly changes: Ordinal | null;
  /** Indices of the calls whose rows it holds, as in `RowsFact`. */
  readonly rows: readonly number[];
  /** Some of these are left out in memory. */
  readonly filtered: boolean;
  /** The other keys of the socket that it is computed from by pure functions alone; null where there is anything else. */
  readonly from: readonly string[] | null;
}

export interface AssignRead {
  readonly at: Ordinal;
  readonly key: string;
  /** In markup, or in the function around it. */
  readonly template: boolean;
  /** Iterated over (for the options of a field: `options`), asked whether it is there, passed on to a component as it is, or anything else. */
  readonly how: "loop" | "options" | "condition" | "passed" | "value";
  /** `assigns[:key]`: it need not be there. */
  readonly optional: boolean;
  /** It may stand under a condition. */
  readonly conditional: boolean;
  /** In an element with `phx-update="append"` or `"prepend"`, which keeps in the browser what it has shown. */
  readonly appended: boolean;
  /** Of `@streams.parcels` and `@uploads.photo`, which one. */
  readonly part: string | null;
}

/** `<.card title={@title}>`, `<Shop.Card.item />`, `<.live_component module={Shop.Cart} id="cart" />` */
export interface ComponentUse {
  readonly at: Ordinal;
  /** The module where it is written out, its alias resolved. */
  readonly module: string | null;
  readonly name: string;
  /** The module of a LiveComponent. */
  readonly live: string | null;
  /** What attributes are given just an assign, as `[attribute, key]`. */
  readonly passes: readonly (readonly [string, string])[];
  /** All attributes that it is given by name. */
  readonly attributes: readonly string[];
  /** It may be given all assigns: `{assigns}`, `{Map.delete(assigns, :flash)}`; of `{@rest}` it gets what that holds. */
  readonly open: boolean;
}

/** A change of assigns past LiveView. */
export interface UntrackedChange {
  readonly at: Ordinal;
  /** The function, as it is written; null for `%{assigns | …}`. */
  readonly by: string | null;
  /** `assigns` of a template, or `socket.assigns`. */
  readonly subject: string;
}

/** Something large that is given to a function which, by its name, tells others of it. */
export interface PayloadFact {
  /** Index of the call among those of the clause. */
  readonly call: number;
  readonly argument: number;
  readonly at: Ordinal;
  readonly kind: "rows" | "preloaded" | "state" | "socket" | "conn" | "assigns" | "changeset";
  /** The variable; empty for anything else. */
  readonly name: string;
}

/** What the templates of a clause hand on, and what they send to the server. */
export interface TemplateFacts {
  /** True when one of its ways out is a template, or may well be one. */
  readonly renders: boolean;
  /** True when LiveView tracks its `assigns`: no controller renders it, and it did not make them itself. */
  readonly tracked: boolean;
  readonly wholes: readonly WholeAssigns[];
  /**
   * By element of a component that gets all assigns, or values of functions that do: their names, and its own where it gets
   * them itself; `ANYBODY` for who is known at run time only.
   */
  readonly elements: readonly (readonly string[])[];
  readonly variables: readonly TemplateVariable[];
  readonly events: readonly EventFact[];
  readonly inputs: readonly InputFact[];
  readonly unkeyed: readonly UnkeyedLoop[];
}

/** A `:for` without a `:key`. */
export interface UnkeyedLoop {
  /** The attribute. */
  readonly at: Ordinal;
  /** What tells the elements apart: `box.id`. */
  readonly key: string;
  /** The assign that it goes through. */
  readonly assign: string;
}

/** A place in a template that hands all assigns on. */
export interface WholeAssigns {
  readonly at: Ordinal;
  /** `<.card {assigns} />`, `<.card data={assigns} />`, `{Map.get(assigns, :name)}` */
  readonly how: "spread" | "attribute" | "call";
  /** The component or function, as it is written. */
  readonly to: string;
  /** Index of the element of a component that it stands in the tag of among the `elements`, or -1. */
  readonly element: number;
}

/** Stands for a function or a component that is known at run time only. */
export const ANYBODY = "*";

/** An `if` or its like, or a component with what it holds: left out of a render where none of its assigns has changed. */
export interface VariableBlock {
  /**
   * The assigns, or fields of them (`order.state`), that the block names beside those which the variable is computed from; null where
   * that is not known, or something else has it evaluated.
   */
  readonly others: readonly string[] | null;
}

/** A pattern whose variables a template shows. */
export interface TemplateVariable {
  readonly at: Ordinal;
  /** Those of its names that are shown. */
  readonly names: readonly string[];
  /** The part of the template that it is bound in, where that is not evaluated at every render. */
  readonly block: VariableBlock | null;
  /** The template, where `assign` can take the variable's place. */
  readonly template: Ordinal | null;
}

/** An event that an element of a template, or a `JS.push`, sends. */
export interface EventFact {
  readonly at: Ordinal;
  readonly name: string;
  /** Whom it is sent to: the LiveView, the component that has the template (`@myself`), or somebody else. */
  readonly target: "view" | "self" | "other";
  /** The attribute of the tag, such as `phx-click`; `push` for `JS.push`. */
  readonly by: string;
}

/** A field for text whose changes are sent at each keystroke. */
export interface InputFact {
  readonly at: Ordinal;
  /** Index of the event among those of the clause. */
  readonly event: number;
}
