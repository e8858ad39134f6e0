import type { Fix, FormSource } from "../lint/rule.ts";
import type { Call } from "../syntax/ast.ts";
import { keywordValue } from "../syntax/flow.ts";
import { find } from "../syntax/visit.ts";

/** `name: :index` after the fields of a constraint, or in place of the name there is; null where the options are computed. */
export function nameConstraint(name: string): Fix["edits"] {
  return (source) => {
    const call = constraintAt(source);
    const fields = call?.args[1];
    const options = call?.args[2];
    if (!fields) return null;
    const given = keywordValue(options, "name");
    if (given) return [source.replace(given, `:${name}`)];
    return options?.type === "list" && !options.bare ? null : [source.insertAfter(fields, `, name: :${name}`)];
  };
}

/** What the constraint is of, and its name, in place of the only thing that it was given. */
export function constrainInstead(given: string): Fix["edits"] {
  return (source) => {
    const call = constraintAt(source);
    const field = call?.args[1];
    return !field || call.args.length > 2 ? null : [source.replace(field, given)];
  };
}

function constraintAt({ ast, at }: FormSource): Call | null {
  return find(ast, (n): n is Call => n.type === "call" && n.ownStart === at.start && n.end === at.end);
}
