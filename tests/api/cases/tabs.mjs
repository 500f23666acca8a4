// Several handles on one database, as several tabs have them: each copy of the package has a connection, a memory
// and a cache of its own. And what others do to a database with IndexedDB itself.

import { equal, ok, rejects } from "../assertions.mjs";
import { callMethod, METHODS } from "../methods.mjs";
import { done, openRaw } from "../raw.mjs";
import { anEntry, another, collect, someEntries } from "../world.mjs";

/** Checks that a handle rejects every method with `closed`, and can be closed. */
async function isClosed(store, promise) {
  for (const [name, { args }] of Object.entries(METHODS)) {
    // That is for the browser alone, whatever becomes of the database.
    if (name === "requestPersistence") continue;
    await rejects(() => callMethod(store, name, args()), "closed", "", `${promise}: ${name}`);
  }
  equal(await store.close(), undefined, `${promise}: it can be closed`);
}

export const casesOnIndexedDb = {
  "4.11 a read sees what another handle wrote": async (world) => {
    const one = await world.openWithProjects();
    const other = await another(world);
    const handles = [one, other];
    for (let round = 0; round < 10; round += 1) {
      const [writer, reader] = round % 2 ? handles : handles.toReversed();
      const entry = await writer.appendEntry({ project: "p", message: `round ${round}` });
      equal(await reader.countEntries("p"), round + 1, "a count");
      equal((await reader.fetchRecentEntries({ project: "p" }))[0], entry, "the newest");
      equal(await reader.fetchEntry(entry.entryId), entry, "by its identifier");
      equal((await reader.fetchMetrics("p")).totalEntries, round + 1, "metrics");
      equal((await collect(reader.iterateEntries({ project: "p" }))).length, round + 1, "an iteration");
    }
    await other.deleteProject("p");
    await rejects(one.countEntries("p"), "not_found", "", "a project that the other one deleted");
    await other.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    equal(await one.countEntries("p"), 0, "a project that it made anew");
    await one.insertEntry(anEntry());
    equal(await other.countEntries("p"), 1, "and what was written to that");
  },

  "3.1 an identifier is unique across handles": async (world) => {
    const handles = [await world.openWithProjects(), await another(world), await another(world)];
    const entries = someEntries(20);
    const calls = entries.flatMap((entry) => handles.map((store) => store.insertEntry(entry)));
    const inserted = (await Promise.all(calls)).filter(Boolean);
    equal(inserted.length, 20, "each is inserted once");
    const batch = someEntries(50);
    const results = await Promise.all(handles.map((store) => store.insertEntries(batch)));
    const sum = (key) => results.reduce((total, result) => total + result[key], 0);
    equal([sum("inserted"), sum("duplicates")], [50, 100], "also in bulk");
    for (const store of handles) {
      const all = await collect(store.iterateEntries({ project: "p" }));
      equal(
        all.map(({ seq }) => seq).sort((one, other) => one - other),
        Array.from({ length: 70 }, (_, index) => index + 1),
        "places have no gap and no double",
      );
      equal((await store.fetchMetrics("p")).totalEntries, 70, "metrics equal a recount");
    }
  },

  "6.3 of racing calls in several handles exactly one succeeds": async (world) => {
    const handles = [await world.openWithProjects(), await another(world), await another(world)];
    for (let expectedVersion = 0; expectedVersion < 5; expectedVersion += 1) {
      const change = { agentId: "a", projectName: "p", updatedBy: "u", sessionId: "s", expectedVersion };
      const racing = handles.flatMap((store) => [
        store.setAgentProject(change),
        store.setAgentProject(change),
      ]);
      const settled = await Promise.allSettled(racing);
      const won = settled.filter(({ status }) => status === "fulfilled");
      equal(won.length, 1, "exactly one succeeds");
      equal(won[0].value.version, expectedVersion + 1, "with the next version");
      for (const { reason } of settled.filter(({ status }) => status === "rejected")) {
        equal(
          [reason.code, reason.expectedVersion, reason.actualVersion],
          ["conflict", expectedVersion, expectedVersion + 1],
          "the others conflict with it",
        );
      }
    }
  },

  "7.3 another handle deletes the database": async (world) => {
    const store = await world.openWithProjects();
    const other = await another(world);
    const pending = Promise.allSettled([
      ...Array.from({ length: 10 }, () => store.insertEntry(anEntry())),
      store.fetchRecentEntries({ project: "p" }),
      store.listProjects(),
    ]);
    await (await world.runtime.freshApi()).deleteStore(world.name);
    for (const { status, reason } of await pending) {
      ok(status === "fulfilled" || reason.code === "closed", `pending calls settle: ${reason}`);
    }
    await isClosed(store, "the one handle");
    await isClosed(other, "the other handle");
    const anew = await world.open();
    equal(await anew.listProjects(), [], "a store that is opened now is empty");
  },

  "7.3 something else deletes or upgrades the database": async (world) => {
    const store = await world.openWithProjects();
    await done(indexedDB.deleteDatabase(world.name));
    await isClosed(store, "after a deletion");

    const again = await world.openWithProjects();
    const upgraded = await openRaw(world.name, 1000);
    await isClosed(again, "after an upgrade");
    upgraded.close();
    const error = await rejects(() => world.open(), "too_new", "newer", "a database of a newer version");
    equal(error.retryable, false, "which does not go away by itself");
    const raw = await openRaw(world.name);
    equal(raw.version, 1000, "and is left as it is");
    raw.close();
  },

  "7.3 a database that is held open blocks its deletion, but not for ever": async (world) => {
    await (await world.openWithProjects()).close();
    const raw = await openRaw(world.name);
    const began = performance.now();
    const error = await rejects(() => world.api.deleteStore(world.name), "blocked", world.name, "a deletion");
    const waited = performance.now() - began;
    ok(waited > 4000 && waited < 20_000, `it waited ${waited} ms, about five seconds`);
    equal(error.retryable, true, "which may go away by itself");
    raw.close();
    const store = await world.open();
    equal(await store.listProjects(), [], "once the other lets go, it is deleted all the same");
  },

  "7.1 a database of something else is left alone": async (world) => {
    const store = await world.open();
    await store.close();
    const { version } = await openRaw(world.name).then((raw) => {
      raw.close();
      return raw;
    });
    const name = `${world.name}-other`;
    world.willDelete(name);
    const raw = await openRaw(name, version, (database) => database.createObjectStore("theirs"));
    const write = raw.transaction("theirs", "readwrite").objectStore("theirs").put("value", "key");
    await done(write);
    raw.close();
    await rejects(() => world.open({ name }), "corrupt", name, "it is not what this package made");
    const after = await openRaw(name);
    equal([...after.objectStoreNames], ["theirs"], "its tables are what they were");
    const value = await done(after.transaction("theirs").objectStore("theirs").get("key"));
    equal(value, "value", "and so is what they hold");
    after.close();
  },
};

