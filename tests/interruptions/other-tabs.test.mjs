// 7.3 Two tabs: one wants to upgrade or delete the database that the other one has open.

import assert from "node:assert/strict";
import test from "node:test";
import { BOUND_MS, codesOf, inTime, withChromium } from "../chromium/tabs.mjs";
import { noBrowser } from "../page/page.mjs";

const OPTIONS = { skip: noBrowser, timeout: 3 * BOUND_MS };

test("7.3 a tab that holds the database open blocks an upgrade for as long as was set", OPTIONS, () =>
  withChromium(async ({ newTab }) => {
    const [one, other] = [await newTab(), await newTab()];
    await one.page.evaluate(async () => {
      await (await globalThis.openWithProject()).close();
      globalThis.held = await globalThis.openRaw("scribe-store");
    });
    const attempt = () =>
      other.page.evaluate(async () => {
        // As a later release opens it, whose database has a higher version.
        const { open } = IDBFactory.prototype;
        IDBFactory.prototype.open = function (name, version) {
          return open.call(this, name, version + 1);
        };
        const began = performance.now();
        try {
          const code = await globalThis.outcomeOf(globalThis.api.openStore({ blockedTimeoutMs: 700 }));
          return { code, ms: performance.now() - began };
        } finally {
          IDBFactory.prototype.open = open;
        }
      });
    const { code, ms } = await inTime(attempt(), "opening has settled");
    assert.equal(code, "blocked");
    assert.ok(ms >= 690 && ms < 20_000, `it waited ${ms} ms`);
    await one.page.evaluate(() => globalThis.held.close());
    // What was waiting goes on by itself; nothing holds the database open.
    const version = await inTime(
      other.page.evaluate(async () => (await globalThis.openRaw("scribe-store", 7)).version),
      "the database is free",
    );
    assert.equal(version, 7);
  }),
);

test("7.3 a tab that holds the database open blocks its deletion, but not for ever", OPTIONS, () =>
  withChromium(async ({ newTab }) => {
    const [one, other] = [await newTab(), await newTab()];
    await one.page.evaluate(async () => {
      await (await globalThis.openWithProject()).close();
      globalThis.held = await globalThis.openRaw("scribe-store");
    });
    const deletion = () => other.page.evaluate(() => globalThis.outcomeOf(globalThis.api.deleteStore()));
    assert.equal(await inTime(deletion(), "the deletion has settled"), "blocked");
    await one.page.evaluate(() => globalThis.held.close());
    assert.equal(await inTime(deletion(), "another deletion has settled"), "done");
  }),
);

const ENDINGS = {
  deletes: () => globalThis.outcomeOf(globalThis.api.deleteStore()),
  upgrades: async () => {
    (await globalThis.openRaw("scribe-store", 1000)).close();
    return "done";
  },
};
for (const [what, end] of Object.entries(ENDINGS)) {
  test(`7.3 a tab ${what} the database while another one uses it`, OPTIONS, () =>
    withChromium(async ({ newTab }) => {
      const [one, other] = [await newTab(), await newTab()];
      await one.page.evaluate(async () => {
        globalThis.store = await globalThis.openWithProject();
        await globalThis.store.insertEntries(globalThis.someEntries("before", 3000));
        globalThis.calls = new globalThis.Calls(globalThis.store);
      });
      // Its animation frames stand still: another tab is in front.
      await one.page.waitForFunction(() => globalThis.calls.settled > 50, undefined, { polling: 50 });
      assert.equal(await inTime(other.page.evaluate(end), "the other tab is done"), "done");
      const outcomes = await inTime(
        one.page.evaluate(() => globalThis.calls.stop()),
        "all calls have settled",
      );
      console.log(`While another tab ${what} the database: ${JSON.stringify(outcomes)}`);
      assert.deepEqual(codesOf(outcomes), ["closed", "done"], "calls are done, or `closed`");
      const later = await one.page.evaluate(() =>
        Promise.all([
          globalThis.outcomeOf(globalThis.store.listProjects()),
          globalThis.outcomeOf(globalThis.store.appendEntry({ project: "p", message: "late" })),
        ]),
      );
      assert.deepEqual(later, ["closed", "closed"], "later calls");

      const opened = await one.page.evaluate(() => globalThis.outcomeOf(globalThis.api.openStore()));
      if (what === "deletes") assert.equal(opened, "done", "the store can be opened again");
      else {
        assert.equal(opened, "too_new");
        const { version, tables, rows } = await other.page.evaluate(lookInside);
        assert.equal(version, 1000, "it is left as it is");
        assert.ok(tables === 13 && rows > 0, `${tables} tables, ${rows} rows`);
      }
    }),
  );
}

/** Runs in the page: what is in the database, whatever its version. */
async function lookInside() {
  const database = await globalThis.openRaw("scribe-store");
  const names = [...database.objectStoreNames];
  const transaction = database.transaction(names);
  let rows = 0;
  for (const name of names) {
    rows += await new Promise((resolve, reject) => {
      const request = transaction.objectStore(name).count();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
  database.close();
  return { version: database.version, tables: names.length, rows };
}
