// Chromium as a process of the test, so that it can be killed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chromium } from "playwright-core";
import { describeMissing, engine } from "../../scripts/browsers.mjs";
import { BROWSER_ARGS } from "../page/page.mjs";

const { browser: CHROMIUM } = engine("Chromium");
const LIMIT_MS = 60_000;
const POSIX = process.platform !== "win32";

/**
 * @typedef {object} Killable
 * @property {import("playwright-core").Page} page Its first tab.
 * @property {() => Promise<void>} kill Ends all its processes at once, without a word; resolves when they have ended.
 */

/**
 * Starts Chromium on a profile.
 *
 * @param {string} profile A folder.
 * @param {object} [options]
 * @param {boolean} [options.noDefaults] Whether tabs are as a person has them: one that is not in front is hidden.
 * @returns {Promise<Killable>}
 */
export async function startKillable(profile, { noDefaults = false } = {}) {
  const program = CHROMIUM.find();
  assert.ok(program, describeMissing([CHROMIUM]));
  const own = ["--headless", "--remote-debugging-port=0", "--no-default-browser-check", "--disable-breakpad"];
  // In a process group of its own: one signal reaches the browser and all its helpers.
  const child = spawn(program, [...BROWSER_ARGS, ...own, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: POSIX,
  });
  // The stream is closed once the last process that could write to it has ended.
  const ended = new Promise((resolve) => child.once("close", resolve));
  const kill = () => {
    if (child.exitCode === null && child.signalCode === null) {
      process.kill(POSIX ? -child.pid : child.pid, "SIGKILL");
    }
    return inTime(ended, "the browser's processes have ended");
  };
  try {
    const address = await inTime(addressOf(child), "the browser has started");
    const browser = await chromium.connectOverCDP(address, { noDefaults });
    const [context] = browser.contexts();
    const page = context.pages()[0] ?? (await context.newPage());
    return { page, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** Where a browser that has just been started can be steered, which it tells. */
function addressOf(child) {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
      const address = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (address) resolve(address);
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`the browser ended:\n${output}`)));
  });
}

async function inTime(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not after ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
