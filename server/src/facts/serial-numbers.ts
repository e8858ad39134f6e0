import type { Def, Node } from "../syntax/ast.ts";
import { isBoundOnce } from "../syntax/binding.ts";
import { callsIn, find, visit } from "../syntax/visit.ts";

const NONE: ReadonlyMap<string, string> = new Map();
const COMPARES = /^(?:[<>]=?|[=!]==?)$/;

/** The fields of a state that a function only ever counts up, and what in it stands for such a number: no number comes twice. */
export class SerialNumbers {
  private readonly counted = new Set<string>();
  private held: ReadonlyMap<string, string> = NONE;

  constructor(private readonly def: Def) {
    if (!def.body || !find(def.body, isPlus)) return;
    this.held = heldFields(def);
    const otherwise = new Set<string>();
    const note = (field: string, counts: boolean): void => {
      (counts ? this.counted : otherwise).add(field);
    };
    visit(def, (node) => {
      if (node.type === "map" && node.base) {
        for (const item of node.items)
          if (item.type === "pair" && item.key.type === "atom")
            note(item.key.value, this.isNext(item.value, item.key.value));
      } else if (node.type === "binary" && COMPARES.test(node.operator)) {
        for (const side of [node.left, node.right]) otherwise.add(this.fieldOf(side) ?? "");
      }
    });
    for (const { module, name, args } of callsIn(def.body)) {
      const [target, key] = args;
      const last = args.at(-1);
      const field =
        module === "Map" && key?.type === "atom" ? key.value : target?.type === "field" ? target.name : null;
      if (field === null || !last) continue;
      if (/^(?:put|put_in|replace!?)$/.test(name)) note(field, this.isNext(last, field));
      else if (/^(?:update!?|update_in)$/.test(name)) note(field, countsUp(last));
    }
    for (const field of otherwise) this.counted.delete(field);
  }

  /** The fields that the function counts up, and sets to nothing else. */
  get fields(): readonly string[] {
    return [...this.counted];
  }

  /** The field whose number the key is; null where it is none, or one that is not counted up. */
  of(key: Node): string | null {
    const field = this.fieldOf(key);
    return field !== null && this.counted.has(field) ? field : null;
  }

  /** `state.next_id`, and what a variable holds of it, plus one or not. */
  private fieldOf(node: Node): string | null {
    if (node.type === "field") return node.name;
    return node.type === "variable" ? (this.held.get(node.name) ?? null) : null;
  }

  /** `state.next_id + 1`, `id + 1`, or a variable that holds one of these. */
  private isNext(value: Node, field: string): boolean {
    if (isPlus(value)) return this.fieldOf(value.left) === field;
    if (value.type !== "variable" || this.held.get(value.name) !== field) return false;
    return find(this.def, (n) => isMatchOf(n, value.name) && isPlus(n.right)) !== null;
  }
}

/** The variables that hold a field of a map, `%{next_id: id}` and `id = state.next_id`, or one more than that. */
function heldFields(def: Def): ReadonlyMap<string, string> {
  const held = new Map<string, string>();
  const take = (pattern: Node): void =>
    visit(pattern, (node) => {
      if (node.type !== "map") return;
      for (const item of node.items)
        if (
          item.type === "pair" &&
          item.key.type === "atom" &&
          item.value.type === "variable" &&
          isBoundOnce(item.value)
        )
          held.set(item.value.name, item.key.value);
    });
  def.params.forEach(take);
  visit(def, (node) => {
    if (node.type !== "binary" || node.operator !== "=") return;
    take(node.left);
    if (node.left.type !== "variable") return;
    const value = isPlus(node.right) ? node.right.left : node.right;
    const field = value.type === "field" ? value.name : value.type === "variable" ? held.get(value.name) : undefined;
    if (field !== undefined && isBoundOnce(node.left)) held.set(node.left.name, field);
  });
  return held;
}

type Plus = Extract<Node, { type: "binary" }>;

/** `… + 1` */
function isPlus(node: Node): node is Plus {
  return (
    node.type === "binary" && node.operator === "+" && node.right.type === "number" && !/^[0_]*$/.test(node.right.text)
  );
}

function isMatchOf(node: Node, name: string): node is Plus {
  return node.type === "binary" && node.operator === "=" && node.left.type === "variable" && node.left.name === name;
}

/** `&(&1 + 1)`, `fn id -> id + 1 end` */
function countsUp(closure: Node): boolean {
  if (closure.type === "capture") return isPlus(closure.body) && closure.body.left.type === "capture-argument";
  if (closure.type !== "fn") return false;
  return closure.clauses.every(({ patterns: [pattern], body }) => {
    const [only, ...more] = body.statements;
    if (!only || more.length > 0 || !isPlus(only) || pattern?.type !== "variable") return false;
    return only.left.type === "variable" && only.left.name === pattern.name;
  });
}
