// One run of the benchmark: every engine at every size, in one browser.

import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { ask, elapsed } from "../scripts/process.mjs";
import { startBrowser, TimeLimit } from "./browser.mjs";
import { ENGINES } from "./engines.mjs";
import { measure } from "./measure.mjs";
import { bytesPerEntry } from "./page/data.js";
import { OPERATIONS } from "./page/operations.js";
import { prepare } from "./prepare.mjs";
import { judge } from "./targets.mjs";

/**
 * @typedef {object} Options
 * @property {number[]} sizes
 * @property {string[]} engines
 * @property {number} runs At least so many of every read.
 * @property {number} limitSeconds An engine that would take longer at a size is left out of it.
 * @property {(line: string) => void} [say]
 */

/**
 * @typedef {object} Results
 * @property {string} measuredAt
 * @property {string | null} commit
 * @property {boolean} changed Whether files differed from that commit.
 * @property {object} machine
 * @property {string} browser
 * @property {string} node
 * @property {Record<string, string>} packages
 * @property {{ bytesPerEntry: number }} data
 * @property {{ count: number, engines: Record<string, import("./measure.mjs").Measured
 *   | { failed: string } | { skipped: string }> }[]} sizes
 * @property {import("./targets.mjs").Target[]} targets
 */

/**
 * Runs the benchmark. The package must have been built.
 *
 * @param {Options} options
 * @returns {Promise<Results>}
 */
export async function runBench({ sizes, engines, runs, limitSeconds, say = console.log }) {
  const { site, versions } = await prepare(say);
  const browser = await startBrowser(site);
  const limitMs = limitSeconds * 1000;
  const measured = [];
  try {
    for (const count of sizes.toSorted((a, b) => a - b)) {
      say(`\n${count.toLocaleString("en")} entries`);
      const before = measured.at(-1);
      const now = { count, engines: {} };
      for (const { id, name } of ENGINES.filter((one) => engines.includes(one.id))) {
        say(`  ${name}`);
        const expectedMs = prediction(before, id, count);
        now.engines[id] =
          expectedMs > limitMs
            ? skip(`it would take about ${Math.round(expectedMs / 60_000)} minutes`, say)
            : await attempt(browser, id, { count, runs, limitMs, say });
      }
      measured.push(now);
    }
    return {
      measuredAt: new Date().toISOString(),
      ...(await revision()),
      machine: machine(),
      browser: browser.version,
      node: process.version,
      packages: versions,
      data: { bytesPerEntry: bytesPerEntry() },
      sizes: measured,
      targets: judge(Object.fromEntries(measured.map((one) => [one.count, one.engines]))),
    };
  } finally {
    await browser.close();
  }
}

/** Whether every engine gave right answers wherever it ran. */
export function allRight(results) {
  return results.sizes.every(({ engines }) => Object.values(engines).every((one) => !("failed" in one)));
}

async function attempt(browser, engine, options) {
  const started = Date.now();
  try {
    const result = await measure(browser, engine, options);
    options.say(`    done in ${elapsed(started)}`);
    return result;
  } catch (error) {
    if (error instanceof TimeLimit) return skip(error.message, options.say);
    options.say(`    FAILED: ${error.stack ?? error}`);
    return { failed: String(error.message ?? error) };
  }
}

function skip(reason, say) {
  say(`    left out: ${reason}`);
  return { skipped: reason };
}

/** How long an engine will take, from what it took at the size before; 0 where that is not known. */
function prediction(before, engine, count) {
  const known = before?.engines[engine];
  if (known === undefined) return 0;
  if (!known.operations) return Number.POSITIVE_INFINITY;
  const { operations } = known;
  // Every read runs at least three times: for its answer, its time, and its answer after appending.
  const reads = OPERATIONS.reduce((sum, { id }) => sum + operations[id].ms, 0);
  return ((operations.insert.ms + 3 * reads) * count) / before.count;
}

async function revision() {
  const commit = (await ask("git", ["rev-parse", "HEAD"])) ?? null;
  // What an earlier run wrote is no change.
  const own = ["results.json", "results.svg"].map((name) => `:!benches/${name}`);
  const status = await ask("git", ["status", "--porcelain", "--", ".", ...own]);
  return { commit, changed: status !== "" };
}

function machine() {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release()}`,
    load: loadNow(),
  };
}

/** What else ran: the mean number of busy processes in the last 15 minutes, where the system tells. */
function loadNow() {
  try {
    return Number(readFileSync("/proc/loadavg", "utf8").split(" ")[2]);
  } catch {
    return null;
  }
}
