// Many tabs and workers on one store, writing at the same time, in Chromium through the package as it is shipped.

import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { DIST } from "../../scripts/build.mjs";
import { startServer } from "../../scripts/serve.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";
import { noBrowser, startBrowser, withScratch } from "../page/page.mjs";
import { checkAfterRace, checkFollowed, checkRace, checkReading, checkTold } from "./checks.mjs";

const OPTIONS = { skip: noBrowser, timeout: 600_000 };
const TABS = 4;
const STORE = { database: "tabs", project: "shared" };

/** Where the package runs: one tab has all of these. */
const KINDS = ["a window", "a dedicated worker", "a shared worker", "a service worker"];

/** How many calls are made at once by those that do not wait for each. */
const BURST = 100;

test("four tabs append at the same time, and each finds all that any was told", OPTIONS, () =>
  withTabs(TABS, async (tabs) => {
    const writers = tabs.map((tab, index) => ({ ...inWindow(tab, index), burst: index < 2 ? BURST : 1 }));
    await appendAndCheck(writers, 2500);
  }),
);

test("a window and workers of all kinds append at the same time", OPTIONS, () =>
  withTabs(1, async ([tab]) => {
    const writers = KINDS.map((where, index) => ({
      name: where,
      ask: asker(tab, where),
      burst: index % 2 ? 1 : BURST,
    }));
    await appendAndCheck(writers, 500);
  }),
);

test("two tabs and workers of all kinds follow the log, while all of them append", OPTIONS, () =>
  withTabs(2, async ([first, second]) => {
    const places = [...KINDS.map((where) => [first, where]), [second, "a window"]];
    const writers = places.map(([tab, where], index) => ({
      name: `${where} of tab ${tab === first ? 1 : 2}`,
      ask: asker(tab, where),
      burst: index % 2 ? 1 : BURST,
    }));
    await followAndCheck(writers, 1000);
  }),
);

test("of eight callers in four tabs exactly one is first, in each of fifty rounds", OPTIONS, () =>
  withTabs(TABS, (tabs) => raceAndCheck(tabs.map(inWindow))),
);

test("of eight callers in a window and workers of all kinds exactly one is first as well", OPTIONS, () =>
  withTabs(1, ([tab]) => raceAndCheck(KINDS.map((where) => ({ name: where, ask: asker(tab, where) })))),
);

// ---------------------------------------------------------------- tabs

/** Opens so many tabs of one browser and runs a body; fails also if one wrote an error to its console. */
function withTabs(count, body) {
  return withScratch(async (scratch) => {
    const server = await startServer({
      root: path.join(ROOT, "tests"),
      mounts: { "/dist/": DIST, "/www/": path.join(ROOT, "www") },
    });
    let context;
    try {
      context = await startBrowser(path.join(scratch, "profile"));
      const troubles = [];
      const tabs = [];
      for (let index = 0; index < count; index += 1) {
        const tab = index === 0 ? context.pages()[0] : await context.newPage();
        tab.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
        tab.on("pageerror", (error) => troubles.push(String(error)));
        await tab.goto(`${server.url}tabs/`);
        await tab.waitForFunction(() => globalThis.ask);
        tabs.push(tab);
      }
      await body(tabs);
      assert.deepEqual(troubles, []);
    } finally {
      await context?.close();
      await server.close();
    }
  });
}

/** What asks a tab, or a worker that it starts, to perform a task. */
function asker(tab, where) {
  return async (task, options) =>
    JSON.parse(await tab.evaluate((request) => globalThis.ask(...request), [where, task, options]));
}

function inWindow(tab, index) {
  return { name: `tab ${index + 1}`, ask: asker(tab, "a window") };
}

/** Has all perform a task at the same time. */
function everywhere(all, task, optionsOf) {
  return Promise.all(all.map((one) => one.ask(task, optionsOf(one))));
}

// ---------------------------------------------------------------- appending

/** Has all append so many entries each, then each read everything, and checks what they were told and what they read. */
async function appendAndCheck(writers, count) {
  const names = writers.map(({ name }) => name);
  // One after the other: the first one makes the project.
  for (const { ask } of writers) await ask("open", STORE);
  const written = await everywhere(writers, "append", ({ name, burst }) => ({
    ...STORE,
    writer: name,
    writers: names,
    count,
    burst,
  }));
  for (const [index, { told, looks, ms }] of written.entries()) {
    checkTold(names[index], told, count);
    const how = writers[index].burst > 1 ? `${writers[index].burst} at once` : "one by one";
    console.log(`${names[index]}: ${count} entries, ${how}, in ${(ms / 1000).toFixed(1)} s; ${looks} looks.`);
  }
  const told = written.flatMap((one) => one.told);
  const readings = await everywhere(writers, "read", () => STORE);
  for (const reading of readings) checkReading(reading, told);
  assert.equal(new Set(readings.map(({ report }) => report.head)).size, 1, "all find the same chain");
  for (const { parts, tail } of await everywhere(writers, "sealed", () => STORE)) {
    assert.ok(parts > 0 && tail < told.length / 2, `most was sealed meanwhile: ${parts} parts, ${tail} rows`);
  }
}

// ---------------------------------------------------------------- racing

/** Has four places race with two handles each, and checks that each round has one winner. */
async function raceAndCheck(places) {
  const [rounds, callers] = [50, 2 * places.length];
  for (const { ask } of places) await ask("open", STORE);
  const race = { ...STORE, agentId: "ada", rounds, startAt: Date.now() + 500, gapMs: 40 };
  const outcomes = await everywhere(places, "race", () => race);
  checkRace(Array.from({ length: rounds }, (_, round) => outcomes.flatMap((ofPlace) => ofPlace[round])));
  const wins = outcomes.map((ofPlace) => ofPlace.flat().filter(({ code }) => code === "set").length);
  console.log(
    `Of ${rounds} rounds, ${places.map(({ name }, index) => `${name} won ${wins[index]}`).join(", ")}.`,
  );
  for (const after of await everywhere(places, "afterRace", () => race)) {
    checkAfterRace(after, rounds, callers);
  }
}

// ---------------------------------------------------------------- following

/** Has all follow the log, each through two handles, while each appends so many entries; checks what they saw. */
async function followAndCheck(writers, count) {
  for (const { ask } of writers) await ask("open", STORE);
  await everywhere(writers, "follow", () => STORE);
  const names = writers.map(({ name }) => name);
  const written = await everywhere(writers, "append", ({ name, burst }) => ({
    ...STORE,
    writer: name,
    writers: names,
    count,
    burst,
  }));
  const told = written.flatMap((one) => one.told);
  assert.equal(told.length, count * writers.length);
  const followed = await everywhere(writers, "followed", () => ({ count: told.length }));
  for (const [index, handles] of followed.entries()) {
    assert.equal(handles.length, 2);
    for (const [handle, saw] of handles.entries()) {
      checkFollowed(`${names[index]}, handle ${handle + 1}`, saw, told);
    }
  }
}
