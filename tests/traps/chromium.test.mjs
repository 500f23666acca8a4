// The module traps in a browser, at many moments: while it opens a store, reads, and writes.

import assert from "node:assert/strict";
import test from "node:test";
import { BOUND_MS, inTime, withChromium } from "../chromium/tabs.mjs";
import { noBrowser } from "../page/page.mjs";
import { trappingModule } from "./trapping.mjs";

const OPTIONS = { skip: noBrowser, timeout: 5 * BOUND_MS };

/** How often something went on in the module before it traps: in a database that is there, and in a new one. */
const MOMENTS = [0, 1, 2, 3, 4, 8, 15, 22, 30, 40, 50, 65, 80, 100].map((after) => ({
  after,
  isThere: true,
}));
MOMENTS.push(...[0, 1, 2, 3, 4, 5].map((after) => ({ after, isThere: false })));

test("7.1 whenever the module traps, every call settles and nothing written by halves is left", OPTIONS, () =>
  withChromium(async ({ newTab }) => {
    const { page } = await newTab();
    await page.evaluate(prepare);
    let broken = 0;
    let opened = 0;
    for (const { after, isThere } of MOMENTS) {
      const bytes = Buffer.from(trappingModule({ after })).toString("base64");
      const found = await inTime(
        page.evaluate((request) => globalThis.breakAndGoOn(...request), [bytes, isThere]),
        `all calls have settled (${after})`,
      );
      const { opening, outcomes, later, told, entries, metrics, report, next } = found;
      const what = `after ${after}, ${isThere ? "there" : "new"}: ${opening}, ${JSON.stringify(outcomes)}`;
      assert.ok(["done", "internal"].includes(opening), what);
      if (opening === "done") opened += 1;
      const others = outcomes.filter((outcome) => !["done", "internal"].includes(outcome));
      assert.deepEqual(others, [], what);
      assert.ok(opening === "internal" || outcomes.includes("internal"), `it trapped: ${what}`);
      broken += outcomes.filter((outcome) => outcome === "internal").length;
      assert.deepEqual(later, opening === "done" ? ["internal", "internal"] : [], "later calls");

      // The store that was opened next.
      const seqs = entries.map(({ seq }) => seq).sort((one, other) => one - other);
      assert.deepEqual(
        seqs,
        entries.map((_, index) => index + 1),
        "seq has no gap",
      );
      const stored = new Set(entries.map(({ entryId }) => entryId));
      for (const id of told) assert.ok(stored.has(id), `${id} was acknowledged, and is there`);
      const bulk = entries.filter(({ entryId }) => entryId.startsWith("bulk")).length;
      assert.ok(bulk === 0 || bulk === 700, `${bulk} entries of a bulk insert of 700`);
      assert.deepEqual([metrics.totalEntries, report], [entries.length, entries.length]);
      assert.equal(next, entries.length + 1, "it goes on");
    }
    console.log(`Of ${MOMENTS.length} stores ${opened} could be opened; ${broken} calls were broken off.`);
    assert.ok(opened >= 4 && opened < MOMENTS.length && broken > 20, "it trapped early and late");
  }),
);

/** Runs in the page: fills a store, and defines what the test calls. */
async function prepare() {
  let rounds = 0;
  globalThis.breakAndGoOn = async (base64, isThere) => {
    rounds += 1;
    const name = `trap ${rounds}`;
    // Another instance of the scripts, as in another tab: it has the module that ships.
    let before;
    if (isThere) {
      before = await globalThis.openWithProject({ name });
      await before.appendEntry({ project: "p", entryId: "before", message: "m" });
    }

    // The scripts have loaded a module already, unless it broke: these are loaded anew.
    const { openStore } = await import(`/dist-${rounds}/index.js`);
    const wasm = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const told = isThere ? ["before"] : [];
    const outcomes = [];
    let later = [];
    let store;
    const opening = await globalThis.outcomeOf(
      openStore({ name, wasm }).then((opened) => {
        store = opened;
      }),
    );
    if (store) {
      if (!isThere)
        await globalThis.outcomeOf(
          store.upsertProject({ name: "p", repoRoot: "/p", progressLogPath: "/log" }),
        );
      const append = async (index) => {
        const { entryId } = await store.appendEntry({ project: "p", entryId: `${index}`, message: "m" });
        told.push(entryId);
      };
      const calls = [];
      // In a chain, so that there is something to do until it traps.
      const chain = async (kind, body) => {
        for (let index = 0; index < 100; index += 1) {
          const outcome = await globalThis.outcomeOf(body(`${kind} ${index}`));
          outcomes.push(outcome);
          if (outcome === "internal") return;
        }
      };
      for (const kind of ["one", "two", "three"]) calls.push(chain(kind, append));
      calls.push(chain("query", () => store.queryEntries({ project: "p" })));
      calls.push(chain("list", () => store.listProjects()));
      const bulk = globalThis.someEntries("bulk", 700);
      calls.push(
        store.insertEntries(bulk).then(
          () => {
            outcomes.push("done");
            told.push(...bulk.map(({ entryId }) => entryId));
          },
          (error) => outcomes.push(error.code ?? String(error)),
        ),
      );
      await Promise.all(calls);
      later = await Promise.all([
        globalThis.outcomeOf(store.listProjects()),
        globalThis.outcomeOf(store.appendEntry({ project: "p", message: "late" })),
      ]);
      await store.close();
    }

    // The same scripts get another instance.
    const next = await openStore({ name });
    if (!isThere) await next.upsertProject({ name: "p", repoRoot: "/p", progressLogPath: "/log" });
    const entries = await next.queryEntries({ project: "p", limit: 10_000 });
    const result = {
      opening,
      outcomes,
      later,
      told,
      entries: entries.map(({ seq, entryId }) => ({ seq, entryId })),
      metrics: await next.fetchMetrics("p"),
      report: (await next.verifyProject("p")).entries,
      next: (await next.appendEntry({ project: "p", message: "after" })).seq,
    };
    await next.close();
    await before?.close();
    await globalThis.api.deleteStore(name);
    return result;
  };
}
