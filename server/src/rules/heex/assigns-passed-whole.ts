import type { CallFact, ClauseOfModule, ModuleFacts, WholeAssigns } from "../../facts/facts.ts";
import { anchor, type Fix, fix, moduleRule, suggest } from "../../lint/rule.ts";
import type { Target } from "../../project/calls/link.ts";
import { effects } from "../../project/effects/effects.ts";
import { componentOf, pageComponents } from "../../project/live/page-components.ts";
import { wholeNeeds } from "../../project/live/whole-needs.ts";
import { passAttributes } from "../../refactor/pass-attributes.ts";

/** Modules whose templates become a string once, and such as controllers render. */
const RENDERS_ONCE = /Email|Mail(?:er|s)?$|Mailer|Notifier|PDF|Pdf/;
const RENDERED_BY_CONTROLLERS = /(?:HTML|View|Layouts?)$/;

export default moduleRule({
  id: "heex/assigns-passed-whole",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A template that hands all `assigns` on: what gets them is rendered again whenever any assign changes.",
  check(module, cx) {
    if (RENDERS_ONCE.test(module.name)) return;
    const severity = RENDERED_BY_CONTROLLERS.test(module.name) ? "hint" : "warning";
    for (const clause of module.clauses) {
      const sessions = clause.calls.filter(({ name }) => name === "live_render");
      const handed = clause.calls.filter(
        (call) => call.template && takesAssigns(call) && !sessions.some((page) => isSessionOf(page, call)),
      );
      const wholes = clause.template?.wholes ?? [];
      if (wholes.length + handed.length === 0) continue;
      // What a controller renders is rendered once.
      if (cx.read(pageComponents).has(componentOf(module, clause), module)) continue;
      const needs = (to: string): boolean => cx.read(wholeNeeds).has(to, module);
      const elements = clause.template?.elements ?? [];
      for (const whole of wholes) {
        // The element is rendered anew for whoever needs them in it.
        if (elements[whole.element]?.some(needs)) continue;
        const at = anchor(module, clause, whole.at);
        cx.report(at, message(whole), { severity, fixes: fixesOf(whole) });
      }
      if (!tracks(module, clause)) continue;
      const known = cx.about(effects, module);
      for (const call of handed) {
        const targets = known.targets(call);
        if (targets.length === 0 || targets.some((target) => target.clause.template?.renders)) continue;
        if (readsAll(module, clause, targets, (other) => known.targets(other))) continue;
        const name = call.module === null ? call.name : `${call.module}.${call.name}`;
        const beside = elements.filter((element) => element.includes(name));
        if (needs(name) || (beside.length > 0 && beside.every((element) => element.some(needs)))) continue;
        cx.report(
          anchor(module, clause, call.at),
          `\`${call.name}/${call.arity}\` gets all \`assigns\` and gives no template, so it is called and its result sent at every render; give it the assigns that it reads.`,
          { severity },
        );
      }
    }
  },
});

function takesAssigns({ args }: CallFact): boolean {
  return args.some((arg) => arg.kind === "variable" && arg.name === "assigns");
}

/** `live_render(@socket, @view, session: by_names(assigns))`: what that page reads of them, nobody knows here. */
function isSessionOf({ args }: CallFact, { name }: CallFact): boolean {
  const [options] = args.slice(-1);
  return (
    options?.kind === "keyword" &&
    options.entries.some(([key, value]) => key === "session" && value.kind === "call" && value.name === name)
  );
}

/** True where a helper reads all that its component reads, itself and by its other helpers: it has to run whenever that is rendered. */
function readsAll(
  { keyword }: ModuleFacts,
  clause: ClauseOfModule,
  helpers: readonly Target[],
  targets: (call: CallFact) => readonly Target[],
): boolean {
  if (keyword === "template" || clause.name === "render" || (clause.template?.wholes.length ?? 0) > 0) return false;
  const others = clause.calls.filter(takesAssigns).flatMap((call) => targets(call));
  const read = [clause.assigns?.reads.map(({ key }) => key), ...others.map((other) => keysOf(other.clause))];
  return helpers.every((helper) => {
    const own = keysOf(helper.clause);
    return own !== null && read.every((keys) => keys?.every((key) => own.includes(key)));
  });
}

/** The assigns that a function reads, of all or of those that its parameter takes; null where that is not all. */
function keysOf({ assigns, params: [given] }: ClauseOfModule): readonly string[] | null {
  if (!assigns) return given?.kind === "map" ? given.keys : null;
  if (assigns.escapes || assigns.handed.length > 0) return null;
  return [...assigns.reads.map(({ key }) => key), ...(given?.kind === "map" ? given.keys : [])];
}

/** True in the template of a component or a page; a helper with more parameters is called with what it needs. */
function tracks({ keyword }: ModuleFacts, { template, params }: ClauseOfModule): boolean {
  return template?.tracked === true && template.renders && (keyword === "template" || params.length === 1);
}

function message({ how, to }: WholeAssigns): string {
  if (how === "call")
    return `\`${to}\` gets all \`assigns\`, so this expression is evaluated and sent at every render; name the assign that it reads.`;
  const given = how === "spread" ? "`{assigns}`" : "`assigns`";
  return `${given} hands every assign to \`<${to}>\`, so it is rendered and sent in full whenever any of them changes; pass the attributes that it reads.`;
}

function fixesOf({ how, to }: WholeAssigns): Fix[] {
  if (how === "spread" && /^\.[a-z]/.test(to)) return [suggest("Pass the declared attributes", passAttributes)];
  return how === "call" && to === "Map.get" ? [fix("Use `assigns[…]`", byKey)] : [];
}

/** `Map.get(assigns, :name)` as `assigns[:name]`, which LiveView tracks. */
const byKey: Fix["edits"] = (source) => {
  const call = source.node(source.at);
  if (call?.type !== "call" || call.args.length !== 2) return null;
  const [, key] = call.args;
  return key?.type === "atom" ? [source.replace(call, `assigns[:${key.value}]`)] : null;
};
