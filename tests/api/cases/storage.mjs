// How much a store takes, and how long it stays.

import { equal, ok, rejects } from "../assertions.mjs";
import { anEntry, someEntries } from "../world.mjs";

export const cases = {
  "8.4 the bytes of a store are those of its keys and values": async (world) => {
    const store = await world.open();
    const bytes = async () => (await store.storage()).bytes;
    equal(await bytes(), 0, "an empty store");
    await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    const least = await bytes();
    ok(least > 0, "a project takes some");
    await store.insertEntry(anEntry({ message: "" }));
    const [one, two] = [anEntry({ message: "x".repeat(1000) }), anEntry({ message: "x".repeat(2000) })];
    const before = await bytes();
    await store.insertEntry({ ...one, entryId: "one" });
    const between = await bytes();
    await store.insertEntry({ ...two, entryId: "two" });
    const after = await bytes();
    // Lengths of strings take a byte more from 128 on, and again from 16,384 on.
    equal(after - between - (between - before), 1000, "a longer entry takes as much more as it is longer");
    await store.insertEntries(someEntries(5000));
    const many = await bytes();
    ok(many > after + 5000 * 10 && many < after + 5000 * 200, `5000 entries take ${many - after} bytes`);
    equal(await bytes(), many, "reading changes nothing");
    await store.deleteProject("p");
    const left = await bytes();
    ok(left < least + 200, `what is deleted takes none: ${left} bytes are left`);
  },

  "8.4 the browser's estimates are numbers, or null": async (world) => {
    const store = await world.openWithProjects();
    const state = await store.storage();
    equal(Object.keys(state), ["bytes", "usage", "quota", "persistent"], "all members are there");
    const manager = globalThis.navigator?.storage;
    const has = (name) => typeof manager?.[name] === "function";
    for (const key of ["usage", "quota"]) {
      if (has("estimate")) ok(state[key] >= 0 && Number.isFinite(state[key]), `${key}: ${state[key]}`);
      else equal(state[key], null, key);
    }
    equal(state.persistent, has("persisted") ? await manager.persisted() : null, "persistent");
    if (world.runtime.name !== "window") equal(await store.requestPersistence(), false, "nobody to ask");
  },

  "8.4 wrong options of storage are refused": async (world) => {
    const store = await world.open();
    for (const options of [null, { project: "p" }, [], "p", { signal: 1 }]) {
      await rejects(() => store.storage(options), "invalid_argument", "", JSON.stringify(options));
    }
  },
};

export const casesOnIndexedDb = {
  "8.4 the bytes of a store are what is in the database": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(3000));
    await store.insertEntries(someEntries(200, { meta: { text: "é😀" } }));
    await store.recordDocChange("p", { doc: "d", action: "a", shaBefore: "", shaAfter: "" });
    await store.upsertAgentSession("a", "s", { any: "thing" });
    const { bytes } = await store.storage();
    const request = indexedDB.open(world.name);
    const database = await new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result);
    });
    let sum = 0;
    const tables = [...database.objectStoreNames];
    const transaction = database.transaction(tables);
    for (const table of tables) {
      const cursor = transaction.objectStore(table).openCursor();
      await new Promise((resolve) => {
        cursor.onsuccess = () => {
          if (!cursor.result) return resolve();
          sum += cursor.result.key.byteLength + cursor.result.value.byteLength;
          return cursor.result.continue();
        };
      });
    }
    database.close();
    equal(bytes, sum, "counted by hand");
    equal((await (await world.open()).storage()).bytes, sum, "and by another handle");
  },
};
