// Patterns that make other engines stand still, in Chromium: time is linear, or the pattern is refused.

import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { noBrowser } from "../page/page.mjs";
import { withTab } from "./chromium.mjs";

const OPTIONS = { skip: noBrowser, timeout: 300_000 };
const PAGE = path.join(import.meta.dirname, "page.mjs");

/** What is quicker than this is not compared: the clock and other programs count for more. */
const NOISE_MS = 25;

/** How many times as long as half a message a whole one may take. Quadratic time would be 4 times. */
const RATIO = 3;

/** How many times as long as a plain pattern one may take, on as long a message: the largest programs there are. */
const MULTIPLE = 1500;

/** For how many searches the page may stand still, and how much longer: a search is not interrupted. */
const STILL = 3;
const STILL_MS = 2000;

test("a search takes linear time, and the page stands still for one search at most", OPTIONS, () =>
  withTab(PAGE, async (ask) => {
    const options = { ratio: RATIO, noiseMs: NOISE_MS };
    for (const one of await ask("measurePatterns", options)) {
      const { pattern, part, plain, half, whole, longest, gap } = one;
      const figures = `${pattern}: ${half.toFixed(1)} ms, ${whole.toFixed(1)} ms, plain ${plain.toFixed(1)} ms, still ${gap.toFixed(0)} ms`;
      console.log(`1/${part} MB, ${figures}`);
      assert.ok(whole < RATIO * Math.max(half, NOISE_MS), `linear: ${figures}`);
      assert.ok(whole < MULTIPLE * Math.max(plain, 1), `not much slower than a plain one: ${figures}`);
      assert.ok(gap < STILL * longest + STILL_MS, `the page goes on: ${figures}`);
    }
  }),
);

test("on IndexedDB the page goes on while a pattern is searched for that costs much", OPTIONS, () =>
  withTab(PAGE, async (ask) => {
    const { whole, gap, between, left, reason } = await ask("searchInSlices");
    const figures = [whole, gap, between, left].map((ms) => `${ms.toFixed(0)} ms`).join(", ");
    console.log(`the search, the longest gap, another read, a search that was given up: ${figures}`);
    assert.ok(gap < whole / 4, `the page goes on: ${figures}`);
    assert.ok(between < whole / 4, `others are answered meanwhile: ${figures}`);
    assert.equal(reason, "enough", "a signal's reason");
    assert.ok(left < whole / 2, `a search can be given up: ${figures}`);
  }),
);

test("what would be too large is refused at once, and the limit is named", OPTIONS, () =>
  withTab(PAGE, async (ask) => {
    for (const { pattern, code, message, ms } of await ask("refusePatterns")) {
      assert.equal(code, "invalid_argument", `${pattern} is refused`);
      assert.match(message, /10,000 instructions are the most|nested too deeply|no closing/, pattern);
      assert.ok(message.length < 1100, `${pattern} is not repeated`);
      assert.ok(ms < 10_000, `${pattern} is refused after ${ms} ms`);
    }
  }),
);
