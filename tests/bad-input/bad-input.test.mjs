// Arguments of every kind, thousands of them, in Node and in Chromium: each call settles as it is documented.
//
// CALLS is the number of calls in Node, 4000 unless given; SEED begins other calls than the usual ones, which are the
// same in each run: a change is blamed for nothing that it did not do. `npm run soak -- --bad-input` makes new ones.

import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import * as api from "scribe-store";
import { noBrowser } from "../page/page.mjs";
import { withTab } from "./chromium.mjs";
import { soak } from "./soak.mjs";

const CALLS = Number(process.env.CALLS || 4000);
const SEED = Number(process.env.SEED || 1);

/** Chromium's share: IndexedDB takes longer than memory. */
const IN_CHROMIUM = Math.ceil(CALLS / 8);

const OPTIONS = { timeout: 120_000 + CALLS * 30 };

test(`${CALLS} calls with arguments of every kind, in memory`, OPTIONS, async () => {
  console.log(`The seed is ${SEED}: SEED=${SEED} CALLS=${CALLS} npm test -- --only "bad input" repeats it.`);
  const uncaught = [];
  const note = (reason) => uncaught.push(String(reason?.stack ?? reason));
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
  try {
    tell("Node", await soak(api, { calls: CALLS, seed: SEED, backend: "memory" }));
    await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    process.off("unhandledRejection", note);
    process.off("uncaughtException", note);
  }
  assert.deepEqual(uncaught, [], "nothing is thrown that nobody catches");
});

test(
  `${IN_CHROMIUM} calls with arguments of every kind, on IndexedDB in Chromium`,
  { ...OPTIONS, skip: noBrowser },
  () =>
    withTab(path.join(import.meta.dirname, "page.mjs"), async (ask) => {
      tell("Chromium", await ask("soak", { calls: IN_CHROMIUM, seed: SEED, backend: "indexeddb" }));
    }),
);

/** Tells what was done, for people. */
function tell(where, { calls, stores, methods, resolved, codes, entries, slowest }) {
  const rejected = Object.entries(codes).map(([code, count]) => `${count} with ${code}`);
  console.log(
    `${where}: ${calls} calls of ${Object.keys(methods).length} methods on ${stores} stores; ${resolved} resolved, ` +
      `rejected ${rejected.join(", ")}; ${entries} entries recounted; slowest: ${slowest.name}, ` +
      `${slowest.ms.toFixed(0)} ms.`,
  );
}
