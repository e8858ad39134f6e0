import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { Server } from "./lsp/server.ts";
import { createSession } from "./main-engine.ts";

// Editors that start a server by its name alone speak over standard input and output.
if (!process.argv.some((argument) => /^--(?:stdio|node-ipc|socket|pipe)/.test(argument))) process.argv.push("--stdio");

const connection = createConnection(ProposedFeatures.all);

createSession((message) => connection.console.error(message), null).then(
  (session) => {
    new Server(connection, session);
    connection.listen();
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
