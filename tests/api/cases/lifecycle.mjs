// Opening, closing and deleting.

import { equal, ok, rejects } from "../assertions.mjs";
import { callMethod, METHODS } from "../methods.mjs";
import { anEntry, someEntries } from "../world.mjs";

const asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");

const ODDITIES = [1n, () => "x", Symbol("x"), new Map(), new Set(), Number.NaN, Object("x"), [], {}];

export const cases = {
  "7.1 a store tells its name and backend": async (world) => {
    const store = await world.open({ name: "näme \0 😀" });
    equal([store.name, store.backend], ["näme \0 😀", world.backend], "as it was opened");
    equal(Object.keys(store).sort(), ["backend", "name"], "and has no other members");
    for (const key of ["name", "backend"]) {
      let thrown;
      try {
        store[key] = "other";
      } catch (error) {
        thrown = error;
      }
      ok(thrown instanceof TypeError, `${key} is read-only`);
    }
    const { openStore } = world.api;
    const unnamed = await openStore({ backend: "memory", name: undefined, durability: undefined });
    equal(unnamed.name, "scribe-store", "the default name");
    await unnamed.close();
  },

  "7.1 wrong options are refused, and named": async (world) => {
    const { openStore } = world.api;
    const wrong = {
      name: ["", null, 1, true],
      backend: ["", "IndexedDB", "opfs", "constructor", null, 1, true],
      durability: ["", "Strict", "full", null, 1, true],
      blockedTimeoutMs: [-1, 0.5, "5000", null, true, Number.POSITIVE_INFINITY],
      cacheBytes: [-1, 0.5, "64", null, true, Number.NEGATIVE_INFINITY],
    };
    for (const [key, values] of Object.entries(wrong)) {
      for (const value of [...values, ...ODDITIES]) {
        const call = () => openStore({ backend: world.backend, [key]: value });
        await rejects(call, "invalid_argument", `\`${key}\``, `${String(value)} as ${key}`);
      }
    }
    for (const key of ["Name", "path", "version", "__proto__", "constructor"]) {
      const options = Object.defineProperty({ backend: world.backend }, key, { value: 1, enumerable: true });
      await rejects(() => openStore(options), "invalid_argument", `"${key}"`, `the unknown option ${key}`);
    }
    const inherited = Object.create({ name: "x" });
    await rejects(() => openStore(inherited), "invalid_argument", "`name`", "an inherited option");
    for (const options of [
      null,
      1,
      true,
      "name",
      ...ODDITIES.filter((odd) => String(odd) !== "[object Object]"),
    ]) {
      await rejects(() => openStore(options), "invalid_argument", "", `${String(options)} as options`);
    }
  },

  "7.1 every documented option is accepted": async (world) => {
    for (const durability of ["relaxed", "strict"]) {
      const options = { durability, blockedTimeoutMs: 10_000, cacheBytes: 0 };
      const store = await world.open({ ...options, name: `${world.name}-${durability}` });
      await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
      await store.insertEntries(someEntries(100));
      equal(await store.countEntries("p"), 100, "and the store works");
      equal(
        (await store.queryEntries({ project: "p", message: "message" })).length,
        50,
        "with an empty cache",
      );
    }
  },

  "7.1 stores in memory have nothing in common": async (world) => {
    const [one, other] = [await world.open({ backend: "memory" }), await world.open({ backend: "memory" })];
    await one.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    equal(await other.listProjects(), [], "also under one name");
  },

  "7.2 close may be called twice, and at once": async (world) => {
    const store = await world.openWithProjects();
    equal(await Promise.all([store.close(), store.close()]), [undefined, undefined], "both resolve");
    equal(await store.close(), undefined, "and again later");
  },

  "7.2 after close every method rejects with closed": async (world) => {
    const store = await world.openWithProjects();
    await store.close();
    for (const [name, { args }] of Object.entries(METHODS)) {
      await rejects(() => callMethod(store, name, args()), "closed", "closed", name);
    }
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(store));
    const all = methods.filter((name) => !["constructor", "close", "subscribe"].includes(name));
    equal(
      all.sort(),
      Object.keys(METHODS).sort(),
      "these are all methods but closing, and subscribing, which throws",
    );
  },

  "7.2 close waits for what is under way": async (world) => {
    const store = await world.openWithProjects();
    const writes = Array.from({ length: 30 }, () => store.insertEntry(anEntry()));
    writes.push(store.insertEntries(someEntries(1000)).then(({ inserted }) => inserted === 1000));
    const reads = [store.countEntries("p"), store.fetchRecentEntries({ project: "p" }), store.listProjects()];
    let isClosed = false;
    const settledBefore = writes.map((write) => write.then(() => !isClosed));
    const closing = store.close().then(() => {
      isClosed = true;
    });
    const later = store.insertEntry(anEntry());
    await rejects(later, "closed", "", "a call after close was called");
    equal(await Promise.all(writes), Array(31).fill(true), "writes that were called before are done");
    await closing;
    equal(await Promise.all(settledBefore), Array(31).fill(true), "before close resolves");
    for (const { status, reason } of await Promise.allSettled(reads)) {
      ok(status === "fulfilled" || reason.code === "closed", "reads settle");
    }
  },

  "7.2 a store can be disposed of": async (world) => {
    const store = await world.openWithProjects();
    equal(typeof store[asyncDispose], "function", "it has the method");
    equal(await store[asyncDispose](), undefined, "which resolves");
    await rejects(store.listProjects(), "closed", "", "the store is closed");
    equal(await store[asyncDispose](), undefined, "it may be called again");
  },

  "7.2 closing while a source is read settles the call": async (world) => {
    const store = await world.openWithProjects();
    let closing;
    const source = (function* () {
      yield anEntry();
      closing = store.close();
      yield anEntry();
    })();
    await rejects(store.insertEntries(source), "closed", "", "the insert came after close");
    equal(await closing, undefined, "close resolves");
  },

  "7.1 wrong names are refused by deleteStore": async (world) => {
    const { deleteStore } = world.api;
    for (const name of ["", null, 1, true, { name: "x" }, ...ODDITIES]) {
      await rejects(() => deleteStore(name), "invalid_argument", "`name`", `${String(name)} as a name`);
    }
  },
};

