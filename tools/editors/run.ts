import { spawn } from "node:child_process";

/** Runs a command to its end; when it fails, the error carries the last lines of its output. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env = process.env }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const output: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => output.push(data));
    child.stderr.on("data", (data: Buffer) => output.push(data));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const text = Buffer.concat(output).toString();
      if (code === 0) return resolve(text);
      const tail = text.trim().split("\n").slice(-15).join("\n");
      reject(new Error(`\`${[command, ...args].join(" ")}\` ended with ${signal ?? `status ${code}`}:\n${tail}`));
    });
  });
}
