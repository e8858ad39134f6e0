/**
 * Applies every fix and every suggestion to every finding of real projects, one at a time, and checks that the text still
 * parses with the real Elixir, that the finding is gone, that no other has come, and which lines changed.
 *
 *   node --import tsx test/ecosystem/apply-fixes.ts FOLDER…
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { diffLines } from "diff";
import { applyEdits } from "../../server/src/base/edit.ts";
import { discover } from "../../server/src/files/discover.ts";
import { readProjectTexts } from "../../server/src/files/project-texts.ts";
import type { Session } from "../../server/src/lint/session.ts";
import { newSession } from "../support/engine.ts";

const SCRIPT = `
for path <- Path.wildcard(Path.join(hd(System.argv()), "*.ex")) do
  with {:error, error} <- Code.string_to_quoted(File.read!(path)), do: IO.puts(Path.basename(path, ".ex") <> " " <> inspect(error))
end
`;

/** All diagnostics of a session, without their places: fixes move what follows them. */
function census(session: Session): Map<string, number> {
  const out = new Map<string, number>();
  for (const path of session.paths()) {
    for (const { rule, message } of session.diagnostics(path)) {
      // Counts in a message say how often, not what.
      const key = `${path} ${rule} ${message.replace(/\d+/g, "#")}`;
      out.set(key, (out.get(key) ?? 0) + 1);
    }
  }
  return out;
}

/** Rules of which a file has more findings than before; one that is worded another way is none. */
function more(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] {
  const ofRules = (all: ReadonlyMap<string, number>): Map<string, number> => {
    const out = new Map<string, number>();
    for (const [key, count] of all) {
      const rule = key.split(" ", 2).join(" ");
      out.set(rule, (out.get(rule) ?? 0) + count);
    }
    return out;
  };
  const known = ofRules(before);
  return [...ofRules(after)].filter(([rule, count]) => count > (known.get(rule) ?? 0)).map(([rule]) => rule);
}

const results: { where: string; title: string; text: string; problem: string | null; changed: number }[] = [];

for (const folder of process.argv.slice(2)) {
  const { session } = newSession();
  for (const { root, files } of await discover(folder)) {
    session.openProject(root, await readProjectTexts(root));
    await session.load(
      files.map((path) => ({ path, text: readFileSync(path, "utf8") })),
      () => {},
    );
  }
  session.settle();
  for (const path of session.paths()) {
    // Each update makes the diagnostics anew, in the same order.
    for (let i = 0; i < session.diagnostics(path).length; i++) {
      const diagnostic = session.diagnostics(path)[i];
      if (!diagnostic) continue;
      const actions = session
        .actions(path, diagnostic)
        .filter((a) => a.diagnostic === diagnostic && (a.kind === "fix" || a.kind === "suggestion"));
      for (const action of actions) {
        const edits = action.edits();
        if (!edits) continue;
        const before = census(session);
        const texts = new Map([...edits].map(([file]) => [file, session.text(file) ?? ""]));
        for (const [file, list] of edits) session.update(file, applyEdits(texts.get(file) as string, list));
        session.settle();
        const after = census(session);
        const own = `${path} ${diagnostic.rule} ${diagnostic.message.replace(/\d+/g, "#")}`;
        const fresh = more(before, after);
        let problem: string | null = null;
        if ((after.get(own) ?? 0) >= (before.get(own) ?? 0)) problem = "the finding is still there";
        if (fresh.length > 0) problem = `new: ${fresh.join("; ")}`;
        for (const [file, text] of texts) {
          const now = session.text(file) ?? "";
          const changed = diffLines(text, now)
            .filter((part) => part.added || part.removed)
            .reduce((sum, part) => sum + (part.count ?? 0), 0);
          const where = `${relative(folder, path)} ${diagnostic.rule}`;
          results.push({
            where: `${folder.split("/").at(-1)} ${where}`,
            title: action.title,
            // Elixir does not read HEEx; the session offers no edit that leaves a template broken.
            text: file.endsWith(".heex") ? "" : now,
            problem,
            changed,
          });
        }
        for (const [file, text] of texts) session.update(file, text);
        session.settle();
      }
    }
  }
}

const scratch = mkdtempSync(join(tmpdir(), "lintel-fixes-"));
try {
  results.forEach(({ text }, i) => {
    writeFileSync(join(scratch, `${i}.ex`), text);
  });
  const output = execFileSync("elixir", ["-e", SCRIPT, "--", scratch], { encoding: "utf8", maxBuffer: 1 << 28 });
  for (const line of output.split("\n").filter(Boolean)) {
    const result = results[Number.parseInt(line, 10)];
    if (result) result.problem = `does not parse: ${line}`;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const byTitle = new Map<string, number>();
for (const { where, title, problem, changed } of results) {
  const rule = where.split(" ").at(-1) as string;
  byTitle.set(rule, (byTitle.get(rule) ?? 0) + 1);
  if (problem || changed > 40) console.log(`${where} "${title}": ${problem ?? `${changed} lines changed`}`);
}
for (const [rule, count] of byTitle) console.log(`${String(count).padStart(5)} applied  ${rule}`);
const failed = results.filter((result) => result.problem).length;
console.log(
  `${results.length - failed} of ${results.length} fixes leave parsing text, no finding of their own and no new one`,
);
process.exitCode = failed > 0 ? 1 : 0;
