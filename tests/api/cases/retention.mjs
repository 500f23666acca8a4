// Removing old entries.

import { equal, ok, rejects } from "../assertions.mjs";
import { collect, someEntries } from "../world.mjs";

const START = 1_700_000_000_000;
const seconds = (number) => START + 1000 * number;
const seqs = (entries) => entries.map(({ seq }) => seq);

/** Appends so many entries, each a second later than the one before. */
async function fill(store, count) {
  for (const { ts, message, entryId } of someEntries(count)) {
    await store.appendEntry({
      project: "p",
      ts,
      message,
      entryId,
      agent: `agent ${message}`,
      status: "success",
    });
  }
  return collect(store.iterateEntries({ project: "p" }));
}

/** Checks that what is left is whole: listed, counted, verified. */
async function isLeft(store, entries, head, promise) {
  equal(await collect(store.iterateEntries({ project: "p" })), entries, `${promise}: entries`);
  const { totalEntries, successCount, lastUpdate } = await store.fetchMetrics("p");
  const last = entries[0]?.ts ?? null;
  equal(
    [totalEntries, successCount, lastUpdate],
    [entries.length, entries.length, last],
    `${promise}: metrics`,
  );
  const page = await store.queryEntriesPaginated({ project: "p" });
  equal(
    [page.totalCount, await store.countEntries("p")],
    [entries.length, entries.length],
    `${promise}: totals`,
  );
  const report = await store.verifyProject("p");
  const fromSeq = entries.at(-1)?.seq ?? report.fromSeq;
  equal(report, { ok: true, fromSeq, entries: entries.length, head, firstBad: null }, `${promise}: verified`);
}

export const cases = {
  "3.9 old entries are removed, and the rest is proved": async (world) => {
    const store = await world.openWithProjects();
    const entries = await fill(store, 30);
    const { head } = await store.verifyProject("p");
    const byTime = await store.pruneEntries({ project: "p", before: new Date(seconds(10)) });
    equal(byTime, { removed: 10, remaining: 20, firstSeq: 11 }, "by time, exclusive");
    await isLeft(store, entries.slice(0, 20), head, "by time");
    const byCount = await store.pruneEntries({ project: "p", keepNewest: 12 });
    equal(byCount, { removed: 8, remaining: 12, firstSeq: 19 }, "by number");
    const both = { project: "p", before: seconds(25), keepNewest: 10 };
    equal(await store.pruneEntries(both), { removed: 2, remaining: 10, firstSeq: 21 }, "what both allow");
    equal(await store.pruneEntries(both), { removed: 0, remaining: 10, firstSeq: 21 }, "again");
    const late = { project: "p", before: seconds(22), keepNewest: 1 };
    equal(await store.pruneEntries(late), { removed: 2, remaining: 8, firstSeq: 23 }, "what both allow");
    await isLeft(store, entries.slice(0, 8), head, "after all that");
    for (const { entryId } of entries.slice(8)) equal(await store.fetchEntry(entryId), null, "is gone");
    equal(await store.pruneEntries({ project: "p", keepNewest: 0 }), {
      removed: 8,
      remaining: 0,
      firstSeq: null,
    });
    await isLeft(store, [], head, "without entries");
    equal((await store.verifyProject("p")).fromSeq, 31, "the next one");
  },

  "3.9 removed entries are new again, and their seq is not": async (world) => {
    const store = await world.openWithProjects();
    const entries = await fill(store, 6);
    await store.pruneEntries({ project: "p", keepNewest: 2 });
    const [oldest, kept] = [entries.at(-1), entries[0]];
    equal(await store.insertEntries([kept, oldest]), { inserted: 1, duplicates: 1 }, "one is in the store");
    equal(await store.fetchEntry(oldest.entryId), { ...oldest, seq: 7 }, "a new place at the end");
    equal((await store.pruneEntries({ project: "p", keepNewest: 1 })).firstSeq, 6, "held back no longer");
    equal(seqs(await store.fetchRecentEntries({ project: "p" })), [6, 7], "though it is older");
    await store.pruneEntries({ project: "p", keepNewest: 0 });
    equal((await store.appendEntry({ project: "p", message: "next" })).seq, 8, "a seq is not used again");
    equal((await store.verifyProject("p")).ok, true, "and the chain goes on");
  },

  "3.9 a newer entry holds back what was inserted behind it": async (world) => {
    const store = await world.openWithProjects();
    const [newest, ...others] = await fill(store, 5);
    await store.upsertProject({ name: "late", repoRoot: "", progressLogPath: "" });
    await store.insertEntries(
      [newest, ...others].map((entry) => ({ ...entry, entryId: `late ${entry.seq}`, project: "late" })),
    );
    const report = await store.pruneEntries({ project: "late", keepNewest: 1 });
    equal(report, { removed: 0, remaining: 5, firstSeq: 1 }, "the first one is to be kept");
  },

  "3.9 what to remove must be said": async (world) => {
    const store = await world.openWithProjects();
    await fill(store, 3);
    const refused = [
      [{}, "`before` or `keepNewest`"],
      [{ before: null }, "`before`"],
      [{ before: "yesterday" }, "`before`"],
      [{ keepNewest: -1 }, "`keepNewest`"],
      [{ keepNewest: 1.5 }, "`keepNewest`"],
      [{ keepNewest: null }, "`keepNewest`"],
      [{ keepNewest: 1, agents: ["a"] }, '"agents"'],
    ];
    for (const [options, says] of refused) {
      const call = () => store.pruneEntries({ project: "p", ...options });
      await rejects(call, "invalid_argument", says, JSON.stringify(options));
    }
    equal(await store.countEntries("p"), 3, "nothing was removed");
    await store.pruneEntries({ project: "p", before: "2023-11-14" });
    equal(await store.countEntries("p"), 3, "a date is its midnight");
    equal((await store.pruneEntries({ project: "p", before: "2023-11-15" })).remaining, 0, "the next one");
  },

  "4.10 a cursor from before entries were removed is refused": async (world) => {
    const store = await world.openWithProjects();
    const entries = await fill(store, 12);
    const query = { project: "p", pageSize: 5 };
    const { nextCursor } = await store.queryEntriesPaginated(query);
    const iteration = store.iterateEntries({ project: "p" });
    await iteration.next();
    await store.pruneEntries({ project: "p", keepNewest: 100 });
    const next = await store.queryEntriesPaginated({ ...query, cursor: nextCursor });
    equal(next.items, entries.slice(5, 10), "as long as none was");
    await store.pruneEntries({ project: "p", keepNewest: 8 });
    const call = () => store.queryEntriesPaginated({ ...query, cursor: nextCursor });
    await rejects(call, "invalid_cursor", "removed", "the cursor from before");
    const fresh = await store.queryEntriesPaginated(query);
    const second = await store.queryEntriesPaginated({ ...query, cursor: fresh.nextCursor });
    equal([second.items, second.totalCount], [entries.slice(5, 8), 8], "a new walk");
    ok((await collect(iteration)).length >= 7, "an iteration goes on");
  },
};

