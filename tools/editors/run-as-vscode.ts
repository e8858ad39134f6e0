import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { installExtension, type Payload, type Profile, startCodeServer } from "./code-server.ts";
import { type CodeServerInstallation, ensureCodeServer } from "./install-code-server.ts";

/** A line of a test's output that asks for a picture, written as `[screenshot] name`. */
const screenshotLine = /^\[screenshot\] ([\w-]+)$/;

const testTimeout = 5 * 60_000;

/**
 * Does what the desktop VS Code does with these arguments, in code-server and Chromium, and gives back the exit status:
 * installs an extension (`--install-extension`), or opens a folder with the extension under development
 * (`--extensionDevelopmentPath`) and runs its tests (`--extensionTestsPath`).
 */
export async function runAsVsCode(args: readonly string[]): Promise<number> {
  const profile = { userDataDir: required(args, "user-data-dir"), extensionsDir: required(args, "extensions-dir") };
  const installation = await ensureCodeServer();
  const vsix = option(args, "install-extension");
  if (vsix !== undefined) {
    console.log(await installExtension(installation, profile, vsix));
    return 0;
  }
  return runTests(args, installation, profile);
}

async function runTests(
  args: readonly string[],
  installation: CodeServerInstallation,
  profile: Profile,
): Promise<number> {
  const folder = args.find((arg) => !arg.startsWith("-"));
  if (folder === undefined) throw new Error("No folder was given to open");
  const server = await startCodeServer(installation, profile);
  const payload: Payload = [
    ["extensionDevelopmentPath", server.remoteUri(required(args, "extensionDevelopmentPath"))],
    ["extensionTestsPath", server.remoteUri(required(args, "extensionTestsPath"))],
    ["skipWelcome", "true"],
  ];
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const { status } = await forwardOutput(page);
    await page.goto(server.address(folder, payload));
    return await status;
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Forwards the tests' output, takes the pictures that it asks for; `status` is what the workbench ends with. */
async function forwardOutput(page: Page): Promise<{ status: Promise<number> }> {
  await page.exposeFunction("codeAutomationLog", async (_type: string, values: unknown[]) => {
    const text = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(" ");
    console.log(text);
    const name = screenshotLine.exec(text)?.[1];
    if (name !== undefined) await takeScreenshot(page, name);
  });
  let end: (code: number) => void = () => {};
  const status = new Promise<number>((resolve) => {
    end = resolve;
  });
  await page.exposeFunction("codeAutomationExit", end);
  page.on("crash", () => end(1));
  const timer = setTimeout(() => {
    console.error(`The tests did not end within ${testTimeout / 1000} s`);
    end(1);
  }, testTimeout);
  return { status: status.finally(() => clearTimeout(timer)) };
}

async function takeScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.LINTEL_SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

function option(args: readonly string[], name: string): string | undefined {
  const prefix = `--${name}=`;
  return args.find((arg) => arg.startsWith(prefix))?.slice(prefix.length);
}

function required(args: readonly string[], name: string): string {
  const value = option(args, name);
  if (value === undefined) throw new Error(`--${name}= is missing`);
  return value;
}
