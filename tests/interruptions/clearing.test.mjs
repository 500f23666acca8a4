// 7.4 The browser drops the connection: somebody clears the site's data while the store is open.

import assert from "node:assert/strict";
import test from "node:test";
import { BOUND_MS, codesOf, inTime, withChromium } from "../chromium/tabs.mjs";
import { noBrowser } from "../page/page.mjs";

const OPTIONS = { skip: noBrowser, timeout: 3 * BOUND_MS };

/** Ways in which a person, or the browser, does it. */
const WAYS = {
  "all data of the site are cleared": ({ devTools, origin }) =>
    devTools.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" }),
  "the site's databases are cleared": ({ devTools, origin }) =>
    devTools.send("Storage.clearDataForStorageKey", {
      storageKey: `${origin}/`,
      storageTypes: "indexeddb",
    }),
  "the database is deleted in the developer tools": async ({ devTools, origin }) => {
    await devTools.send("IndexedDB.enable");
    await devTools.send("IndexedDB.deleteDatabase", {
      securityOrigin: origin,
      databaseName: "scribe-store",
    });
  },
};

for (const [what, clear] of Object.entries(WAYS)) {
  test(`7.4 ${what} while calls are under way`, OPTIONS, () =>
    withChromium(async ({ origin, newTab }) => {
      const { page, devTools } = await newTab();
      await page.evaluate(prepare);
      await page.evaluate(() => {
        globalThis.calls = new globalThis.Calls(globalThis.store);
      });
      await page.waitForFunction(() => globalThis.calls.settled > 50);
      await clear({ devTools, origin });
      const missed = () => Object.keys(globalThis.calls.outcomes).some((key) => key.endsWith("not_found"));
      await page.waitForFunction(missed, undefined, { timeout: BOUND_MS });
      const outcomes = await inTime(
        page.evaluate(() => globalThis.calls.stop()),
        "all calls have settled",
      );
      console.log(`When ${what}: ${JSON.stringify(outcomes)}`);
      // Those whose transactions were under way fail; the project is gone for those that come later.
      const allowed = ["done", "not_found", "unavailable"];
      assert.deepEqual(
        codesOf(outcomes).filter((code) => !allowed.includes(code)),
        [],
      );
      assert.deepEqual(await page.evaluate(() => globalThis.events), ["close"], "the browser told of it");
      await checkBeginsAnew(page);
    }),
  );

  test(`7.4 ${what} while nothing happens: no later call fails`, OPTIONS, () =>
    withChromium(async ({ origin, newTab }) => {
      const { page, devTools } = await newTab();
      await page.evaluate(prepare);
      await clear({ devTools, origin });
      await page.waitForFunction(() => globalThis.events.length > 0, undefined, { timeout: BOUND_MS });
      const found = await page.evaluate(() => {
        const { store } = globalThis;
        const session = store.upsertAgentSession("a", "s", {});
        return Promise.all([
          store.listProjects(),
          session.then(({ agentId }) => agentId),
          store.fetchEntry("a 1"),
        ]);
      });
      assert.deepEqual(found, [[], "a", null], "over a new connection, in an empty database");
      await checkBeginsAnew(page);
    }),
  );
}

test("3.1 identifiers stay unique when another tab fills the store anew", OPTIONS, () =>
  withChromium(async ({ origin, newTab }) => {
    const [one, other] = [await newTab(), await newTab()];
    await one.page.evaluate(prepare);
    // From now on it knows which segments there are.
    assert.equal(await one.page.evaluate(async () => (await globalThis.store.fetchEntry("a 5")).seq), 6);
    await other.devTools.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
    await one.page.waitForFunction(() => globalThis.events.length > 0, undefined, { polling: 50 });
    await other.page.evaluate(async () => {
      globalThis.store = await globalThis.openWithProject();
      await globalThis.store.insertEntries(globalThis.someEntries("b", 3000));
    });
    const found = await one.page.evaluate(async () => {
      const { store } = globalThis;
      return {
        found: (await store.fetchEntry("b 5"))?.seq,
        gone: await store.fetchEntry("a 5"),
        counted: await store.countEntries("p"),
        again: await store.insertEntries(globalThis.someEntries("b", 100)),
        one: await store.insertEntry(globalThis.someEntries("b", 200)[199]),
        appended: (await store.appendEntry({ project: "p", message: "m", entryId: "b 7" })).seq,
        next: (await store.appendEntry({ project: "p", message: "m", entryId: "new" })).seq,
      };
    });
    assert.deepEqual(found, {
      found: 6,
      gone: null,
      counted: 3000,
      again: { inserted: 0, duplicates: 100 },
      one: false,
      appended: 8,
      next: 3001,
    });
  }),
);

/** Runs in the page: opens a store, fills it, and listens to what the browser tells of its connection. */
async function prepare() {
  globalThis.events = [];
  const { transaction } = IDBDatabase.prototype;
  const known = new WeakSet();
  IDBDatabase.prototype.transaction = function (...args) {
    if (!known.has(this)) {
      known.add(this);
      this.addEventListener("close", () => globalThis.events.push("close"));
    }
    return transaction.apply(this, args);
  };
  globalThis.store = await globalThis.openWithProject();
  await globalThis.store.insertEntries(globalThis.someEntries("a", 3000));
  await globalThis.store.fetchEntry("a 5");
}

/** The same handle fills an empty store: nothing of what it had in memory is taken for what is stored. */
async function checkBeginsAnew(page) {
  const found = await page.evaluate(async () => {
    const { store } = globalThis;
    const { id } = await store.upsertProject({ name: "p", repoRoot: "/", progressLogPath: "/" });
    const entries = globalThis.someEntries("a", 3000, { message: "another" });
    const inserted = await store.insertEntries(entries);
    return {
      id,
      inserted,
      again: await store.insertEntries(entries.slice(0, 300)),
      message: (await store.fetchEntry("a 5")).message,
      others: await store.countQueryEntries({ project: "p", message: "another" }),
      metrics: (await store.fetchMetrics("p")).totalEntries,
      verified: (await store.verifyProject("p")).entries,
      seq: (await store.appendEntry({ project: "p", message: "m" })).seq,
    };
  });
  assert.deepEqual(found, {
    id: 1,
    inserted: { inserted: 3000, duplicates: 0 },
    again: { inserted: 0, duplicates: 300 },
    message: "another",
    others: 3000,
    metrics: 3000,
    verified: 3000,
    seq: 3001,
  });
}
