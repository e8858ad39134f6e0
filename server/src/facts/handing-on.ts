import type { Call, Node } from "../syntax/ast.ts";
import { isBranching, keywordValue } from "../syntax/flow.ts";
import { find } from "../syntax/visit.ts";
import type { Flow } from "./facts.ts";
import { FIELD, INPUT, KEY } from "./flow-bits.ts";

const NONE: readonly Node[] = [];

/** The fields of a `Plug.Conn` that the client fills. Plug 1.18, "Request fields" and "Fetchable fields". */
const REQUEST_FIELDS =
  /^(?:params|query_params|body_params|path_params|req_headers|req_cookies|cookies|query_string|request_path|path_info)$/;

/** `conn.params` and its like, and `socket.assigns.params`: what a LiveView keeps of them. */
function isInputField(node: Node): boolean {
  if (node.type !== "field") return false;
  const { name, object } = node;
  if (object.type === "field") return name === "params" && object.name === "assigns";
  return object.type === "variable" && object.name === "conn" && REQUEST_FIELDS.test(name);
}

/** The parts of a pattern that hold input: `%Plug.Conn{params: params}`, `%{query_params: query} = conn`, `%{assigns: %{params: params}}`. */
export function inputParts(pattern: Node, isConn = false): Node[] {
  if (pattern.type === "binary" && pattern.operator === "=") {
    const { left, right } = pattern;
    const conn = isConn || [left, right].some((side) => side.type === "variable" && side.name === "conn");
    return [...inputParts(left, conn), ...inputParts(right, conn)];
  }
  if (pattern.type !== "map") return [];
  const isRequest = isConn || (pattern.struct?.type === "alias" && pattern.struct.module === "Plug.Conn");
  return pattern.items.flatMap((item) => {
    if (item.type !== "pair" || item.key.type !== "atom") return [];
    if (isRequest && REQUEST_FIELDS.test(item.key.value)) return [item.value];
    const params = item.key.value === "assigns" ? keywordValue(item.value, "params") : null;
    return params ? [params] : [];
  });
}

/** The parts of a pattern that hold what a changeset says is wrong, by its own fields: `%{valid?: false, errors: errors}`. */
export function errorParts(pattern: Node): readonly Node[] {
  const errors = pattern.type === "map" ? keywordValue(pattern, "errors") : null;
  return errors ? [errors] : NONE;
}

/** The names that a pattern gives to a value which it says itself: `{"width" = key, value}`. */
export function constantParts(pattern: Node): readonly Node[] {
  switch (pattern.type) {
    case "tuple":
    case "list":
    case "map":
      return pattern.items.flatMap(constantParts);
    case "pair":
      return constantParts(pattern.value);
    case "binary": {
      if (pattern.operator !== "=") return NONE;
      const { left, right } = pattern;
      if (isLiteral(left)) return [right];
      return isLiteral(right) ? [left] : [...constantParts(left), ...constantParts(right)];
    }
    default:
      return NONE;
  }
}

function isLiteral(node: Node): boolean {
  return node.type === "atom" || node.type === "number" || (node.type === "string" && node.parts.length === 0);
}

/** `job.id`; of what somebody fills in, as the arguments of a GraphQL field, it may be anything. */
function isKeyField(node: Node): boolean {
  if (node.type !== "field" || node.name !== "id" || node.object.type !== "variable") return false;
  return !FILLED_IN.test(node.object.name);
}

const FILLED_IN =
  /^(?:conn|socket|assigns)$|(?:^|_)(?:params|args|attrs|input|inputs|options|opts|payload|data|form|filters?)$/;

/** What a call gives that somebody else has sent: of a request, a socket, a form; `KEY` for the key of a row, 0 for others. */
export function inputOf(node: Node): Flow {
  if (isInputField(node)) return INPUT;
  if (isKeyField(node)) return KEY;
  if (node.type !== "call") return 0;
  return isRead(node) ? INPUT : isFieldRead(node) ? FIELD : 0;
}

function isFieldRead({ module, name }: Call): boolean {
  return module === "Ecto.Changeset" && /^(?:get_field|get_change|fetch_change!?|fetch_field!?)$/.test(name);
}

function isRead(node: Call): boolean {
  switch (node.module) {
    case "Plug.Conn":
      return /^(?:get_req_header|read_body|read_part_body)$/.test(node.name);
    case ":gen_tcp":
    case ":ssl":
    case ":gen_udp":
      return node.name === "recv";
    default:
      return false;
  }
}

/** A keyword list, or a map with names for keys. */
export function isNamed(node: Node): boolean {
  if (node.type !== "list" && (node.type !== "map" || node.base)) return false;
  return node.items.every((item) => item.type === "pair" && item.key.type === "atom");
}

