// One engine at one size: fill, compare answers, and only then measure.

import assert from "node:assert/strict";
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
  const operations = {};
  const { origin, insert, memory } = await fill(browser, engine, { count, runs, limitMs, tell });
  operations.insert = insert;
  const open = [];
  try {
    // Files are written anew in the background after so much was written, which would disturb what is measured next.
    const disk = await inTab(origin, async (tab) => {
      await tab.call("open", { create: false });
      return origin.size(tab);
    });

    const wasmMemory = { insert: memory, open: 0, operations: {} };
    const expected = expectedAnswers(count);
    for (let run = 0; run < runs; run += 1) {
      await inTab(origin, async (tab) => {
        const { ms, answer, memory: bytes } = await tab.call("openAndRead");
        compare(engine, "open", answer, expected.get("newest"));
        wasmMemory.open = bytes;
        open.push(ms);
      });
    }
    operations.open = timing(open);

    await inTab(origin, async (tab) => {
      await tab.call("open", { create: false });
      const first = {};
      const started = Date.now();
      for (const { id } of OPERATIONS) {
        const { ms, answer } = await tab.call("answer", { id, count });
        compare(engine, id, answer, expected.get(id));
        first[id] = ms;
      }
      tell(`answers are right (${elapsed(started)})`);
      for (const { id } of OPERATIONS) {
        const { times, memory: bytes } = await tab.call("measure", { id, count, runs, slowMs: SLOW_MS });
        operations[id] = { ...timing(times), firstMs: first[id] };
        wasmMemory.operations[id] = bytes;
      }
    });

    await inTab(origin, async (tab) => {
      await tab.call("open", { create: false });
      const to = count + APPENDS;
      const times = await tab.call("append", { from: count, to });
      operations.append = timing(times.append);
      operations.put = timing(times.put);
      for (const [id, answer] of expectedAnswers(to)) {
        const { answer: given } = await tab.call("answer", { id, count: to });
        compare(engine, `${id} after appending`, given, answer);
      }
      tell("answers after appending are right");
    });
    return { operations, disk, ...(wasmMemory.insert > 0 && { wasmMemory }) };
  } finally {
    await origin.close();
  }
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
