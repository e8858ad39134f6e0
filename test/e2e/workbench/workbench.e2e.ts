import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright-core";
import { launchChromium } from "../../../tools/editors/chromium.ts";
import { startCodeServer } from "../../../tools/editors/code-server.ts";
import { ensureChromium } from "../../../tools/editors/debian.ts";
import { ensureCodeServer } from "../../../tools/editors/install-code-server.ts";
import { comparisonsToNil } from "../compare-to-nil.ts";
import {
  addListedParcels,
  MAKE_STREAM,
  MODULE,
  STREAMED_MODULE,
  STREAMED_TEMPLATE,
  TEMPLATE,
} from "../listed-parcels.ts";
import { root, screenshots } from "../paths.ts";
import { copyShop, temporaryFolder } from "../temporary-folder.ts";
import { tool } from "../tool.ts";

const temporary = temporaryFolder();
const pictures = join(screenshots, "workbench");

test("the workbench as a user sees it", async (t) => {
  const installation = await tool(t, ensureCodeServer);
  if (!installation || !(await tool(t, ensureChromium))) return;
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });

  const workspace = copyShop(temporary);
  const parcels = addListedParcels(workspace);
  const [place] = comparisonsToNil(workspace);
  assert.ok(place, "the shop compares a column to nil somewhere");
  const profile = { userDataDir: join(temporary, "user"), extensionsDir: join(temporary, "extensions") };
  const server = await startCodeServer(installation, profile);
  const browser = await launchChromium();
  t.after(async () => {
    await browser.close();
    await server.stop();
  });

  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(30_000);
  const start = Date.now();
  await page.goto(
    server.address(workspace, [
      ["extensionDevelopmentPath", server.remoteUri(root)],
      ["openFile", `${server.remoteUri(place.file)}:${place.line}:${place.column}`],
      ["gotoLineMode", "true"],
    ]),
  );

  await t.test("a squiggle", async () => {
    await page.waitForSelector(".squiggly-warning, .squiggly-error", { state: "attached" });
    t.diagnostic(`from opening the page to the first squiggle: ${Date.now() - start} ms`);
  });

  await t.test("a hover with the message and the rule", async () => {
    const hover = page.locator(".monaco-hover:visible", { hasText: "ecto/nil-comparison" }).first();
    await eventually(async () => {
      await page.keyboard.press("Control+K");
      await page.keyboard.press("Control+I");
      return hover.waitFor({ timeout: 1000 }).then(
        () => true,
        () => false,
      );
    });
    await page.screenshot({ path: join(pictures, "squiggle-and-hover.png") });
    await page.keyboard.press("Escape");
  });

  await t.test("the Problems panel with files that were never opened", async () => {
    await page.keyboard.press("Control+Shift+M");
    await page.waitForSelector(".markers-panel .monaco-list-row");
    const files = page.locator(".markers-panel .monaco-list-row[aria-level='1']");
    await files.nth(2).waitFor();
    await page.screenshot({ path: join(pictures, "problems.png") });
    await page.keyboard.press("Control+Shift+M");
    await page.waitForSelector(".markers-panel", { state: "hidden" });
  });

  await t.test("a rule that is picked from the list is explained", async () => {
    await page.keyboard.press("F1");
    const input = page.locator(".quick-input-widget:visible input");
    await input.fill(">Lintel: Explain a Rule");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "Lintel: Explain a Rule" }).first().waitFor();
    await page.keyboard.press("Enter");
    // The list shows only the rows that fit: it is narrowed as a user would.
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "design/" }).first().waitFor();
    await input.fill("ecto/nil-comparison");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "ecto/nil-comparison" }).first().click();
    const preview = page.frameLocator("iframe.webview").frameLocator("#active-frame");
    await preview.getByRole("heading", { name: "ecto/nil-comparison" }).waitFor();
    await page.screenshot({ path: join(pictures, "explain.png") });
    await page
      .locator(".tabs-container .tab", { hasText: basename(place.file) })
      .first()
      .click();
  });

  await t.test("the light bulb's menu, and its fix", async () => {
    await page.locator(".monaco-editor .view-lines").first().click();
    await goTo(page, place.line, place.column);
    await page.keyboard.press("Control+.");
    await page.waitForSelector(".action-widget .monaco-list-row");
    await page.screenshot({ path: join(pictures, "light-bulb.png") });
    await page.locator(".action-widget .monaco-list-row", { hasText: "is_nil" }).first().click();
    const fixed = `is_nil(${place.operand})`;
    await page.locator(".monaco-editor .view-lines", { hasText: fixed }).first().waitFor();
    await page.screenshot({ path: join(pictures, "fixed.png") });
    await page.keyboard.press("Control+S");
    await eventually(() => readFileSync(place.file, "utf8").split("\n")[place.line - 1]?.includes(fixed) ?? false);
  });

  await t.test("a fix of a module and its template, which is undone in one step", async () => {
    await openFile(page, "parcel_live/index.ex");
    await goTo(page, parcels.line, parcels.column);
    await page.locator(".squiggly-warning, .squiggly-info").first().waitFor({ state: "attached" });
    await eventually(async () => {
      await page.keyboard.press("Control+.");
      const action = page.locator(".action-widget .monaco-list-row", { hasText: MAKE_STREAM }).first();
      const isThere = await action.waitFor({ timeout: 1000 }).then(
        () => true,
        () => false,
      );
      if (isThere) await action.click();
      else await page.keyboard.press("Escape");
      return isThere;
    });
    await page.locator(".view-lines", { hasText: "stream(socket, :parcels" }).first().waitFor();
    await page.screenshot({ path: join(pictures, "stream-module.png") });
    await openFile(page, "parcel_live/index.html.heex");
    await page.locator(".view-lines", { hasText: "@streams.parcels" }).first().waitFor();
    await page.screenshot({ path: join(pictures, "stream-template.png") });
    await saveAll(page);
    await eventually(() => readFileSync(parcels.template, "utf8") === STREAMED_TEMPLATE);
    assert.equal(readFileSync(parcels.module, "utf8"), STREAMED_MODULE);

    await page.locator(".monaco-editor .view-lines").first().click();
    await page.keyboard.press("Control+Z");
    await page.locator(".view-lines", { hasText: "parcel <- @parcels" }).first().waitFor();
    await saveAll(page);
    await eventually(() => readFileSync(parcels.template, "utf8") === TEMPLATE);
    assert.equal(readFileSync(parcels.module, "utf8"), MODULE, "one undo takes both files back");
  });
});

/** Tries until it succeeds. */
async function eventually(attempt: () => Promise<boolean> | boolean): Promise<void> {
  for (let count = 0; count < 100; count++) {
    if (await attempt()) return;
    await pause(100);
  }
  throw new Error("Not within the time");
}

/** Opens a file of the workspace by the end of its path. */
async function openFile(page: Page, path: string): Promise<void> {
  await page.keyboard.press("Control+P");
  const input = page.locator(".quick-input-widget:visible input");
  await input.fill(path);
  await page
    .locator(".quick-input-list .monaco-list-row", { hasText: basename(path) })
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
  await page
    .locator(".tabs-container .tab.active", { hasText: basename(path) })
    .first()
    .waitFor();
  await page.locator(".monaco-editor .view-lines").first().click();
}

async function saveAll(page: Page): Promise<void> {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget:visible input").fill(">File: Save All Files");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Save All" }).first().click();
}

/** Puts the cursor at a place, both counted from 1. */
async function goTo(page: Page, line: number, column: number): Promise<void> {
  await page.keyboard.press("Control+G");
  const input = page.locator(".quick-input-widget:visible input");
  await input.fill(`:${line}:${column}`);
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
}
