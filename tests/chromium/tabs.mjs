// Chromium as a person has it, with tabs that are steered through the DevTools protocol.

import assert from "node:assert/strict";
import path from "node:path";
import { DIST } from "../../scripts/build.mjs";
import { startServer } from "../../scripts/serve.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";
import { startKillable } from "../kills/browser.mjs";
import { withScratch } from "../page/page.mjs";

/** How long anything that is to settle may take, on a machine that is busy. */
export const BOUND_MS = 60_000;

/**
 * A tab, and what steers it.
 *
 * @typedef {object} Tab
 * @property {import("playwright-core").Page} page
 * @property {import("playwright-core").CDPSession} devTools
 */

/**
 * What a test works with.
 *
 * @typedef {object} Tools
 * @property {string} url Where the tests' folder is served.
 * @property {string} origin
 * @property {(address?: string) => Promise<Tab>} newTab Opens a tab in front of the others, by default with the package.
 */

/** Copies of the package that are loaded anew, at addresses of their own: "/dist-1/" and so on. */
const COPIES = 30;
const copies = Object.fromEntries(
  Array.from({ length: COPIES }, (_, index) => [`/dist-${index + 1}/`, DIST]),
);

/**
 * Runs a body with a browser of its own, on a profile of its own. Fails also if a tab wrote an error to its console,
 * or threw one that nobody caught.
 *
 * @param {(tools: Tools) => Promise<void>} body
 */
export function withChromium(body) {
  return withScratch(async (scratch) => {
    const server = await startServer({
      root: path.join(ROOT, "tests"),
      mounts: { "/dist/": DIST, "/www/": path.join(ROOT, "www"), ...copies },
    });
    try {
      const { page, kill } = await startKillable(path.join(scratch, "profile"), { noDefaults: true });
      try {
        const troubles = [];
        const context = page.context();
        const newTab = async (address = "chromium/") => {
          const tab = await context.newPage();
          tab.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
          tab.on("pageerror", (error) => troubles.push(String(error)));
          await goTo(tab, server.url + address);
          return { page: tab, devTools: await context.newCDPSession(tab) };
        };
        await body({ url: server.url, origin: new URL(server.url).origin, newTab });
        assert.deepEqual(troubles, []);
      } finally {
        await kill();
      }
    } finally {
      await server.close();
    }
  });
}

/** Has a tab go to a page, and waits until its scripts have run. */
export async function goTo(page, address) {
  await page.goto(address);
  await page.waitForFunction(() => globalThis.isReady);
}

/**
 * Waits for a promise, but no longer than the bound.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {string} what What it tells of, as in "all calls have settled".
 * @returns {Promise<T>}
 */
export async function inTime(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not after ${BOUND_MS} ms`)), BOUND_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What calls ended with, each once, in order.
 *
 * @param {Record<string, number>} outcomes As `Calls` in the page counts them.
 */
export function codesOf(outcomes) {
  return [...new Set(Object.keys(outcomes).map((key) => key.split(": ")[1]))].sort();
}
