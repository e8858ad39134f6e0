import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { glob } from "tinyglobby";

/** A mix project on disk: its folder, and its source files. Paths are absolute, with `/` between the parts. */
export interface ProjectFiles {
  readonly root: string;
  readonly files: readonly string[];
}

const SOURCES = ["**/*.ex", "**/*.exs", "**/*.heex", "**/*.leex"];
/** Folders that hold what others wrote or tools made. */
const IGNORED = [
  "**/deps/**",
  "**/_build/**",
  "**/node_modules/**",
  "**/.git/**",
  "**/.elixir_ls/**",
  "**/.expert/**",
  "**/.lexical/**",
];

/** The form in which the engine knows a path. */
export function normalise(path: string): string {
  const absolute = resolve(path);
  return sep === "/" ? absolute : absolute.split(sep).join("/");
}

/**
 * The mix projects in a folder, each with its files. An umbrella is one project; other nested projects are their own.
 * Files outside of any project belong to one at the folder itself. Symbolic links are not followed.
 * @throws Error when the folder does not exist.
 */
export async function discover(folder: string): Promise<ProjectFiles[]> {
  const top = normalise(folder);
  if (!(await stat(top)).isDirectory()) throw new Error(`${folder} is no folder`);
  const options = { cwd: top, absolute: true, dot: false, followSymbolicLinks: false, ignore: IGNORED };
  const files = (await glob(SOURCES, options)).map(normalise).sort();
  const roots = await mixRoots(files.filter((file) => file.endsWith("/mix.exs")).map((file) => dirname(file)));
  const byRoot = new Map<string, string[]>();
  for (const file of files) {
    const root = roots.find((candidate) => file.startsWith(`${candidate}/`)) ?? top;
    const list = byRoot.get(root);
    if (list) list.push(file);
    else byRoot.set(root, [file]);
  }
  if (byRoot.size === 0) byRoot.set(top, []);
  return [...byRoot].map(([root, list]) => ({ root, files: list }));
}

/** The project folders among those that have a `mix.exs`: apps of an umbrella belong to the umbrella. Longest first. */
async function mixRoots(folders: readonly string[]): Promise<string[]> {
  const umbrellas: string[] = [];
  for (const folder of folders) if (await isUmbrella(folder)) umbrellas.push(folder);
  return folders
    .filter((folder) => !umbrellas.some((umbrella) => folder.startsWith(`${umbrella}/`)))
    .sort((a, b) => b.length - a.length);
}

async function isUmbrella(folder: string): Promise<boolean> {
  try {
    return /\bapps_path:/.test(await readFile(join(folder, "mix.exs"), "utf8"));
  } catch {
    return false;
  }
}

/** The mix project around a path: the nearest folder above it with a `mix.exs`, or the umbrella around that; else null. */
export async function projectAround(path: string): Promise<string | null> {
  let nearest: string | null = null;
  for (let at = normalise(path); ; at = dirname(at)) {
    if (existsSync(join(at, "mix.exs"))) {
      if (nearest === null) nearest = at;
      else if (await isUmbrella(at)) return at;
    }
    if (dirname(at) === at) return nearest;
  }
}

/** True for a file that Lintel reads, by its name and folder. */
export function isSource(path: string): boolean {
  return /\.(?:ex|exs|heex|leex)$/.test(path) && !/\/(?:deps|_build|node_modules|\.git|\.elixir_ls)\//.test(path);
}
