import { availableParallelism } from "node:os";
import { join } from "node:path";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { readGrammars } from "./files/grammars.ts";
import { Session } from "./lint/session.ts";
import { RULES } from "./rules.gen.ts";
import { AheadParser } from "./syntax/ahead-parser.ts";
import { ParseProgress } from "./syntax/parse-progress.ts";
import type { ParserThread } from "./syntax/parser-thread.ts";
import { WasmParser } from "./syntax/wasm-parser.ts";

/**
 * Where rules, grammars and the engine meet. `timing` collects milliseconds per rule when given; with `optIn`, the rules that are off
 * by default are on, unless a project's configuration says otherwise.
 */
export async function createSession(
  log: (message: string) => void,
  timing: Map<string, number> | null,
  optIn = false,
): Promise<Session> {
  const wasm = await WasmParser.load(readGrammars(join(__dirname, "../../grammars")));
  const program = join(__dirname, "main-parser.cjs");
  const parser = new AheadParser(wasm, availableParallelism() > 1 ? () => startParserThread(program, log) : null);
  const rules = optIn ? RULES.map((rule) => ({ ...rule, default: "on" as const })) : RULES;
  return new Session({ parser, rules, log, clock: () => performance.now(), timing });
}

/** Starts a thread that parses. `program` is the bundle of `main-parser.ts`; where that fails, no answer comes. */
export function startParserThread(program: string, log: (message: string) => void): ParserThread {
  const { port1: port, port2: theirs } = new MessageChannel();
  const progress = new ParseProgress();
  const worker = new Worker(program, { workerData: { port: theirs, shared: progress.shared }, transferList: [theirs] });
  worker.on("error", (error) => log(`The thread that parses has stopped, all is parsed by the main one: ${error}`));
  worker.unref();
  port.unref();
  return {
    request: (files) => port.postMessage(files),
    reach: (file) => progress.reach(file),
    receive: () => receiveMessageOnPort(port)?.message ?? null,
    stop: () => {
      port.close();
      void worker.terminate();
    },
  };
}
