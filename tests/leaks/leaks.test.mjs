// A tab appends, queries, opens and closes stores for long: what it takes of memory levels off.
//
// It works by rounds, so that a slow machine does as much as a quick one. LEAKS_SECONDS is how long it goes on at least,
// with more rounds; `npm run soak -- --leaks` lets it work for ten minutes.

import assert from "node:assert/strict";
import test from "node:test";
import { withChromium } from "../chromium/tabs.mjs";
import { noBrowser } from "../page/page.mjs";
import { growthOf } from "./growth.mjs";

const SECONDS = Number(process.env.LEAKS_SECONDS || 0);

/** Memory is looked at each time that so many rounds are done. */
const ROUNDS = 5;

/** How often it is looked at while caches fill and free lists come to hold what a round needs: that is not judged. */
const WARM_UP = 6;
/** How often it is looked at afterwards, at least. */
const SAMPLES = 16;

/**
 * By how many bytes a call memory may grow, of either kind, besides one leap.
 *
 * The module's allocator hands out nothing smaller than 16 bytes, and no object of JavaScript is smaller than 12, so a
 * leak with each call is more. What is less is noise: the module's memory grows by pages of 64 KiB, some of which a heap
 * that is in pieces may need late; and the heap of JavaScript has what the engine learns about the code.
 */
const MOST = 8;

test(
  `memory levels off while a tab works${SECONDS ? ` for ${SECONDS} s` : ""}`,
  { skip: noBrowser, timeout: 600_000 + SECONDS * 2000 },
  () =>
    withChromium(async ({ newTab }) => {
      const { page, devTools } = await newTab("leaks/");
      const samples = [];
      const end = Date.now() + SECONDS * 1000;
      while (samples.length < WARM_UP + SAMPLES || Date.now() < end) {
        const done = await page.evaluate((rounds) => globalThis.work(rounds), ROUNDS);
        samples.push({ ...done, ...(await heapOf(devTools)) });
      }
      // A soak takes longer to level off, too: of its many samples a part is warm-up.
      const judged = samples.slice(Math.max(WARM_UP, Math.floor(samples.length / 4)));
      const at = judged.map(({ calls }) => calls);
      console.log(`${samples.at(-1).rounds} rounds; judged are ${at.at(-1) - at[0]} of ${at.at(-1)} calls.`);
      const kinds = { wasm: "the module's memory", heap: "the heap of JavaScript" };
      for (const [kind, name] of Object.entries(kinds)) {
        console.log(`${name}, kB: ${samples.map((sample) => Math.round(sample[kind] / 1000)).join(" ")}`);
        const values = judged.map((sample) => sample[kind]);
        const { level, growth, perStep } = growthOf(at, values);
        const told = `${kB(growth)} at a level of ${kB(level)}, ${perStep.toFixed(2)} bytes a call`;
        console.log(`${name}: ${told}.`);
        assert.ok(perStep < MOST, `${name} grew by ${told}`);
      }
    }),
);

/** What a tab's heap takes, with what its objects stand for, once there is no garbage in it; in bytes. */
async function heapOf(devTools) {
  // What was held only by garbage's finalizers is garbage afterwards.
  for (let time = 0; time < 3; time += 1) await devTools.send("HeapProfiler.collectGarbage");
  const {
    usedSize,
    embedderHeapUsedSize = 0,
    backingStorageSize = 0,
  } = await devTools.send("Runtime.getHeapUsage");
  return { heap: usedSize + embedderHeapUsedSize + backingStorageSize };
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
