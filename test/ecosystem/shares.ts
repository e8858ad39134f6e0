/**
 * Prints what the labels of a file say, rule by rule, as the tables of README.md have it.
 *
 *   node --import tsx test/ecosystem/shares.ts unseen-1.tsv…
 */
import { readLabels } from "./labels.ts";

interface Share {
  read: number;
  true: number;
  readonly repositories: Set<string>;
}

const byRule = new Map<string, Share>();
for (const { rule, verdict, repository } of process.argv.slice(2).flatMap(readLabels)) {
  const share = byRule.get(rule) ?? { read: 0, true: 0, repositories: new Set() };
  byRule.set(rule, share);
  share.read++;
  if (verdict === "true") share.true++;
  share.repositories.add(repository);
}

const percent = (share: Pick<Share, "read" | "true">): string => `${Math.round((100 * share.true) / share.read)} %`;
console.log("| rule | read | true | share | repositories |\n|---|---|---|---|---|");
for (const [rule, share] of [...byRule].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`| \`${rule}\` | ${share.read} | ${share.true} | ${percent(share)} | ${share.repositories.size} |`);
const all = [...byRule.values()];
const sum = { read: all.reduce((n, { read }) => n + read, 0), true: all.reduce((n, share) => n + share.true, 0) };
console.log(`\n${sum.true} of ${sum.read} true (${percent(sum)})`);
