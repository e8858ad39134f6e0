/**
 * Compares the findings on checkouts with the labels: what is new and was never read, what is no longer found, and, rule by
 * rule, how many of those that were read are true.
 *
 *   node --import tsx test/ecosystem/compare.ts FOLDER…      (folders are called owner__name)
 */
import { basename, relative } from "node:path";
import { LineIndex } from "../../server/src/base/text.ts";
import { discover } from "../../server/src/files/discover.ts";
import { readProjectTexts } from "../../server/src/files/project-texts.ts";
import { readSource } from "../../server/src/files/read.ts";
import { newSession } from "../support/engine.ts";
import { readLabels } from "./labels.ts";

const labels = new Map(
  ["labels.tsv", "unseen-1.tsv", "unseen-2.tsv"]
    .flatMap(readLabels)
    .map(({ repository, path, line, rule, verdict }) => [`${repository} ${path}:${line} ${rule}`, verdict]),
);

const counts = { true: 0, false: 0, unread: 0, gone: 0 };
const byRule = new Map<string, { found: number; read: number; true: number; readonly repositories: Set<string> }>();
for (const folder of process.argv.slice(2)) {
  const repository = basename(folder).replace("__", "/");
  const { session } = newSession();
  for (const { root, files } of await discover(folder)) {
    session.openProject(root, await readProjectTexts(root));
    const read = await Promise.all(files.map(async (path) => ({ path, result: await readSource(path) })));
    const texts = read.flatMap(({ path, result }) => ("text" in result ? [{ path, text: result.text }] : []));
    await session.load(texts, () => {});
  }
  session.settle();
  const found = new Set<string>();
  for (const path of session.paths()) {
    const lines = new LineIndex(session.text(path) ?? "");
    for (const { start, rule, message } of session.diagnostics(path)) {
      const key = `${repository} ${relative(folder, path)}:${lines.lineAt(start) + 1} ${rule}`;
      found.add(key);
      const verdict = labels.get(key);
      const share = byRule.get(rule) ?? { found: 0, read: 0, true: 0, repositories: new Set() };
      byRule.set(rule, share);
      share.found++;
      share.repositories.add(repository);
      if (verdict !== undefined) share.read++;
      if (verdict === "true") share.true++;
      if (verdict === undefined) {
        counts.unread++;
        console.log(`unread  ${key}: ${message}`);
      } else counts[verdict]++;
    }
  }
  for (const key of labels.keys()) {
    if (!key.startsWith(`${repository} `) || found.has(key)) continue;
    counts.gone++;
    console.log(`gone    ${key} (${labels.get(key)})`);
  }
}
console.log("| rule | findings | read | true | share | repositories |\n|---|---|---|---|---|---|");
for (const [rule, share] of [...byRule].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const percent = share.read === 0 ? "–" : `${Math.round((100 * share.true) / share.read)} %`;
  const cells = [`\`${rule}\``, share.found, share.read, share.true, percent, share.repositories.size];
  console.log(`| ${cells.join(" | ")} |`);
}
console.log(counts);
