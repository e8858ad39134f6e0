import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { ensurePostgres } from "../../tools/editors/debian.ts";
import { run } from "../../tools/editors/run.ts";

/** A server of our own, on a socket in a folder that goes with it. */
export interface Postgres {
  readonly socketFolder: string;
  readonly user: string;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL that nothing else knows of: no port, no service, data in a temporary folder. */
export async function startPostgres(): Promise<Postgres> {
  const bin = await ensurePostgres();
  const folder = mkdtempSync(join(tmpdir(), "lintel-pg-"));
  const data = join(folder, "data");
  const isRoot = process.getuid?.() === 0;
  // The server refuses to run as root; Debian's package brings a user for it.
  if (isRoot) chownSync(folder, ...(await idsOf("postgres")));
  const unprivileged = (command: string, args: readonly string[]): Promise<string> =>
    isRoot
      ? run("runuser", ["-u", "postgres", "--", join(bin, command), ...args], { cwd: folder })
      : run(join(bin, command), args, { cwd: folder });
  const stop = async (): Promise<void> => {
    await unprivileged("pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"]).catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await unprivileged("initdb", ["-D", data, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
    const options = `-c listen_addresses='' -c fsync=off -c timezone=UTC -k ${folder}`;
    await unprivileged("pg_ctl", ["-D", data, "-l", join(folder, "log"), "-w", "-o", options, "start"]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { socketFolder: folder, user: isRoot ? "postgres" : userInfo().username, stop };
}

async function idsOf(user: string): Promise<[number, number]> {
  const [uid, gid] = await Promise.all([run("id", ["-u", user]), run("id", ["-g", user])]);
  return [Number(uid), Number(gid)];
}