export const casesInNode = {
  "7.1 without IndexedDB a store is unavailable": async (world) => {
    const { openStore, deleteStore } = world.api;
    for (const call of [() => openStore(), () => openStore({ backend: "indexeddb" }), () => deleteStore()]) {
      const error = await rejects(call, "unavailable", "IndexedDB", "there is none in Node");
      equal(error.retryable, true, "by the kind of the error");
    }
  },
};

export const casesOnIndexedDb = {
  "7.1 the default store has its documented name": async (world) => {
    const { openStore, deleteStore } = world.api;
    world.willDelete("scribe-store");
    const store = await openStore();
    equal([store.name, store.backend], ["scribe-store", "indexeddb"], "name and backend");
    await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    await store.close();
    const named = await openStore({ name: "scribe-store" });
    equal((await named.listProjects()).length, 1, "the name leads to it");
    await named.close();
    equal(await deleteStore(), undefined, "it is what deleteStore deletes");
    const empty = await openStore();
    equal(await empty.listProjects(), [], "with all that was in it");
    await empty.close();
  },

  "7.1 deleting a store that is not there resolves": async (world) => {
    const { deleteStore } = world.api;
    equal(await deleteStore(`${world.name}-none`), undefined, "it is gone");
    equal(await deleteStore(`${world.name}-none`), undefined, "again");
  },

  "3.7 closing and opening loses nothing": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(700));
    const entry = await store.appendEntry({ project: "p", message: "m", meta: { a: 1 } });
    await store.close();
    const again = await world.open();
    equal(await again.countEntries("p"), 701, "every entry is there");
    equal(await again.fetchEntry(entry.entryId), entry, "as it was");
    const next = await again.appendEntry({ project: "p", message: "m" });
    equal(next.seq, 702, "and the next one follows");
  },

  "3.7 a reload loses nothing": {
    before: async (world) => {
      const store = await world.openWithProjects();
      const entries = someEntries(1200).map((entry, index) => ({ ...entry, entryId: `e${index}` }));
      await store.insertEntries(entries);
      await store.insertEntry(anEntry({ entryId: "a", message: "\0 ✅ ü", meta: { list: [1, null] } }));
      await store.recordDocChange("p", { doc: "d", action: "a", shaBefore: "", shaAfter: "" });
      await store.recordAgentReportCard("p", { filePath: "f", agentName: "a", overallGrade: 1 });
      await store.upsertAgentSession("a", "s", { pid: 1 });
      await store.setAgentProject({ agentId: "a", projectName: "q", updatedBy: "u", sessionId: "s" });
      // Not closed: the page just goes away.
    },
    after: async (world) => {
      const store = await world.open();
      equal((await store.listProjects()).length, 2, "projects");
      equal(await store.countEntries("p"), 1201, "entries");
      equal((await store.fetchMetrics("p")).totalEntries, 1201, "metrics");
      const { message, meta } = await store.fetchEntry("a");
      equal([message, meta], ["\0 ✅ ü", { list: [1, null] }], "an entry's fields");
      equal((await store.fetchEntry("e1199")).seq, 1200, "an entry's place");
      equal((await store.listDocChanges({ project: "p" })).totalCount, 1, "document changes");
      equal((await store.listAgentReportCards({ project: "p" })).items[0].overallGrade, 1, "report cards");
      equal((await store.fetchAgentSession("s")).metadata, { pid: 1 }, "sessions");
      equal((await store.getAgentProject("a")).projectName, "q", "agents' projects");
      equal((await store.listAgentEvents()).length, 2, "events");
      equal(await store.insertEntry(anEntry({ entryId: "e7" })), false, "identifiers are known");
    },
  },
};
