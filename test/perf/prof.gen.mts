import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { Session } from "../../server/src/lint/session.ts";
import { RULES } from "../../server/src/rules.gen.ts";
import { parser, root } from "../support/engine.ts";
import { generateProject } from "./generate.ts";
import { Session as Inspector } from "node:inspector/promises";
import { writeFileSync } from "node:fs";
function read(folder: string, top = folder, into = new Map<string, string>()): Map<string, string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) read(path, top, into);
    else if (/\.(?:ex|exs|heex)$/.test(name)) into.set(`/app/${relative(top, path)}`, readFileSync(path, "utf8"));
  }
  return into;
}
const sources = process.argv[2] === "gen" ? generateProject(read(join(root, "test/fixtures/shop")), 25) : read(process.argv[2]!);
const session = new Session({ parser, rules: RULES, log: () => {}, clock: () => 0, timing: null });
session.openProject("/app", { config: null, lock: null, baseline: null });
await session.load([...sources].map(([path, text]) => ({ path, text })), () => {});
session.settle();
const code = [...sources].filter(([path]) => path.endsWith(".ex") && !/\/test\//.test(path));
const callees = code.flatMap(([, text]) => {
  const module = /defmodule ([\w.]+)/.exec(text)?.[1];
  return module ? [...text.matchAll(/^ {2}def ([a-z]\w*)\(/gm)].map((def) => `${module}.${def[1]}`) : [];
});
const run = (n: number) => {
  const took: number[] = [];
  for (let i = 0; i < n; i++) {
    const [path] = code[(i * 7919) % code.length] as [string, string];
    const text = session.text(path) ?? "";
    const heads = [...text.matchAll(/^ {2}defp? [^\n]* do\n/gm)];
    const head = heads[(i * 31) % heads.length];
    if (!head) continue;
    const at = head.index + head[0].length;
    const call = `    ${callees[(i * 104_729) % callees.length]}(1)\n`;
    for (const edit of [{ start: at, end: at, text: call }, { start: at, end: at + call.length, text: "" }]) {
      const start = performance.now();
      session.edit(path, [edit]); session.refresh(); session.settle(); session.diagnostics(path);
      took.push(performance.now() - start);
    }
  }
  took.sort((a, b) => a - b);
  console.log(n, "p50", took[took.length >> 1], "p95", took[Math.floor(took.length * 0.95)]);
};
run(20);
const inspector = new Inspector(); inspector.connect();
await inspector.post("Profiler.enable"); await inspector.post("Profiler.start");
run(200);
const { profile } = await inspector.post("Profiler.stop");
const self = new Map<string, number>(); const total = new Map<string, number>();
const dt = profile.timeDeltas!; const byId = new Map(profile.nodes.map((n) => [n.id, n]));
const parent = new Map<number, number>(); for (const n of profile.nodes) for (const c of n.children ?? []) parent.set(c, n.id);
profile.samples!.forEach((id, i) => {
  const name = (n: number) => { const f = byId.get(n)!.callFrame; return `${f.functionName} ${f.url.split("/").slice(-2).join("/")}:${f.lineNumber}`; };
  self.set(name(id), (self.get(name(id)) ?? 0) + dt[i]!);
  const seen = new Set<string>(); for (let at: number | undefined = id; at !== undefined; at = parent.get(at)) { const k = name(at); if (!seen.has(k)) { seen.add(k); total.set(k, (total.get(k) ?? 0) + dt[i]!); } }
});
const top = (m: Map<string, number>) => [...m].sort((a, b) => b[1] - a[1]).slice(0, 22).map(([k, v]) => `${(v / 1000).toFixed(0).padStart(7)} ms ${k}`).join("\n");
console.log("SELF\n" + top(self)); console.log("TOTAL\n" + top(total));
