// A tab with the package: what the tests do in it is in the tests, with what is defined here.

import * as api from "/dist/index.js";

globalThis.api = api;

/** What came of a call: "done", or the code of its error. */
globalThis.outcomeOf = (promise) =>
  promise.then(
    () => "done",
    (error) => error.code ?? String(error),
  );

/** As many entries of a project as are wanted, whose identifiers begin with a name. */
globalThis.someEntries = (name, count, members = {}) =>
  Array.from({ length: count }, (_, index) => ({
    entryId: `${name} ${index}`,
    project: "p",
    ts: 1_700_000_000_000 + index,
    emoji: "✅",
    message: `message ${index} of ${name}`,
    rawLine: `line ${index} of ${name}`,
    sha256: "",
    ...members,
  }));

/** Opens a store, with a project in it. */
globalThis.openWithProject = async (options) => {
  const store = await api.openStore(options);
  await store.upsertProject({ name: "p", repoRoot: "/p", progressLogPath: "/log" });
  return store;
};

/** Makes timers that are started from now on fire sooner. */
globalThis.hastenTimers = (by) => {
  const original = globalThis.setTimeout;
  globalThis.setTimeout = (callback, delay, ...args) => original(callback, delay / by, ...args);
};

/** Opens a database as something that is not this package, and that lets go of it for nobody. */
globalThis.openRaw = (name, version) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Calls of several kinds, again and again, side by side, until they are stopped. */
globalThis.Calls = class {
  /** How often what came of each kind of call, as in "append: done". */
  outcomes = {};
  /** How many calls have settled. */
  settled = 0;
  #stopped = false;
  #loops;

  constructor(store) {
    const kinds = {
      append: () => store.appendEntry({ project: "p", message: "appended" }),
      insert: (round) => store.insertEntries(someEntries(`round ${round}`, 600)),
      query: () => store.queryEntries({ project: "p", message: "9" }),
      count: () => store.countEntries("p"),
      list: () => store.listProjects(),
    };
    this.#loops = Object.entries(kinds).map(([kind, call]) => this.#loop(kind, call));
  }

  async #loop(kind, call) {
    for (let round = 0; !this.#stopped; round += 1) {
      const outcome = await outcomeOf(call(round));
      this.settled += 1;
      const key = `${kind}: ${outcome}`;
      this.outcomes[key] = (this.outcomes[key] ?? 0) + 1;
      // What is rejected at once must not keep everything else from happening.
      if (outcome !== "done") await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Waits until all calls that were made have settled; resolves to what came of them. */
  async stop() {
    this.#stopped = true;
    await Promise.all(this.#loops);
    return this.outcomes;
  }
};

globalThis.isReady = true;
