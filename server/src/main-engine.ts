import { join } from "node:path";
import { readGrammars } from "./files/grammars.ts";
import { Session } from "./lint/session.ts";
import { RULES } from "./rules.gen.ts";
import { Parser } from "./syntax/parser.ts";

/** Where rules, grammars and the engine meet. `timing` collects milliseconds per rule when given. */
export async function createSession(
  log: (message: string) => void,
  timing: Map<string, number> | null,
): Promise<Session> {
  const parser = await Parser.load(readGrammars(join(__dirname, "../../grammars")));
  return new Session({ parser, rules: RULES, log, clock: () => performance.now(), timing });
}
