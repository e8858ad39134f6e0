import { join } from "node:path";

/** The project's folder. */
export const root = join(import.meta.dirname, "..", "..");

/** Where the tests in real editors put their pictures. */
export const screenshots = join(root, "test", "e2e", ".tmp", "screenshots");

/** The packaged extension. */
export const vsix = join(root, "lintel.vsix");

/** The language server as it ships. */
export const languageServer = join(root, "server", "out", "main-lsp.cjs");