/** Which of its direct parts have the data that the value of an expression holds. */
export function handsOn(node: Node): readonly Node[] | "all" {
  switch (node.type) {
    case "call":
      return isBranching(node) ? node.sections.filter(({ name }) => name !== "after") : ofCall(node);
    case "map":
      return node.struct ? NONE : node.base ? [node.base] : node.items;
    case "pair":
      return [node.value];
    case "field":
      // The fields of a form and the application's own words.
      if (node.name === "errors") return NONE;
      // What these carry is the application's own, but for what `inputOf` knows.
      return node.object.type === "variable" && /^(?:conn|socket)$/.test(node.object.name) ? NONE : "all";
    case "access":
      return [node.object];
    case "binary":
      return /^(?:<>|\+\+|\|\||&&|\||::|=|<-|\|>)$/.test(node.operator) ? "all" : NONE;
    case "unary":
      return node.operator === "^" ? "all" : NONE;
    case "block":
      return node.statements.slice(-1);
    case "section":
      return [...(node.body ? [node.body] : []), ...node.clauses];
    case "clause":
      return [node.body];
    default:
      return "all";
  }
}

/** Functions that ask or count: their values hold nothing of what they got. */
const ASKS = /\?$|^(?:count|length|sum|product|max|min|byte_size|bit_size|hash|compare|jaro_distance|find_index)$/;
/** Functions that hold what they are given against something, or add numbers to it. */
const CHECKED = /^(?:to_integer|to_float|to_existing_atom|to_atom|with_index)$/;
const FIRST =
  /^(?:Enum|Stream|String|List|Map|Keyword|Access|Base|URI|Path|Plug\.Conn\.Query|:base64|:binary|:zlib|:unicode|:string)$/;
const DECODERS = /^(?:Jason|Poison|JSON)$/;
const KERNEL = /^(?:to_string|to_charlist|hd|tl|elem|get_in|binary_part|then|tap)$/;

const SELECTS = /^(?:filter|reject|find|find_value|split_with|take_while|drop_while)$/;

/** `valid?(&1)`, `&1 == field`, `&allowed?/1`: some question other than whether there is anything. */
function isQuestion(node: Node): boolean {
  if (node.type === "call" || node.type === "function-reference")
    return node.name.endsWith("?") && node.name !== "is_nil";
  return node.type === "binary" && /^[=!]==?$/.test(node.operator) && ![node.left, node.right].some(isNothing);
}

function isNothing(node: Node): boolean {
  return (node.type === "atom" && node.value === "nil") || (node.type === "string" && node.value === "");
}

/** The arguments that a function gives back in another form; none where it is not known to. */
function ofCall({ module, name, args, target }: Call): readonly Node[] {
  const [first, second, third] = args;
  if (target || !first || ASKS.test(name) || CHECKED.test(name)) return NONE;
  if (module === null) return KERNEL.test(name) ? (name === "then" ? args : [first]) : NONE;
  if (DECODERS.test(module)) return /^decode!?$/.test(name) ? [first] : NONE;
  if (module === "IO") return /^(?:iodata_to_binary|chardata_to_string)$/.test(name) ? [first] : NONE;
  if (!FIRST.test(module)) return NONE;
  if (SELECTS.test(name)) return second && find(second, (n) => checks(n) !== null || isQuestion(n)) ? NONE : [first];
  // What a pattern has let through is no longer anything at all.
  if (module === "String" && /^replace/.test(name) && second?.type === "sigil") return NONE;
  if (/^(?:Map|Keyword|Access)$/.test(module)) {
    if (/^(?:merge|concat)$/.test(name)) return second ? [first, second] : [first];
    return third && /^(?:get|pop|put|put_new)$/.test(name) ? [first, third] : [first];
  }
  if (module === "Path" || name === "concat") return args;
  return name === "join" || name === "split" || module === "String" ? [first] : args;
}

/** What a condition checks: the value that must be `in` a list, a key of a map, of a form or of a type; null for others. */
export function checks(node: Node): Node | null {
  if (node.type === "binary") return /^(?:in|not in|=~)$/.test(node.operator) ? node.left : null;
  if (node.type !== "call" || node.target) return null;
  const [first, second] = node.args;
  const name = `${node.module ?? ""}.${node.name}`;
  if (/^\.is_(?:integer|float|number|atom|boolean)$/.test(name)) return first ?? null;
  if (/^(?:Enum\.member\?|MapSet\.member\?|Map\.has_key\?|Keyword\.has_key\?|Regex\.match\?|\.is_map_key)$/.test(name))
    return (name === ".is_map_key" ? first : second) ?? null;
  if (name === "String.match?") return first ?? null;
  return ALLOWS.test(node.name) ? { ...node, sections: [] } : null;
}

/** Functions that say of themselves that they check: `valid_field?`, `ensure_allowed!`. */
const ALLOWS =
  /(?:^|_)(?:valid|allowed|permitted|known|supported|whitelisted|safe)_?\w*\?$|^(?:validate|ensure|assert|check|sanitize|whitelist)_\w+$/;
