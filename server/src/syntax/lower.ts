import type { Node } from "./ast.ts";
import type { Cst } from "./cst.ts";
import type { Env } from "./env.ts";
import { lowerBlock, lowerFunction, lowerParentheses } from "./lower/blocks.ts";
import { lowerCall } from "./lower/calls.ts";
import { lowerAccess, lowerBitstring, lowerList, lowerMap, lowerPair, lowerTuple } from "./lower/containers.ts";
import {
  lowerAtom,
  lowerKeyword,
  lowerNamedAtom,
  lowerNumber,
  lowerQuotedAtom,
  lowerQuotedKeyword,
  lowerSigil,
  lowerString,
} from "./lower/literals.ts";
import { Lowering, type TemplateReader } from "./lower/lowering.ts";
import { lowerAlias, lowerDot, lowerIdentifier, lowerVariable } from "./lower/names.ts";
import { lowerBinary, lowerUnary } from "./lower/operators.ts";

/** Deeper nesting becomes `Unknown`: the walks over the tree recurse, and real code stays below 100. */
const MAX_DEPTH = 200;

/**
 * Lowers the syntax below `node` of the tree to the AST of one form. Never throws on broken syntax.
 * @param text the text that the tree was parsed from
 * @param base offset of the form in that text; the AST's offsets are relative to it
 */
export function lower(cst: Cst, node: number, text: string, base: number, env: Env, templates: TemplateReader): Node {
  return new FormLowering(cst, text, base, env, templates).node(node);
}

/** Sends each node to the function for its kind. */
class FormLowering extends Lowering {
  private depth = 0;

  node(i: number): Node {
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      return this.unknown(i);
    }
    const out = this.byKind(i);
    this.depth--;
    return out;
  }

  private byKind(i: number): Node {
    switch (this.cst.kind(i)) {
      case "identifier":
        return lowerIdentifier(this, i);
      case "alias":
        return lowerAlias(this, i);
      case "call":
        return lowerCall(this, i);
      case "binary_operator":
        return lowerBinary(this, i);
      case "unary_operator":
        return lowerUnary(this, i);
      case "atom":
        return lowerAtom(this, i);
      case "boolean":
      case "nil":
        return lowerNamedAtom(this, i);
      case "quoted_atom":
        return lowerQuotedAtom(this, i);
      case "keyword":
        return lowerKeyword(this, i);
      case "quoted_keyword":
        return lowerQuotedKeyword(this, i);
      case "integer":
      case "float":
      case "char":
        return lowerNumber(this, i);
      case "string":
      case "charlist":
        return lowerString(this, i);
      case "sigil":
        return lowerSigil(this, i);
      case "list":
        return lowerList(this, i, false);
      case "keywords":
        return lowerList(this, i, true);
      case "tuple":
        return lowerTuple(this, i);
      case "bitstring":
        return lowerBitstring(this, i);
      case "map":
        return lowerMap(this, i);
      case "pair":
        return lowerPair(this, i);
      case "access_call":
        return lowerAccess(this, i);
      case "dot":
        return lowerDot(this, i);
      case "anonymous_function":
        return lowerFunction(this, i);
      case "block":
        return lowerParentheses(this, i);
      case "source":
      case "interpolation":
        return lowerBlock(this, this.cst.children(i), i);
      case "operator_identifier":
        return lowerVariable(this, i);
      default:
        return this.unknown(i);
    }
  }
}
