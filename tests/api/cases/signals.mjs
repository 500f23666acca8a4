// Calls that end early: AbortSignal.

import { equal, ok, rejects } from "../assertions.mjs";
import { callMethod, METHODS, SIGNALS } from "../methods.mjs";
import { anEntry, collect, someEntries } from "../world.mjs";

/** The arguments of a method, with options on top. */
function argsWith(name, options) {
  const args = METHODS[name].args();
  const place = SIGNALS[name];
  const all = Array.from({ length: Math.max(args.length, place + 1) }, (_, index) => args[index]);
  all[place] = { ...all[place], ...options };
  return all;
}

/** What a promise rejects with. */
async function reasonOf(promise, what) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`${what} resolved`);
}

/** A signal that counts its listeners. */
function counted() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (type, listener) => {
    listeners.add(listener);
    addEventListener.call(signal, type, listener);
  };
  signal.removeEventListener = (type, listener) => {
    listeners.delete(listener);
    removeEventListener.call(signal, type, listener);
  };
  return { signal, listeners: () => listeners.size };
}

export const cases = {
  "8.3 a signal that is aborted already rejects every call with its reason": async (world) => {
    const store = await world.openWithProjects();
    for (const reason of [new Error("mine"), "a string", 0, null]) {
      const signal = AbortSignal.abort(reason);
      for (const name of Object.keys(SIGNALS)) {
        const call = callMethod(store, name, argsWith(name, { signal }));
        ok(Object.is(await reasonOf(call, name), reason), `${name}: the reason itself`);
      }
    }
    const given = await reasonOf(store.listProjects({ signal: AbortSignal.abort() }), "a call");
    equal([given.name, given instanceof DOMException], ["AbortError", true], "the default reason");
    equal(await store.countEntries("p"), 0, "nothing was inserted");
  },

  "8.3 a signal that does not abort changes nothing, and is let go of": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(10));
    const { signal, listeners } = counted();
    for (const name of Object.keys(SIGNALS)) {
      if (name === "tail") continue;
      const args = argsWith(name, {});
      if (name !== "insertEntries" && name !== "storage") {
        const plain = await callMethod(store, name, args);
        const options = { ...args[SIGNALS[name]], signal };
        const same = await callMethod(store, name, args.with(SIGNALS[name], options));
        equal(same, plain, `${name}: the same result`);
      } else {
        await callMethod(store, name, argsWith(name, { signal }));
      }
      equal(listeners(), 0, `${name}: no listener is left`);
    }
    equal((await collect(store.iterateEntries({ project: "p", signal }))).length, 11, "an iteration");
    const tail = store.tail({ project: "p", fromSeq: 1, signal });
    await tail.next();
    await tail.return();
    await rejects(store.countEntries("none", {}, { signal }), "not_found", "", "a call that fails");
    equal(listeners(), 0, "no listener is left");
  },

  "8.3 what is no signal is refused, and so is anything beside it": async (world) => {
    const forged = { [Symbol.toStringTag]: "AbortSignal", aborted: false };
    const store = await world.openWithProjects();
    for (const name of Object.keys(SIGNALS)) {
      for (const signal of [null, {}, "signal", 1, true, new AbortController(), { aborted: false }, forged]) {
        const call = () => callMethod(store, name, argsWith(name, { signal }));
        await rejects(call, "invalid_argument", "signal", `${name} with ${String(signal)}`);
      }
      const typo = () => callMethod(store, name, argsWith(name, { sginal: new AbortController().signal }));
      await rejects(typo, "invalid_argument", "sginal", `${name} with a typo`);
      // A tail would wait.
      if (name !== "tail") await callMethod(store, name, argsWith(name, { signal: undefined }));
      if (METHODS[name].members !== SIGNALS[name]) {
        for (const options of [null, [], "options", 1, true]) {
          const args = argsWith(name, {});
          args[SIGNALS[name]] = options;
          await rejects(() => store[name](...args), "invalid_argument", "", `${name} with ${options}`);
        }
      }
    }
    const { signal } = new AbortController();
    for (const name of ["upsertProject", "insertEntry", "appendEntry", "setAgentProject"]) {
      const call = () => store[name]({ ...METHODS[name].args()[0], signal });
      await rejects(call, "invalid_argument", "", `${name} has no signal`);
    }
  },

  "8.3 a call that is under way rejects at once": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(5000));
    const reason = new Error("mine");
    for (const name of Object.keys(SIGNALS)) {
      const controller = new AbortController();
      const call = callMethod(store, name, argsWith(name, { signal: controller.signal }));
      controller.abort(reason);
      equal(await reasonOf(call, name), reason, name);
    }
    const controller = new AbortController();
    const iteration = store.iterateEntries({ project: "p", signal: controller.signal });
    await iteration.next();
    controller.abort(reason);
    equal(await reasonOf(iteration.next(), "a step"), reason, "an iteration, between two entries");
    equal(await iteration.next(), { done: true, value: undefined }, "after which it has ended");
    equal(await store.countEntries("p"), 5000, "nothing was inserted, and the store works as before");
  },

  "8.3 a scan that is aborted stops, and hinders nobody": async (world) => {
    const store = await world.openWithProjects({ cacheBytes: 0 });
    await store.insertEntries(someEntries(20_000));
    const query = { project: "p", message: "no such text" };
    const calls = Array.from({ length: 30 }, (_, index) => {
      const controller = new AbortController();
      const { signal } = controller;
      const call =
        index % 2 ? store.verifyProject("p", { signal }) : store.countQueryEntries({ ...query, signal });
      setTimeout(() => controller.abort("enough"), index);
      return call.catch((error) => error);
    });
    const unharmed = store.countQueryEntries(query);
    for (const outcome of await Promise.all(calls)) {
      ok(outcome === "enough" || outcome === 0 || outcome?.ok === false, `it ends, or is done: ${outcome}`);
    }
    equal(await unharmed, 0, "one that nobody aborts");
    await store.insertEntry(anEntry());
    equal(await store.countEntries("p"), 20_001, "and writes go on");
  },

  "8.3 an insertion that is aborted leaves nothing, and others their entries": async (world) => {
    const store = await world.openWithProjects();
    const reason = new Error("mine");
    let expected = 0;
    for (let round = 0; round < 40; round += 1) {
      // Calls that share a transaction, and one of them, also the first, that is aborted at some time.
      const calls = [];
      const controller = new AbortController();
      const { signal } = controller;
      const place = round % 4;
      let aborted;
      for (let call = 0; call < 4; call += 1) {
        const entries = someEntries(3);
        if (call === place) aborted = { entries, promise: store.insertEntries(entries, { signal }) };
        else calls.push(store.insertEntries(entries));
        if (call === 1) calls.push(store.appendEntry({ project: "p", message: "between" }));
      }
      const ticks = round % 10;
      const abort = (async () => {
        for (let tick = 0; tick < ticks; tick += 1)
          await (tick % 2 ? new Promise((r) => setTimeout(r)) : null);
        controller.abort(reason);
      })();
      const outcome = await aborted.promise.catch((error) => error);
      await abort;
      for (const result of await Promise.all(calls))
        ok(result.inserted === 3 || result.seq > 0, "it is done");
      expected += 10;
      const found = await Promise.all(aborted.entries.map(({ entryId }) => store.fetchEntry(entryId)));
      if (outcome === reason) {
        equal(found, [null, null, null], `round ${round}: nothing is there`);
      } else {
        equal(outcome, { inserted: 3, duplicates: 0 }, `round ${round}: it came too late`);
        expected += 3;
      }
      equal(await store.countEntries("p"), expected, `round ${round}: exactly what was told`);
    }
    ok((await store.verifyProject("p")).entries === expected, "seq has no gap");
  },

  "8.3 a large insertion that is aborted leaves nothing": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(700));
    for (const wait of [0, 1, 5, 20]) {
      const controller = new AbortController();
      const reason = new Error("mine");
      const before = await store.countEntries("p");
      const insert = store.insertEntries(someEntries(4000), { signal: controller.signal });
      setTimeout(() => controller.abort(reason), wait);
      const outcome = await insert.catch((error) => error);
      const count = await store.countEntries("p");
      if (outcome === reason) ok(count === before, `nothing is there: ${count - before}`);
      else equal(outcome, { inserted: 4000, duplicates: 0 }, "it came too late");
    }
  },
};

