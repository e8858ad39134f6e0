import { type Edit, type FormSource, newFile } from "../lint/rule.ts";
import type { Node } from "../syntax/ast.ts";
import { find } from "../syntax/visit.ts";

/** A constraint to be validated by a migration of its own. */
export interface Unvalidated {
  readonly table: string;
  readonly prefix: string | null;
  readonly constraint: string;
}

/** Where the migration's file stands, and the namespace of its module. */
interface Place {
  readonly folder: string;
  readonly version: string;
  readonly namespace: string;
}

/** Gives the constraint that the diagnostic covers `validate: false`, and makes the migration that validates it. */
export function validateLater(
  { folder, version, namespace }: Place,
  { table, prefix, constraint }: Unvalidated,
): (source: FormSource) => readonly Edit[] | null {
  return (source) => {
    const place = source.node(source.at);
    const made = place && find(place, isConstraint);
    const last = made?.type === "call" ? made.args.at(-1) : undefined;
    if (!last || (made?.type === "call" && made.end === last.end)) return null;
    const words = `validate_${constraint}`;
    const module = words.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const name = prefix === null ? table : `${prefix}.${table}`;
    const text = [
      `defmodule ${namespace}.${module} do`,
      "  use Ecto.Migration",
      "",
      "  def change do",
      `    execute "ALTER TABLE ${name} VALIDATE CONSTRAINT ${constraint}", ""`,
      "  end",
      "end",
      "",
    ].join("\n");
    return [source.insertAfter(last, ", validate: false"), newFile(`${folder}${version}_${words}.exs`, text)];
  };
}

function isConstraint(node: Node): boolean {
  return node.type === "call" && (node.name === "references" || node.name === "constraint");
}
