// Chromium is killed while a tab writes, again and again on the same profile: what was acknowledged is there.
//
// KILLS is the number of rounds, 5 unless given; SEED that of another run, whose kills it repeats.

import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { DIST } from "../../scripts/build.mjs";
import { startServer } from "../../scripts/serve.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";
import { noBrowser, withScratch } from "../page/page.mjs";
import { startKillable } from "./browser.mjs";
import { checkRound, checkVerified } from "./checks.mjs";
import { APPENDS, bulkProject, MERGED_ROWS, MERGES, mergedProject, ROWS } from "./entries.mjs";
import { plan } from "./plan.mjs";
import { Record } from "./record.mjs";

const ROUNDS = Number(process.env.KILLS || 5);
const SEED = Number(process.env.SEED || Date.now() % 1_000_000);

/** Enough for a round on a machine that is busy. */
const ROUND_MS = 120_000;

test(
  `a browser is killed ${ROUNDS} times while it writes, and nothing acknowledged is lost`,
  { skip: noBrowser, timeout: (ROUNDS + 1) * ROUND_MS },
  () =>
    withScratch(async (scratch) => {
      console.log(`The seed is ${SEED}: SEED=${SEED} npm test -- --only kills repeats it.`);
      const server = await startServer({
        root: path.join(ROOT, "tests"),
        mounts: { "/dist/": DIST, "/www/": path.join(ROOT, "www") },
      });
      try {
        await new Kills(path.join(scratch, "profile"), `${server.url}kills/`).run();
      } finally {
        await server.close();
      }
    }),
);

/** The rounds, one after the other on one profile. */
class Kills {
  #profile;
  #url;
  /** Of each round that was checked: what was reported, what it has left, and where its appends begin. */
  #rounds = [];
  /** How many entries the project that is appended to has. */
  #appends = 0;

  constructor(profile, url) {
    this.#profile = profile;
    this.#url = url;
  }

  async run() {
    let last;
    for (const moment of plan(SEED, ROUNDS)) {
      last = await this.#inTab(async (tab) => {
        if (last) await this.#check(last, tab);
        const record = new Record(moment.round);
        const told = await workUntil(tab, record, moment);
        return { record, told };
      });
    }
    await this.#inTab(async (tab) => {
      await this.#check(last, tab);
      await this.#checkAllAgain(tab);
    });
  }

  /** Starts the browser, runs a body with its tab, and kills it if the body has not. */
  async #inTab(body) {
    const { page, kill } = await startKillable(this.#profile);
    try {
      await page.goto(this.#url);
      await page.waitForFunction(() => globalThis.ask);
      const ask = async (task, options) =>
        JSON.parse(await page.evaluate((request) => globalThis.ask(...request), [task, options]));
      return await body({ page, kill, ask });
    } finally {
      await kill();
    }
  }

  /** Checks what a killed round has left, and that the store goes on. */
  async #check({ record, told }, { ask }) {
    const { round, cycles } = record;
    const before = this.#appends;
    const left = checkRound(record, await ask("readRound", { round, cycles }), before);
    this.#rounds.push({ record, left, before });
    this.#appends += left.appends;
    checkVerified(await ask("verifyAll"), this.#expected());
    console.log(`Round ${round}: killed ${told}; ${describe(record, left)}.`);

    const { told: one, newest, found } = await ask("goOn", { round });
    this.#appends += 1;
    assert.equal(one.seq, this.#appends, "the numbers go on");
    assert.deepEqual([newest, found], [one, one], "what is appended after a kill is read");
  }

  /** Checks that all rounds have left what they had left at first. */
  async #checkAllAgain({ ask }) {
    for (const { record, left, before } of this.#rounds) {
      const { round, cycles } = record;
      const again = checkRound(record, await ask("readRound", { round, cycles }), before);
      assert.deepEqual(again, left, `round ${round} is as it was`);
    }
    checkVerified(await ask("verifyAll"), this.#expected());
  }

  /** How many entries projects have. */
  #expected() {
    const counts = this.#rounds.flatMap(({ record: { round }, left }) => [
      [bulkProject(round), left.inserts * ROWS],
      [mergedProject(round), left.merged * MERGED_ROWS],
    ]);
    return new Map([[APPENDS, this.#appends], ...counts]);
  }
}

/** Has a tab write until its browser is killed at a moment; resolves to when that was, for people. */
async function workUntil({ page, kill, ask }, record, { phase, cycle, fraction }) {
  await page.exposeFunction("report", (report) => record.take(report));
  const begun = record.begins(phase, cycle);
  const working = ask("work", { round: record.round });
  const failed = working.then(() => assert.fail("a tab that writes does not end by itself"));
  await Promise.race([begun, failed]);
  const started = performance.now();
  await Promise.race([sleep(fraction * record.ms[phase]), failed]);
  const ms = performance.now() - started;
  failed.catch(() => {}); // It ends with the browser.
  await kill();
  return `${ms.toFixed(0)} ms into "${phase}", which took ${record.ms[phase].toFixed(0)} ms before`;
}

/** What was acknowledged, and what was found, for people. */
function describe({ appends, begun, done }, { appends: found, inserts, merged, doomed }) {
  const gone = doomed.slice(0, done.prepare).filter((isThere) => !isThere).length;
  return [
    `${appends.length} appends acknowledged, ${found} found`,
    `inserts: ${begun.insert} begun, ${done.insert} acknowledged, ${inserts} found`,
    `merged: ${begun.merge * MERGES} begun, ${done.merge * MERGES} acknowledged, ${merged} found`,
    `deletions: ${begun.delete} begun, ${done.delete} acknowledged, ${gone} gone`,
  ].join("; ");
}
