import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const folder = "server/src/rules";
const target = "server/src/rules.gen.ts";

/** The ids of all rules, in order: the paths of their files. */
export function ruleIds() {
  const domains = readdirSync(join(root, folder));
  const ids = domains.flatMap((domain) =>
    readdirSync(join(root, folder, domain))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${domain}/${file.slice(0, -3)}`),
  );
  return ids.sort();
}

/** Writes the module that gathers the rules and their pages; it is built, never committed. */
export function writeRuleIndex() {
  const ids = ruleIds();
  const imports = ids.map((id, i) => `import rule${i} from "./rules/${id}.ts";`);
  const entries = ids.map((id, i) => {
    const page = readFileSync(join(root, folder, `${id}.md`), "utf8");
    return `  { ...rule${i}, documentation: ${JSON.stringify(page)} },`;
  });
  const text = [
    "// Written by tools/rules.mjs from the files under rules/: do not edit.",
    'import type { Rule } from "./lint/rule.ts";',
    ...imports,
    "",
    "export const RULES: readonly Rule[] = [",
    ...entries,
    "];",
    "",
  ].join("\n");
  writeFileSync(join(root, target), text);
  return ids;
}

if (process.argv[1] === import.meta.filename) console.log(`${writeRuleIndex().length} rules`);
