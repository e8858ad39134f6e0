#!/usr/bin/env node
// Stands in for the desktop VS Code where that cannot be downloaded: takes the same arguments, runs code-server.
import { tsImport } from "tsx/esm/api";

const { runAsVsCode } = await tsImport("./run-as-vscode.ts", import.meta.url);
process.exitCode = await runAsVsCode(process.argv.slice(2));
