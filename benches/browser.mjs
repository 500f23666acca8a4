// The browser, with a profile on disk, and one origin for each database, so that their sizes can be told apart.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { describeMissing, engine } from "../scripts/browsers.mjs";
import { startServer } from "../scripts/serve.mjs";

const { browser: CHROMIUM } = engine("Chromium");

const ARGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

/** Cross-origin isolation, which SQLite asks for, and which makes clocks finer for all. */
const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
};

/** A database counts as settled when its size has not changed for this long. */
const SETTLED_MS = 1500;
const SETTLE_LIMIT_MS = 60_000;

/** Something took longer than it may. */
export class TimeLimit extends Error {}

/** Why no browser can be started; `undefined` if one can. */
export function missingBrowser() {
  return CHROMIUM.find() === undefined ? describeMissing([CHROMIUM]) : undefined;
}

/**
 * @typedef {object} Browser
 * @property {string} version
 * @property {(engine: string) => Promise<Origin>} origin A new origin, where nothing is stored.
 * @property {() => Promise<void>} close Ends the browser and removes what it stored.
 */

/**
 * @typedef {object} Origin
 * @property {() => Promise<Tab>} tab A new tab with the engine's code, its module compiled, its database not open.
 * @property {(tab: Tab) => Promise<{ bytes: number, details: object }>} size What is stored, once that has settled.
 * @property {() => Promise<void>} close Deletes what is stored.
 */

/**
 * @typedef {object} Tab
 * @property {(method: string, argument?: object, limitMs?: number) => Promise<any>} call Calls the page. Rejects with
 *   `TimeLimit` if that takes too long.
 * @property {() => Promise<void>} close Closes the database, then the tab.
 * @property {() => Promise<void>} abandon Closes the tab, whatever it is doing.
 */

/**
 * Starts the browser on an empty profile.
 *
 * @param {string} site The folder that every origin serves.
 * @returns {Promise<Browser>}
 */
export async function startBrowser(site) {
  const profile = mkdtempSync(path.join(tmpdir(), "scribe-store-bench-"));
  const remove = () => rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  // Also when the run is interrupted.
  process.once("exit", remove);
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM.find(),
      args: ARGS,
      // Chromium refuses its sandbox to root, and containers often run as root.
      chromiumSandbox: process.getuid?.() !== 0,
    });
    return {
      version: await versionOf(context),
      origin: (name) => makeOrigin(context, site, name),
      close: async () => {
        await context.close();
        process.off("exit", remove);
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

async function versionOf(context) {
  const session = await context.newCDPSession(context.pages()[0]);
  const { product } = await session.send("Browser.getVersion");
  await session.detach();
  return product;
}

async function makeOrigin(context, site, name) {
  const server = await startServer({ root: site, headers: HEADERS });
  return {
    tab: () => openTab(context, server.url, name),
    size: settledSize,
    close: async () => {
      const session = await context.newCDPSession(context.pages()[0]);
      await session.send("Storage.clearDataForOrigin", {
        origin: new URL(server.url).origin,
        storageTypes: "all",
      });
      await session.detach();
      await server.close();
    },
  };
}

async function openTab(context, url, name) {
  const page = await context.newPage();
  let crash;
  const crashed = new Promise((_, reject) => {
    crash = () => reject(new Error("the tab crashed"));
  });
  crashed.catch(() => {});
  page.on("crash", () => crash());
  const call = async (method, argument, limitMs = 600_000) => {
    const alarm = new AbortController();
    const late = sleep(limitMs, undefined, { signal: alarm.signal }).then(
      () => Promise.reject(new TimeLimit(`more than ${limitMs / 1000} s`)),
      () => {},
    );
    const result = page.evaluate(([wanted, given]) => globalThis.bench[wanted](given), [method, argument]);
    result.catch(() => {});
    try {
      return await Promise.race([result, crashed, late]);
    } finally {
      alarm.abort();
    }
  };
  await page.goto(url);
  await page.waitForFunction(() => "bench" in globalThis);
  await call("load", name);
  return {
    call,
    close: async () => {
      try {
        await call("close", undefined, 30_000);
      } finally {
        await page.close();
      }
    },
    abandon: () => page.close(),
  };
}

/** Databases write their files anew in the background for a while. */
async function settledSize(tab) {
  const until = Date.now() + SETTLE_LIMIT_MS;
  let last = await tab.call("usage");
  let since = Date.now();
  while (Date.now() - since < SETTLED_MS && Date.now() < until) {
    await sleep(250);
    const now = await tab.call("usage");
    if (now.bytes !== last.bytes) since = Date.now();
    last = now;
  }
  return last;
}
