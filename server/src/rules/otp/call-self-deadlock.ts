import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { isSelfShape, type Shape } from "../../facts/shape.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { type Bindings, clausesIn, isLocalCall, substitute } from "../../project/calls/clauses.ts";
import { runsInTasks } from "../../project/processes/blocking.ts";
import { behavesAs, startNames } from "../../project/processes/servers.ts";

/** How many functions deep a wrapper is looked for. */
const DEPTH = 8;
const WAITING = new Set(["GenServer.call", "GenServer.stop", ":gen_server.call", ":gen_server.stop"]);
const NONE: Bindings = new Map();

interface Hop {
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
}

export default moduleRule({
  id: "otp/call-self-deadlock",
  category: "correctness",
  severity: "error",
  since: "0.1.0",
  summary: "A GenServer that calls itself from its own callback waits for a reply that only it can send.",
  check(module, cx) {
    if (!behavesAs(module, "GenServer", "GenStage")) return;
    const isSelf = selfTest(module);
    for (const clause of module.clauses) {
      if (!clause.callback) continue;
      for (const call of clause.calls) {
        const hops = wayToSelf(module, { clause, call }, NONE, isSelf, new Set());
        const last = hops?.at(-1);
        if (!hops || !last) continue;
        const callback = `${clause.name}/${clause.arity}`;
        const through = hops.slice(0, -1).map((hop) => `\`${hop.call.name}/${hop.call.arity}\``);
        const waits = `\`${last.call.module}.${last.call.name}\``;
        const how = through.length > 0 ? ` (${waits}, through ${through.join(" and ")})` : ` with ${waits}`;
        cx.report(
          anchor(module, clause, call.at),
          `\`${callback}\` calls its own process${how}, which cannot answer before this callback returns; ${adviceFor(clause, last.call)}.`,
          {
            related: hops.slice(1).map((hop) => ({
              at: anchor(module, hop.clause, hop.call.at),
              message: hop === last ? `${waits} waits here` : `\`${hop.clause.name}\` calls \`${hop.call.name}\``,
            })),
          },
        );
      }
    }
  },
});

/** From a call in a callback to the one that waits for the process itself; closures that run elsewhere are none of it. */
function wayToSelf(
  module: ModuleFacts,
  hop: Hop,
  bindings: Bindings,
  isSelf: (server: Shape) => boolean,
  seen: Set<string>,
): readonly Hop[] | null {
  const { call } = hop;
  if (call.runs !== "inline" || runsInTasks(hop)) return null;
  const args = call.args.map((arg) => substitute(arg, bindings));
  if (WAITING.has(`${call.module}.${call.name}`)) return args[0] && isSelf(args[0]) ? [hop] : null;
  const key = `${call.name}/${call.arity} ${JSON.stringify(args)}`;
  if (!isLocalCall(module, call) || seen.has(key) || seen.size > 400) return null;
  seen.add(key);
  for (const target of clausesIn(module, call.name, call.arity, args)) {
    if (target.clause.callback || !/^defp?$/.test(target.clause.keyword)) continue;
    for (const inner of target.clause.calls) {
      const rest = wayToSelf(module, { clause: target.clause, call: inner }, target.bindings, isSelf, seen);
      if (rest && rest.length < DEPTH) return [hop, ...rest];
    }
  }
  return null;
}

/** Tells `self()`, `__MODULE__` and the names that the module registers under from other servers. */
function selfTest(module: ModuleFacts): (server: Shape) => boolean {
  const names = startNames(module);
  const fixed = names.filter(isConstant);
  // A server that is known to go by other names only does not mean itself by `__MODULE__`.
  const own: Shape[] =
    names.length > 0 && fixed.length === names.length ? fixed : [...fixed, { kind: "module", value: module.name }];
  const texts = new Set(own.map((name) => JSON.stringify(name)));
  const isSelf = (server: Shape): boolean => {
    if (server.kind === "call") return isSelfShape(server);
    if (texts.has(JSON.stringify(server))) return true;
    const [name, node] = server.kind === "tuple" && server.items.length === 2 ? server.items : [];
    return (
      name !== undefined && node?.kind === "call" && node.name === "node" && node.args.length === 0 && isSelf(name)
    );
  };
  return isSelf;
}

function isConstant(shape: Shape): boolean {
  if (shape.kind === "tuple") return shape.items.every(isConstant);
  return shape.kind === "atom" || shape.kind === "module" || shape.kind === "string" || shape.kind === "number";
}

function adviceFor(clause: ClauseOfModule, call: CallFact): string {
  if (call.name === "stop") return "return `{:stop, reason, state}` instead";
  const state = clause.params.at(-1);
  const name =
    state?.kind === "variable" && !state.name.startsWith("_") && clause.name !== "init" ? ` (\`${state.name}\`)` : "";
  return clause.name === "init"
    ? "work out the value here, or return `{:continue, …}`"
    : `use the state${name} directly, or return \`{:continue, …}\``;
}
