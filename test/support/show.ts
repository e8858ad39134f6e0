import type { Call, Clause, Def, Node, Section } from "../../server/src/syntax/ast.ts";

/**
 * Lowered syntax as a text that is short to compare with: names resolved (`Ecto.Query.from`), pipes undone, sections
 * as `do{…}`. Unknown callees show by their bare name, captures as `&(…)`, what did not lower as `?`.
 */
export function show(node: Node | null): string {
  if (!node) return "∅";
  switch (node.type) {
    case "atom":
      return /^(?:nil|true|false)$/.test(node.value) ? node.value : `:${node.value}`;
    case "number":
      return node.text;
    case "string":
      return node.value === null ? `"#{${list(node.parts)}}"` : JSON.stringify(node.value);
    case "sigil":
      return `~${node.name}(${node.parts.length > 0 ? list(node.parts) : node.content})${node.modifiers}`;
    case "alias":
      return node.module;
    case "variable":
      return node.name;
    case "attribute":
      return node.value ? `@${node.name}=${show(node.value)}` : `@${node.name}`;
    case "attribute-set":
      return `@${node.name} ${show(node.value)}`;
    case "list":
      return node.bare ? list(node.items) : `[${list(node.items)}]`;
    case "tuple":
      return `{${list(node.items)}}`;
    case "map":
      return `%${node.struct ? show(node.struct) : ""}{${node.base ? `${show(node.base)} | ` : ""}${list(node.items)}}`;
    case "pair":
      return `${show(node.key)} => ${show(node.value)}`;
    case "bitstring":
      return `<<${list(node.items)}>>`;
    case "binary":
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case "unary":
      return `(${node.operator} ${show(node.operand)})`;
    case "access":
      return `${show(node.object)}[${show(node.key)}]`;
    case "field":
      return `${show(node.object)}.${node.name}`;
    case "clause":
      return clause(node);
    case "fn":
      return `fn{${node.clauses.map(clause).join("; ")}}`;
    case "capture":
      return `&(${show(node.body)})`;
    case "capture-argument":
      return `&${node.index}`;
    case "function-reference":
      return `&${node.module ? `${node.module}.` : ""}${node.name}/${node.arity}`;
    case "block":
      return node.statements.map(show).join("; ");
    case "section":
      return section(node);
    case "call":
      return call(node);
    case "def":
      return def(node);
    case "template":
      return node.broken ? "broken" : show(node.body);
    case "unknown":
      return "?";
  }
}

function list(nodes: readonly Node[]): string {
  return nodes.map(show).join(", ");
}

function clause(node: Clause): string {
  return `${list(node.patterns)}${node.guard ? ` when ${show(node.guard)}` : ""} -> ${show(node.body)}`;
}

function section(node: Section): string {
  return `${node.name}{${node.body ? show(node.body) : node.clauses.map(clause).join("; ")}}`;
}

function call(node: Call): string {
  const owner = node.target ? `<${show(node.target)}>.` : node.module ? `${node.module}.` : "";
  return [`${owner}${node.name}(${list(node.args)})`, ...node.sections.map(section)].join(" ");
}

function def(node: Def): string {
  const guard = node.guard ? ` when ${show(node.guard)}` : "";
  const options = node.options ? ` ${show(node.options)}` : "";
  const rest = node.sections.map(section).join(" ");
  const body = node.body ? ` do{${show(node.body)}}` : "";
  return `${node.keyword} ${node.name}(${list(node.params)})${guard}${options}${body}${rest ? ` ${rest}` : ""}`;
}
