import { join } from "node:path";
import { type MessagePort, workerData } from "node:worker_threads";
import { readGrammars } from "./files/grammars.ts";
import { ParseProgress } from "./syntax/parse-progress.ts";
import { answer, buffersOf, type ParseRequest } from "./syntax/parser-thread.ts";
import { WasmParser } from "./syntax/wasm-parser.ts";

/** A thread that parses what another one will read soon; see `AheadParser`. */
async function serve(port: MessagePort, progress: ParseProgress): Promise<void> {
  const parser = await WasmParser.load(readGrammars(join(__dirname, "../../grammars")));
  port.on("message", (files: readonly ParseRequest[]) => {
    for (const file of files) {
      if (!progress.begin(file.file)) continue;
      const parsed = answer(file, parser);
      port.postMessage(parsed, buffersOf(parsed));
    }
    progress.rest();
  });
}

const { port, shared } = workerData as { port: MessagePort; shared: ParseProgress["shared"] };
void serve(port, new ParseProgress(shared));