export const casesOnIndexedDb = {
  "3.9 other handles see what is left": async (world) => {
    const one = await world.openWithProjects();
    const entries = await fill(one, 20);
    const other = await world.open({}, await world.runtime.freshApi());
    equal(await other.countEntries("p"), 20, "before");
    equal(
      await other.insertEntries([entries[19]]),
      { inserted: 0, duplicates: 1 },
      "it knows the identifiers",
    );
    const { head } = await other.verifyProject("p");
    await one.pruneEntries({ project: "p", keepNewest: 7 });
    await isLeft(other, entries.slice(0, 7), head, "in another handle");
    equal(await other.insertEntries([entries[19]]), { inserted: 1, duplicates: 0 }, "free again there, too");
    await other.pruneEntries({ project: "p", keepNewest: 0 });
    equal(await one.countEntries("p"), 0, "and back");
    const appended = await Promise.all(
      [one, other].map((store) => store.appendEntry({ project: "p", message: "m" })),
    );
    equal(seqs(appended).sort(), [22, 23], "both write on");
    await one.close();
    await other.close();
    const again = await world.open();
    equal((await again.verifyProject("p")).fromSeq, 22, "and it is stored");
    equal(await again.countEntries("p"), 2, "entries");
  },

  "3.9 however many segments there are, few requests delete them": async (world) => {
    const store = await world.openWithProjects();
    for (const size of [2000, 20_000]) await store.insertEntries(someEntries(size));
    await store.insertEntries(someEntries(2000, { project: "q" }));
    const steps = watchDeletions();
    try {
      const { removed } = await store.pruneEntries({ project: "p", keepNewest: 2000 });
      equal([removed, steps.splice(0).sort()], [20_000, ["fingerprints", "segments"]], "removal");
      await store.deleteProject("p");
    } finally {
      steps.end();
    }
    equal(steps.length, new Set(steps).size, `one request a table: ${steps}`);
    ok(steps.includes("fingerprints"), "fingerprints go");
    // A request after it that ends at a table's last key would run through all that is gone. A commit that is asked for
    // begins once they are, so that a browser which falls silent meanwhile has changed nothing.
    equal(steps.slice(-2), ["segments", "commit"], "segments go last, and the commit waits for them");
    equal(await store.countEntries("q"), 2000, "the other project's entries");
  },
};

/** Has the table of each deletion in IndexedDB listed, and each commit asked for, until the list's `end` is called. */
function watchDeletions() {
  const steps = [];
  const requests = IDBObjectStore.prototype;
  const transactions = IDBTransaction.prototype;
  const { delete: original } = requests;
  const { commit } = transactions;
  requests.delete = function (...args) {
    steps.push(this.name);
    return original.apply(this, args);
  };
  transactions.commit = function () {
    steps.push("commit");
    return commit.call(this);
  };
  const end = () => {
    requests.delete = original;
    transactions.commit = commit;
  };
  return Object.assign(steps, { end });
}
