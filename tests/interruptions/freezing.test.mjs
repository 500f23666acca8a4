// A tab that the browser freezes in the background, and lets go on later: calls wait, and none fails for that.

import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BOUND_MS, codesOf, inTime, withChromium } from "../chromium/tabs.mjs";
import { noBrowser } from "../page/page.mjs";

const OPTIONS = { skip: noBrowser, timeout: 4 * BOUND_MS };

/** Patience is measured by timers; they run this many times as fast, so that half a minute is six seconds. */
const HASTE = 5;

/** How long a tab stays frozen: for longer than its patience. */
const FROZEN_MS = 8000;

/** What another tab wants while the first is frozen; and what may come of it, meanwhile and once that goes on. */
const WISHES = {
  // Writes that were under way hold up others until they are answered.
  write: {
    wish: () => globalThis.outcomeOf(globalThis.store.appendEntry({ project: "p", message: "other" })),
    meanwhile: ["done", "unavailable"],
    afterwards: ["done"],
    later: "done",
  },
  "delete the database": {
    wish: () => globalThis.outcomeOf(globalThis.api.deleteStore()),
    meanwhile: ["blocked", "unavailable"],
    afterwards: ["closed", "done"],
    later: "closed",
  },
  "upgrade the database": {
    wish: () => {
      globalThis.upgraded = globalThis.openRaw("scribe-store", 1000).then((raw) => raw.close());
      const late = new Promise((resolve) => setTimeout(() => resolve("late"), 30_000));
      return Promise.race([globalThis.upgraded.then(() => "done"), late]);
    },
    meanwhile: ["late"],
    afterwards: ["closed", "done"],
    later: "closed",
  },
};

for (const [what, { wish, meanwhile, afterwards, later }] of Object.entries(WISHES)) {
  test(`7.3 a frozen tab has calls under way, and another one wants to ${what}`, OPTIONS, () =>
    withChromium(async ({ newTab }) => {
      const [one, other] = [await newTab(), await newTab()];
      for (const { page } of [one, other]) {
        await page.evaluate(async (haste) => {
          globalThis.log = [];
          for (const event of ["freeze", "resume"]) {
            document.addEventListener(event, () => globalThis.log.push(event));
          }
          globalThis.store = await globalThis.openWithProject();
          globalThis.hastenTimers(haste);
        }, HASTE);
      }
      if (what !== "write") await other.page.evaluate(() => globalThis.store.close());
      await one.page.evaluate(() => {
        globalThis.calls = new globalThis.Calls(globalThis.store);
      });
      await one.page.waitForFunction(() => globalThis.calls.settled > 20, undefined, { polling: 50 });

      await one.devTools.send("Page.setWebLifecycleState", { state: "frozen" });
      await one.page.waitForFunction(() => globalThis.log.includes("freeze"), undefined, { polling: 50 });
      const settled = () => one.page.evaluate(() => globalThis.calls.settled);
      const before = await settled();
      const wished = await inTime(other.page.evaluate(wish), `a tab that wants to ${what}`);
      assert.ok(meanwhile.includes(wished), `it is told: ${wished}`);
      await sleep(FROZEN_MS);
      assert.equal(await settled(), before, "nothing settles in a frozen tab");

      await one.devTools.send("Page.setWebLifecycleState", { state: "active" });
      await one.page.waitForFunction((count) => globalThis.calls.settled > count + 20, before, {
        polling: 50,
      });
      const outcomes = await inTime(
        one.page.evaluate(() => globalThis.calls.stop()),
        "all calls have settled",
      );
      console.log(`Another tab that wants to ${what}: ${wished}; then ${JSON.stringify(outcomes)}`);
      assert.deepEqual(await one.page.evaluate(() => globalThis.log), ["freeze", "resume"]);
      assert.deepEqual(
        codesOf(outcomes).filter((code) => !afterwards.includes(code)),
        [],
      );
      const after = one.page.evaluate(() => globalThis.outcomeOf(globalThis.store.listProjects()));
      assert.equal(await inTime(after, "a call afterwards has settled"), later);
      const again = other.page.evaluate(wish);
      assert.equal(await inTime(again, "the other tab's wish, once more"), "done");
    }),
  );
}
