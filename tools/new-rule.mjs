import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [id] = process.argv.slice(2);
const rules = join(import.meta.dirname, "../server/src/rules");
if (!id || !/^[a-z]+\/[a-z-]+$/.test(id)) {
  console.error("usage: npm run new-rule -- domain/name-of-the-pattern");
  process.exit(2);
}
const path = join(rules, `${id}.ts`);
if (existsSync(path)) {
  console.error(`${id} exists already`);
  process.exit(2);
}

mkdirSync(dirname(path), { recursive: true });
writeFileSync(
  path,
  `import { calls, formRule } from "../../lint/rule.ts";

export default formRule({
  id: "${id}",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "What is wrong, and what comes of it.",
  query: calls("Module.function"),
  check(call, cx) {
    cx.report(call, "What is wrong here, why it hurts, what to do.");
  },
});
`,
);
writeFileSync(
  join(rules, `${id}.md`),
  `# ${id}

What is wrong, and what comes of it.

## Why

## Examples

\`\`\`elixir bad
Module.function(argument)
# ^^^^^^^^^^^^^^^^^^^^^^^ What is wrong here
\`\`\`

\`\`\`elixir good
\`\`\`

## When to ignore it

## See also
`,
);
console.log(`server/src/rules/${id}.ts and .md: now \`npm test -- --only unit specs\` tells what is missing.`);
