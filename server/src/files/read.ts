import { lstat, readFile } from "node:fs/promises";

/** A file's text, or why it is left out. */
export type ReadResult = { readonly text: string } | { readonly skipped: string };

/** Bytes; no source that people write is larger, and generated tables are not worth the wait. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Reads a source file as UTF-8. Never throws: what cannot be read is skipped with the reason. */
export async function readSource(path: string): Promise<ReadResult> {
  try {
    const stat = await lstat(path);
    if (!stat.isFile()) return { skipped: "not a regular file" };
    if (stat.size > MAX_BYTES) {
      return { skipped: `larger than ${MAX_BYTES / 1024 / 1024} MB (${(stat.size / 1024 / 1024).toFixed(1)} MB)` };
    }
    return decode(await readFile(path));
  } catch (error) {
    return { skipped: reasonOf(error) };
  }
}

/** The text of a small file beside the project's sources; null when there is none. */
export async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return null;
  }
}

function decode(bytes: Uint8Array): ReadResult {
  if (bytes.subarray(0, 8192).includes(0)) return { skipped: "binary" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { skipped: "not valid UTF-8" };
  }
}

function reasonOf(error: unknown): string {
  const code = (error as { code?: string }).code;
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "ENOENT") return "it is gone";
  return error instanceof Error ? error.message : String(error);
}