/** Has the requests to IndexedDB counted, and a function called with each. */
function watchRequests(onRequest) {
  const names = ["get", "getAll", "getAllRecords", "openCursor"];
  const originals = names.map((name) => [name, IDBObjectStore.prototype[name]]);
  for (const [name, original] of originals) {
    if (!original) continue;
    IDBObjectStore.prototype[name] = function (...args) {
      onRequest();
      return original.apply(this, args);
    };
  }
  return () => {
    for (const [name, original] of originals) if (original) IDBObjectStore.prototype[name] = original;
  };
}

export const casesOnIndexedDb = {
  "8.3 a long scan that is aborted reads no further": async (world) => {
    const store = await world.openWithProjects({ cacheBytes: 0 });
    // More segments than are read at a time.
    const segments = 40;
    for (let segment = 0; segment < segments; segment += 1) await store.insertEntries(someEntries(2000));
    const query = { project: "p", message: "no such text" };
    const scans = {
      verifyProject: (signal) => store.verifyProject("p", { signal }),
      countQueryEntries: (signal) => store.countQueryEntries({ ...query, signal }),
      queryEntriesPaginated: (signal) => store.queryEntriesPaginated({ ...query, signal }),
      summarizeEntries: (signal) => store.summarizeEntries({ ...query, bucket: "day", signal }),
    };
    for (const [name, scan] of Object.entries(scans)) {
      let requests = 0;
      let controller;
      const stop = watchRequests(() => {
        requests += 1;
        if (requests === 4) controller?.abort("enough");
      });
      try {
        await scan();
        const all = requests;
        ok(all >= segments, `${name} reads every segment: ${all} requests`);
        requests = 0;
        controller = new AbortController();
        equal(await reasonOf(scan(controller.signal), name), "enough", `${name}: it rejects`);
        // So that what goes on could go on.
        await new Promise((resolve) => setTimeout(resolve, 100));
        ok(requests <= all / 2, `${name} stops: ${requests} requests of ${all}`);
      } finally {
        stop();
      }
    }
    equal(await store.countEntries("p"), segments * 2000, "the store works as before");
  },
};
