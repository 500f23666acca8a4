// A module that breaks: an exception passes through it, as a trap would. Each case breaks a copy of the package's own.

import { equal, ok, rejects } from "../assertions.mjs";

/**
 * Begins calls while something of the platform is missing, which breaks the module, and waits for them.
 * @param {string} name The global function or class that throws.
 * @param {() => Promise<unknown>[]} begin Begins the calls.
 */
async function settledWithout(name, begin) {
  const restore = breakPlatform(name);
  try {
    return await Promise.allSettled(begin());
  } finally {
    restore();
  }
}

function breakPlatform(name) {
  const original = globalThis[name];
  globalThis[name] = () => {
    throw new Error(`no ${name}`);
  };
  Object.setPrototypeOf(globalThis[name], original);
  return () => {
    globalThis[name] = original;
  };
}

/** The same, but it is missing from the first row on that is added. */
async function settledWithoutSinceAdding(name, begin) {
  const { add } = IDBObjectStore.prototype;
  let restore = () => {};
  IDBObjectStore.prototype.add = function (...args) {
    restore();
    restore = breakPlatform(name);
    return add.apply(this, args);
  };
  try {
    return await Promise.allSettled(begin());
  } finally {
    restore();
    IDBObjectStore.prototype.add = add;
  }
}

export const cases = {
  "7.1 a module that broke rejects every call, and the next store works": async (world) => {
    const api = await world.runtime.freshApi();
    const [store, other] = [await world.open({}, api), await world.open({ backend: "memory" }, api)];
    await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    await store.appendEntry({ project: "p", message: "before" });
    const results = await settledWithout("Date", () => [
      store.appendEntry({ project: "p", message: "breaks it" }),
      store.countEntries("p"),
      other.listProjects(),
    ]);
    equal(results[0].status, "rejected", "the call that broke it");
    for (const { status, reason } of results.filter(({ status }) => status === "rejected")) {
      equal(reason.code, "internal", `a call under way is ${status}`);
      ok(api.isScribeError(reason), "with an error of the package");
    }
    await rejects(store.countEntries("p"), "internal", "broke down", "a later call");
    await rejects(other.listProjects(), "internal", "broke down", "a call of another store");

    const next = await world.open({}, api);
    if (next.backend === "indexeddb") {
      equal(
        (await next.queryEntries({ project: "p" })).map(({ message }) => message),
        ["before"],
        "as it was",
      );
    } else {
      await next.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    }
    const { seq } = await next.appendEntry({ project: "p", message: "after" });
    equal(seq, next.backend === "indexeddb" ? 2 : 1, "and goes on");
  },

  "7.1 what a module wrote when it broke is undone": async (world) => {
    if (world.backend !== "indexeddb") return;
    const api = await world.runtime.freshApi();
    const store = await world.open({}, api);
    await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    const entry = { entryId: "half", project: "p", message: "half" };
    await store.appendEntry({ ...entry, entryId: "whole" });
    const [result] = await settledWithoutSinceAdding("Promise", () => [store.appendEntry(entry)]);
    equal(result.reason?.code, "internal", "it broke");
    // Another tab is not held up by it, and finds nothing of it.
    const there = await world.open();
    equal(
      (await there.queryEntries({ project: "p" })).map(({ entryId }) => entryId),
      ["whole"],
      "as it was",
    );
    equal(await there.fetchEntry("half"), null, "nothing of it is found");
    equal((await there.appendEntry(entry)).seq, 2, "and it can be written");
    await world.api.deleteStore(world.name);
  },
};
