import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Session } from "../../server/src/lint/session.ts";
import { RULES } from "../../server/src/rules.gen.ts";
import { parser } from "../support/engine.ts";
import { Session as Inspector } from "node:inspector/promises";
function read(folder: string, top = folder, into = new Map<string, string>()): Map<string, string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) read(path, top, into);
    else if (/\.(?:ex|exs|heex)$/.test(name)) into.set(`/app/${relative(top, path)}`, readFileSync(path, "utf8"));
  }
  return into;
}
const sources = read(process.argv[2]!);
const go = async () => {
  const session = new Session({ parser, rules: RULES, log: () => {}, clock: () => 0, timing: null });
  session.openProject("/app", { config: null, lock: null, baseline: null });
  const t = performance.now();
  await session.load([...sources].map(([path, text]) => ({ path, text })), () => {});
  const u = performance.now();
  session.settle();
  console.log("load", (u - t).toFixed(0), "settle", (performance.now() - u).toFixed(0), JSON.stringify([...session.viewsComputed("/app")]));
};
await go(); await go();
const inspector = new Inspector(); inspector.connect();
await inspector.post("Profiler.enable"); await inspector.post("Profiler.start");
await go(); await go();
const { profile } = await inspector.post("Profiler.stop");
const self = new Map<string, number>(); const total = new Map<string, number>();
const dt = profile.timeDeltas!; const byId = new Map(profile.nodes.map((n) => [n.id, n]));
const parent = new Map<number, number>(); for (const n of profile.nodes) for (const c of n.children ?? []) parent.set(c, n.id);
profile.samples!.forEach((id, i) => {
  const name = (n: number) => { const f = byId.get(n)!.callFrame; return `${f.functionName} ${f.url.split("/").slice(-2).join("/")}:${f.lineNumber}`; };
  self.set(name(id), (self.get(name(id)) ?? 0) + dt[i]!);
  const seen = new Set<string>(); for (let at: number | undefined = id; at !== undefined; at = parent.get(at)) { const k = name(at); if (!seen.has(k)) { seen.add(k); total.set(k, (total.get(k) ?? 0) + dt[i]!); } }
});
const top = (m: Map<string, number>, n: number) => [...m].sort((a, b) => b[1] - a[1]).slice(0, n).map(([k, v]) => `${(v / 1000).toFixed(0).padStart(7)} ms ${k}`).join("\n");
console.log("SELF\n" + top(self, 24)); console.log("TOTAL\n" + top(new Map([...total].filter(([k]) => /facts|rules|project|lint|flow|visit/.test(k))), 70));
