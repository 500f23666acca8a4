// A tab appends, queries, opens and closes stores for long: what it takes of memory levels off.
//
// LEAKS_SECONDS is how long it works, 35 unless given; `npm run soak -- --leaks` lets it work for ten minutes.

import assert from "node:assert/strict";
import test from "node:test";
import { withChromium } from "../chromium/tabs.mjs";
import { noBrowser } from "../page/page.mjs";
import { growthOfSecondHalf } from "./fit.mjs";

const SECONDS = Number(process.env.LEAKS_SECONDS || 35);
const SAMPLES = 24;

/** What may be: by how much each kind of memory may grow over the second half, as a part of its level and in bytes. */
const MOST = { part: 0.04, bytes: 512 * 1024 };

test(
  `memory levels off while a tab works for ${SECONDS} s`,
  { skip: noBrowser, timeout: SECONDS * 4000 + 120_000 },
  () =>
    withChromium(async ({ newTab }) => {
      const { page, devTools } = await newTab("leaks/");
      const samples = [];
      for (let index = 0; index < SAMPLES; index += 1) {
        const done = await page.evaluate((ms) => globalThis.work(ms), (SECONDS * 1000) / SAMPLES);
        samples.push({ ...done, ...(await heapOf(devTools)) });
      }
      const at = samples.map(({ calls }) => calls);
      const { rounds, calls } = samples.at(-1);
      console.log(`${rounds} rounds, ${calls} calls.`);
      const kinds = { wasm: "the module's memory", heap: "the heap of JavaScript" };
      for (const [kind, name] of Object.entries(kinds)) {
        const values = samples.map((sample) => sample[kind]);
        const { level, growth, perStep } = growthOfSecondHalf(at, values);
        console.log(`${name}, kB: ${values.map((value) => Math.round(value / 1000)).join(" ")}`);
        const told = `${kB(growth)} over the second half at a level of ${kB(level)}, ${perStep.toFixed(1)} bytes a call`;
        console.log(`${name}: ${told}.`);
        assert.ok(growth < MOST.bytes && growth < level * MOST.part, `${name} grew by ${told}`);
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
