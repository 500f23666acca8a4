// The browser that the projects' pages are opened in.

import { chromium } from "playwright-core";
import { describeMissing, engine } from "../../scripts/browsers.mjs";

const { browser } = engine("Chromium");

/**
 * Why no page can be opened here, for the `skip` option of a test; `false` if one can. On a build machine nothing is
 * skipped: there, starting the browser fails.
 */
export const noChromium =
  browser.find() === undefined && process.env.CI !== "true" && describeMissing([browser]);

/**
 * Starts the browser; its `close()` ends it.
 *
 * @returns {Promise<import("playwright-core").Browser>}
 */
export async function startChromium() {
  const executablePath = browser.find();
  if (executablePath === undefined) throw new Error(describeMissing([browser]));
  return chromium.launch({
    executablePath,
    args: ["--disable-dev-shm-usage"],
    // Chromium refuses its sandbox to root, and containers often run as root.
    chromiumSandbox: process.getuid?.() !== 0,
  });
}
