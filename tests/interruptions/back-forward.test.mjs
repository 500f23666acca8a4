// A person leaves the page and comes back: the browser has kept it as it was, with its store open.

import assert from "node:assert/strict";
import test from "node:test";
import { BOUND_MS, goTo, inTime, withChromium } from "../chromium/tabs.mjs";
import { noBrowser } from "../page/page.mjs";

const OPTIONS = { skip: noBrowser, timeout: 3 * BOUND_MS };
const CALLS = 40;

test("3.7 a page that comes back has its store, and sees what was written meanwhile", OPTIONS, () =>
  withChromium(async ({ url, newTab }) => {
    const [one, other] = [await newTab(), await newTab()];
    await leaveWithCalls(one, url);
    const written = await other.page.evaluate(async (name) => {
      globalThis.store = await globalThis.openWithProject();
      return (await globalThis.store.appendEntry({ project: "p", message: name })).message;
    }, "meanwhile");
    await comeBack(one);
    const found = await inTime(one.page.evaluate(whatIsThere), "the page that came back answers");
    if (found.isKept) {
      assert.deepEqual([...new Set(found.outcomes)], ["done"], "calls that were under way are done");
      assert.equal(found.outcomes.length, CALLS);
    } else {
      console.log("This browser does not keep a page with an open database: it was loaded anew.");
    }
    // Of calls that were under way, those whose page is gone may be done or not.
    assert.ok(found.isKept ? found.count === CALLS + 2 : found.count <= CALLS + 2, `${found.count} entries`);
    assert.ok(found.messages.includes(written), "what the other tab wrote is there");
    assert.equal(found.verified, found.count, "the log is whole");
    assert.equal(found.next, found.count + 1, "and goes on");
    assert.equal(await other.page.evaluate(() => globalThis.store.countEntries("p")), found.count + 1);
  }),
);

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

/** Has a tab open a store, make calls, and go to another page before they have settled. */
async function leaveWithCalls({ page }, url) {
  await page.evaluate(async (count) => {
    addEventListener("pageshow", ({ persisted }) => {
      globalThis.isKept = persisted;
    });
    globalThis.store = await globalThis.openWithProject();
    await globalThis.store.appendEntry({ project: "p", message: "before" });
    globalThis.calls = Array.from({ length: count }, (_, index) =>
      globalThis.outcomeOf(globalThis.store.appendEntry({ project: "p", message: `call ${index}` })),
    );
  }, CALLS);
  await goTo(page, `${url}chromium/?elsewhere`);
}

async function comeBack({ page }) {
  await page.evaluate(() => history.back());
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
