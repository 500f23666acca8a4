// A person leaves the page and comes back: the browser has kept it as it was, with its store open.

import assert from "node:assert/strict";
import test from "node:test";
import { BOUND_MS, goTo, inTime, withChromium } from "../chromium/tabs.mjs";
import { noBrowser } from "../page/page.mjs";

const OPTIONS = { skip: noBrowser, timeout: 10 * BOUND_MS };
const CALLS = 40;

/** How often a page is left at most until the browser keeps it: one that is slow to be put away is given up. */
const ATTEMPTS = 5;

/** What a page does before it is left, and what another tab does until it comes back. */
const VISITS = {
  "had calls under way": { leave: leaveWithCalls, meanwhile: async () => {} },
  "was at rest, while another tab wrote": { leave: leaveAtRest, meanwhile: writeSilently },
};
for (const [what, { leave, meanwhile }] of Object.entries(VISITS)) {
  test(`3.7 a page that is kept has its store when it comes back: it ${what}`, OPTIONS, async () => {
    for (let attempt = 1; ; attempt += 1) {
      const isKept = await visit(leave, meanwhile);
      if (isKept) return;
      console.log(`The page was loaded anew, at attempt ${attempt}.`);
      assert.ok(attempt < ATTEMPTS, "the browser keeps a page with an open store");
    }
  });
}

// Chromium gives up a page that it keeps when it holds up another tab, or when a message comes for it.
for (const [what, leave] of Object.entries({
  "had calls under way": leaveWithCalls,
  "was at rest": leaveAtRest,
})) {
  test(
    `3.7 a page that may be given up loses nothing: it ${what}, and another tab wrote`,
    OPTIONS,
    async () => {
      const isKept = await visit(leave, write);
      console.log(`A page that ${what} was ${isKept ? "kept" : "loaded anew"}.`);
    },
  );
}

/**
 * Leaves a page and comes back to it; checks what is there then. Resolves to whether the browser kept it.
 *
 * @param {typeof leaveWithCalls} leave
 * @param {(other: import("../chromium/tabs.mjs").Tab) => Promise<string | undefined>} meanwhile What another tab does;
 *   resolves to the message of what it wrote.
 */
async function visit(leave, meanwhile) {
  let isKept;
  await withChromium(async ({ url, newTab }) => {
    const [one, other] = [await newTab(), await newTab()];
    await leave(one, url);
    const written = await meanwhile(other);
    await comeBack(one);
    const found = await inTime(one.page.evaluate(whatIsThere), "the page that came back answers");
    ({ isKept } = found);
    const extra = written === undefined ? 1 : 2;
    if (isKept) {
      assert.deepEqual(found.outcomes, Array(CALLS).fill("done"), "calls that were made before are done");
    }
    // Of calls that were under way, those whose page is gone may be done or not.
    const most = CALLS + extra;
    assert.ok(isKept ? found.count === most : found.count <= most, `${found.count} entries`);
    if (written) assert.ok(found.messages.includes(written), "what the other tab wrote is there");
    assert.equal(found.verified, found.count, "the log is whole");
    assert.equal(found.next, found.count + 1, "and goes on");
    const counted = await other.page.evaluate(async () => {
      globalThis.store ??= await globalThis.openWithProject();
      return globalThis.store.countEntries("p");
    });
    assert.equal(counted, found.count + 1, "as the other tab finds it");
  });
  return isKept;
}

/** Has a tab open the store and append an entry. */
function write({ page }) {
  return page.evaluate(async () => {
    globalThis.store = await globalThis.openWithProject();
    return (await globalThis.store.appendEntry({ project: "p", message: "meanwhile" })).message;
  });
}

for (const what of ["delete", "upgrade"]) {
  test(`7.3 a page that is kept does not keep another tab from its ${what} of the database`, OPTIONS, () =>
    withChromium(async ({ url, newTab }) => {
      const [one, other] = [await newTab(), await newTab()];
      await leaveWithCalls(one, url);
      const done = other.page.evaluate(async (wish) => {
        if (wish === "delete") return globalThis.outcomeOf(globalThis.api.deleteStore());
        (await globalThis.openRaw("scribe-store", 1000)).close();
        return "done";
      }, what);
      assert.equal(await inTime(done, `the ${what}`), "done");
      await comeBack(one);
      const found = await inTime(
        one.page.evaluate(async () => ({
          isKept: globalThis.isKept ?? false,
          // The handle from before, if there is one.
          old: globalThis.store ? await globalThis.outcomeOf(globalThis.store.listProjects()) : "closed",
          anew: await globalThis.outcomeOf(globalThis.api.openStore()),
        })),
        "the page that came back answers",
      );
      console.log(`After the ${what}, the page was ${found.isKept ? "kept" : "loaded anew"}.`);
      assert.deepEqual([found.old, found.anew], ["closed", what === "delete" ? "done" : "too_new"]);
    }),
  );
}

/** The same, but nobody is told of it. */
async function writeSilently(tab) {
  await tab.page.evaluate(() => {
    globalThis.BroadcastChannel = undefined;
  });
  return write(tab);
}

/** Has a tab open a store, make calls, and go to another page before they have settled. */
async function leaveWithCalls({ page }, url) {
  await page.evaluate(makeCalls, CALLS);
  await goTo(page, `${url}chromium/?elsewhere`);
}

/** The same, but the calls have settled. */
async function leaveAtRest({ page }, url) {
  await page.evaluate(makeCalls, CALLS);
  await page.evaluate(() => Promise.all(globalThis.calls));
  await goTo(page, `${url}chromium/?elsewhere`);
}

/** Runs in the page: opens a store, and makes calls. */
async function makeCalls(count) {
  addEventListener("pageshow", ({ persisted }) => {
    globalThis.isKept = persisted;
  });
  globalThis.store = await globalThis.openWithProject();
  await globalThis.store.appendEntry({ project: "p", message: "before" });
  globalThis.calls = Array.from({ length: count }, (_, index) =>
    globalThis.outcomeOf(globalThis.store.appendEntry({ project: "p", message: `call ${index}` })),
  );
}

async function comeBack({ page }) {
  // Not before the call that asks for it has ended: it would end with the page.
  await page.evaluate(() => {
    setTimeout(() => history.back(), 50);
  });
  const deadline = Date.now() + BOUND_MS;
  for (;;) {
    const isThere = () => !location.search && document.readyState === "complete" && globalThis.isReady;
    // While the page changes, there is nothing to ask.
    if (await page.evaluate(isThere).catch(() => false)) return;
    assert.ok(Date.now() < deadline, "the page came back");
    await page.waitForTimeout(50);
  }
}

/** Runs in the page that came back; one that was loaded anew opens the store again. */
async function whatIsThere() {
  const isKept = globalThis.isKept ?? false;
  const store = globalThis.store ?? (await globalThis.api.openStore());
  const outcomes = await Promise.all(globalThis.calls ?? []);
  const entries = await store.queryEntries({ project: "p", limit: 1000 });
  const count = await store.countEntries("p");
  const { entries: verified } = await store.verifyProject("p");
  const { seq: next } = await store.appendEntry({ project: "p", message: "after" });
  return { isKept, outcomes, messages: entries.map(({ message }) => message), count, verified, next };
}