/**
 * Has a worker and a store make the same calls at the same time.
 *
 * @returns {Promise<{ value?: unknown, code?: string }[]>} What came of all of them.
 */
async function inTwoThreads(world, store, calls) {
  const worker = new Worker("neighbour.mjs", { type: "module" });
  try {
    const [ready, finished] = [Promise.withResolvers(), Promise.withResolvers()];
    worker.onmessage = ({ data }) => (data === "ready" ? ready.resolve() : finished.resolve(data));
    worker.onerror = () => ready.reject(new Error("the worker could not be loaded"));
    worker.postMessage({ name: world.name, calls });
    await Promise.race([ready.promise, finished.promise]);
    const mine = await Promise.allSettled(calls.map(([method, ...args]) => store[method](...args)));
    const theirs = await finished.promise;
    return [...mine.map(({ value, reason }) => ({ value, code: reason?.code })), ...theirs];
  } finally {
    worker.terminate();
  }
}

export const casesInWindowOnIndexedDb = {
  "6.3 of racing calls in two threads exactly one succeeds": async (world) => {
    const store = await world.openWithProjects();
    for (let expectedVersion = 0; expectedVersion < 3; expectedVersion += 1) {
      const change = { agentId: "a", projectName: "p", updatedBy: "u", sessionId: "s", expectedVersion };
      const calls = Array.from({ length: 10 }, () => ["setAgentProject", change]);
      const outcomes = await inTwoThreads(world, store, calls);
      const codes = outcomes.map(({ code }) => code ?? "set").sort();
      equal(codes, [...Array(19).fill("conflict"), "set"], "exactly one succeeds");
    }
    equal((await store.getAgentProject("a")).version, 3, "one version for each race");
  },

  "3.1 identifiers and places are unique across two threads": async (world) => {
    const store = await world.openWithProjects();
    const same = someEntries(30).map((entry) => ["insertEntry", entry]);
    const inserted = (await inTwoThreads(world, store, same)).map(({ value, code }) => code ?? value);
    equal(inserted.filter((outcome) => outcome === true).length, 30, "each entry is inserted once");
    equal(inserted.filter((outcome) => outcome === false).length, 30, "and is a duplicate once");

    const appends = Array.from({ length: 30 }, (_, index) => [
      "appendEntry",
      { project: "p", message: `append ${index}` },
    ]);
    const appended = await inTwoThreads(world, store, appends);
    equal(
      appended.filter(({ code }) => code !== undefined),
      [],
      "every append succeeds",
    );
    const all = await collect(store.iterateEntries({ project: "p" }));
    equal(
      all.map(({ seq }) => seq).sort((one, other) => one - other),
      Array.from({ length: 90 }, (_, index) => index + 1),
      "places have no gap and no double",
    );
    equal(new Set(all.map(({ entryId }) => entryId)).size, 90, "identifiers are unique");
    equal((await store.fetchMetrics("p")).totalEntries, 90, "metrics equal a recount");
  },
};
