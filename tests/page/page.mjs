// The page in Chromium, as a person has it before them; and nothing is left running afterwards.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { describeMissing, engine } from "../../scripts/browsers.mjs";
import { DIST } from "../../scripts/build.mjs";
import { EXPLORER } from "../../scripts/explorer.mjs";
import { startServer } from "../../scripts/serve.mjs";

const { browser: CHROMIUM } = engine("Chromium");

/** What Chromium would do on the network by itself, and the sandbox that it refuses to root. */
export const BROWSER_ARGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/** Why no test can run here; `false` if they can. Where CI says so, the browser has to be there. */
export const noBrowser =
  CHROMIUM.find() === undefined && process.env.CI !== "true" ? describeMissing([CHROMIUM]) : false;

/**
 * Starts Chromium on a profile.
 *
 * @param {string} profile A folder; what was stored with it is there again.
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export function startBrowser(profile, options = {}) {
  const executablePath = CHROMIUM.find();
  assert.ok(executablePath, describeMissing([CHROMIUM]));
  return chromium.launchPersistentContext(profile, { executablePath, args: BROWSER_ARGS, ...options });
}

/**
 * Runs a body with a temporary folder, which is gone afterwards.
 *
 * @template T
 * @param {(folder: string) => Promise<T>} body
 */
export async function withScratch(body) {
  const folder = mkdtempSync(path.join(tmpdir(), "scribe-store-page-"));
  try {
    return await body(folder);
  } finally {
    // Chromium's last processes may still write for a moment.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/**
 * Opens the page with an empty store and runs a body. Fails also if the page broke its content security policy,
 * wrote an error to the console, or threw one that nobody caught.
 *
 * @param {(tools: { page: import("playwright-core").Page, url: string, scratch: string,
 *   context: import("playwright-core").BrowserContext, watch: (page: import("playwright-core").Page) => void,
 *   }) => Promise<void>} body
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export function withPage(body, options = {}) {
  return withScratch(async (scratch) => {
    const server = await startServer({ root: EXPLORER, mounts: { "/scribe-store/": DIST } });
    let context;
    try {
      context = await startBrowser(path.join(scratch, "profile"), { viewport: VIEWPORT, ...options });
      context.setDefaultTimeout(30_000);
      // The package beside the page, for tests that write as an agent would.
      await context.addInitScript(() => {
        window.openTestStore = async () => (await import("/scribe-store/index.js")).openStore();
      });
      const troubles = [];
      const watch = (page) => {
        page.on("console", (message) => {
          if (["error", "warning"].includes(message.type())) troubles.push(`console: ${message.text()}`);
        });
        page.on("pageerror", (error) => troubles.push(`not caught: ${error.stack ?? error}`));
        page.on("dialog", (dialog) => {
          troubles.push(`a dialog of the browser: ${dialog.message()}`);
          return dialog.dismiss();
        });
      };
      const [page] = context.pages();
      watch(page);
      await page.goto(server.url);
      await body({ page, url: server.url, scratch, context, watch });
      assert.deepEqual(troubles, []);
    } finally {
      await context?.close();
      await server.close();
    }
  });
}

/** So high that a project of the sample log is shown as a whole. */
const VIEWPORT = { width: 1280, height: 1500 };

/** Imports the sample log and waits until its first project is shown. */
export async function loadSample(page) {
  await page.getByRole("button", { name: "Load the sample log" }).click();
  await page.locator("#project-name").waitFor();
  await settled(page);
}

/** Goes to a project by the list at the side. */
export async function choose(page, project) {
  await page.locator(".side .projects a", { hasText: project }).click();
  await page.locator("#project-name", { hasText: project }).waitFor();
  await settled(page);
}

/** Waits until the table shows what was asked for last. */
export async function settled(page) {
  // Typing is searched for after a pause.
  await page.waitForTimeout(250);
  await page.waitForFunction(
    () =>
      document.querySelector(".entries[aria-busy=false]") && !document.querySelector("#entries .row.waiting"),
  );
}

/** The entries that the rows in the page tell of, from the top down. */
export function shownEntries(page) {
  return page.locator("#entries .row").evaluateAll((rows) =>
    rows
      .sort((a, b) => Number(a.ariaRowIndex) - Number(b.ariaRowIndex))
      .map((row) => ({
        emoji: row.querySelector(".emoji").textContent,
        ts: row.querySelector("time").dateTime,
        agent: row.querySelector(".agent").textContent,
        message: row.querySelector(".message").textContent,
      })),
  );
}

/** What is said of how many entries there are. */
export function shownCount(page) {
  return page.locator("#entries-count").textContent();
}
