// One engine at one size: fill, compare answers, and only then measure.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { elapsed } from "../scripts/process.mjs";
import { TimeLimit } from "./browser.mjs";
import { expectedAnswers } from "./oracle.mjs";
import { OPERATIONS } from "./page/operations.js";

/** Entries in one call of bulk insert. */
const CALL = 100_000;

/** Appended one by one. */
const APPENDS = 200;

/** Bulk insert is repeated up to so many times while all runs together take less than this. */
const INSERT_RUNS = 3;
const INSERT_BUDGET_MS = 60_000;

/** After this long without a tab the browser has closed an origin's databases. */
const IDLE_MS = 3000;

/** An operation that takes longer is run once. */
const SLOW_MS = 30_000;

/**
 * @typedef {object} Timing
 * @property {number} ms The median.
 * @property {number} runs
 * @property {number} min
 * @property {number} max
 * @property {number} [firstMs] The very first time, before the engine had anything in memory.
 */

/**
 * @typedef {object} Measured
 * @property {Record<string, Timing>} operations
 * @property {{ bytes: number, details: object }} disk
 * @property {{ insert: number, open: number, operations: Record<string, number> }} [wasmMemory] Bytes, at the peak.
 */

/**
 * Measures an engine.
 *
 * @param {import("./browser.mjs").Browser} browser
 * @param {string} engine
 * @param {object} options
 * @param {number} options.count Entries.
 * @param {number} options.runs At least so many of every read.
 * @param {number} options.limitMs For bulk insert.
 * @param {(line: string) => void} options.say
 * @returns {Promise<Measured>} Rejects if an answer is wrong, and with `TimeLimit`.
 */
export async function measure(browser, engine, { count, runs, limitMs, say }) {
  const tell = (what) => say(`    ${what}`);
  const { origin, insert, memory } = await fill(browser, engine, { count, runs, limitMs, tell });
  const context = { origin, engine, count, runs, tell };
  try {
    // First: files are written anew after so much was written, which would disturb what is measured next.
    const disk = await sizeOnDisk(origin);
    const opened = await opening(context);
    const read = await reading(context);
    const appended = await appending(context);
    const operations = { insert, ...appended, ...read.operations, open: opened.open };
    const wasmMemory = { insert: memory, open: opened.memory, operations: read.memory };
    return { operations, disk, ...(memory > 0 && { wasmMemory }) };
  } finally {
    await origin.close();
  }
}

/**
 * What the next visitor finds stored: the database is opened once more, which brings a log of writes into its final
 * form, and then left alone. An open one may hold space in reserve.
 */
async function sizeOnDisk(origin) {
  await sleep(IDLE_MS);
  await inTab(origin, async (tab) => {
    await tab.call("open", { create: false });
    await origin.size(tab);
  });
  await sleep(IDLE_MS);
  return inTab(origin, (tab) => origin.size(tab));
}

/** Opens the database and reads its newest page, each time in a new tab. */
async function opening({ origin, engine, count, runs }) {
  const times = [];
  let memory = 0;
  for (let run = 0; run < runs; run += 1) {
    await inTab(origin, async (tab) => {
      const { ms, answer, memory: bytes } = await tab.call("openAndRead");
      compare(engine, "open", answer, expectedAnswers(count).get("newest"));
      times.push(ms);
      memory = Math.max(memory, bytes);
    });
  }
  return { open: timing(times), memory };
}

/** Every read: first its answer is compared, then it is measured. */
function reading({ origin, engine, count, runs, tell }) {
  return inTab(origin, async (tab) => {
    await tab.call("open", { create: false });
    const started = Date.now();
    const first = {};
    for (const [id, expected] of expectedAnswers(count)) {
      const { ms, answer } = await tab.call("answer", { id, count });
      compare(engine, id, answer, expected);
      first[id] = ms;
    }
    tell(`answers are right (${elapsed(started)})`);
    const operations = {};
    const memory = {};
    for (const { id } of OPERATIONS) {
      const { times, memory: bytes } = await tab.call("measure", { id, count, runs, slowMs: SLOW_MS });
      operations[id] = { ...timing(times), firstMs: first[id] };
      memory[id] = bytes;
    }
    return { operations, memory };
  });
}

/** Appends, and compares all answers once more. */
function appending({ origin, engine, count, tell }) {
  return inTab(origin, async (tab) => {
    await tab.call("open", { create: false });
    const to = count + APPENDS;
    const times = await tab.call("append", { from: count, to });
    for (const [id, expected] of expectedAnswers(to)) {
      const { answer } = await tab.call("answer", { id, count: to });
      compare(engine, `${id} after appending`, answer, expected);
    }
    tell("answers after appending are right");
    return { append: timing(times.append), put: timing(times.put) };
  });
}

/** Fills a new origin, several times if that is quick; the last one is kept. */
async function fill(browser, engine, { count, runs, limitMs, tell }) {
  const times = [];
  const wanted = Math.min(runs, INSERT_RUNS);
  for (;;) {
    const origin = await browser.origin(engine);
    try {
      const memory = await inTab(origin, async (tab) => {
        await tab.call("open", { create: true });
        times.push(await insertAll(tab, count, limitMs));
        return tab.call("wasmMemory");
      });
      tell(`inserted ${count} entries in ${(times.at(-1) / 1000).toFixed(2)} s`);
      const spent = times.reduce((sum, ms) => sum + ms, 0);
      if (times.length >= wanted || spent > INSERT_BUDGET_MS)
        return { origin, insert: timing(times), memory };
    } catch (error) {
      await origin.close();
      throw error;
    }
    await origin.close();
  }
}

async function insertAll(tab, count, limitMs) {
  let ms = 0;
  for (let from = 0; from < count; from += CALL) {
    const left = limitMs - ms;
    if (left <= 0) throw new TimeLimit(`bulk insert: more than ${limitMs / 1000} s for ${from} entries`);
    try {
      ms += await tab.call("insert", { from, to: Math.min(from + CALL, count) }, left);
    } catch (error) {
      if (!(error instanceof TimeLimit)) throw error;
      throw new TimeLimit(`bulk insert: more than ${limitMs / 1000} s`);
    }
  }
  return ms;
}

/** Runs a body in a new tab. */
async function inTab(origin, body) {
  const tab = await origin.tab();
  let result;
  try {
    result = await body(tab);
  } catch (error) {
    await tab.abandon();
    throw error;
  }
  await tab.close();
  return result;
}

function compare(engine, id, given, expected) {
  assert.deepEqual(given, expected, `${engine} answers "${id}" wrongly`);
}

/** @param {number[]} times */
function timing(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { ms: median, runs: times.length, min: sorted[0], max: sorted.at(-1) };
}
