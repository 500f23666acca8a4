// insertEntries: iterables of every kind, and what goes wrong in them.

import { equal, ok, rejects } from "../assertions.mjs";
import { anEntry, someEntries } from "../world.mjs";

export const cases = {
  "3.4 entries come from any iterable": async (world) => {
    const store = await world.openWithProjects();
    function* generate() {
      yield* someEntries(3);
    }
    const custom = {
      [Symbol.iterator]: () => {
        const left = someEntries(3);
        return { next: () => ({ done: left.length === 0, value: left.pop() }) };
      },
    };
    const map = new Map(someEntries(3).map((entry) => [entry.entryId, entry]));
    const sources = {
      "an array": someEntries(3),
      "a Set": new Set(someEntries(3)),
      "a Map's values": map.values(),
      "a generator": generate(),
      "an iterator": someEntries(3)[Symbol.iterator](),
      "an iterable of one's own": custom,
      "a frozen array": Object.freeze(someEntries(3)),
    };
    for (const [what, source] of Object.entries(sources)) {
      equal(await store.insertEntries(source), { inserted: 3, duplicates: 0 }, what);
    }
    equal(await store.insertEntries([]), { inserted: 0, duplicates: 0 }, "an empty array");
    equal(await store.countEntries("p"), 21, "all are stored");
  },

  "3.4 what is no iterable is refused": async (world) => {
    const store = await world.openWithProjects();
    async function* later() {
      yield anEntry();
    }
    const wrong = [undefined, null, 1, "entries", true, {}, anEntry(), { 0: anEntry(), length: 1 }, later()];
    for (const source of [...wrong, Promise.resolve([]), () => [], Symbol("s"), 1n]) {
      const call = () => store.insertEntries(source);
      await rejects(call, "invalid_argument", "`entries`", `${String(source)} is no iterable of entries`);
    }
  },

  "3.4 a bad element is named by its index, and nothing is stored": async (world) => {
    const store = await world.openWithProjects();
    const bad = {
      agent: [anEntry({ agent: 3 }), "`agent`"],
      "unknown member": [anEntry({ level: 3 }), '"level"'],
      "invalid Date": [anEntry({ ts: new Date(Number.NaN) }), "`ts`"],
      NaN: [anEntry({ meta: { a: [Number.NaN] } }), "NaN"],
      BigInt: [anEntry({ meta: { a: 1n } }), "BigInt"],
      "throwing getter": [
        {
          get entryId() {
            throw new Error("not today");
          },
        },
        "not today",
      ],
      null: [null, "object"],
      undefined: [undefined, "object"],
      string: ["entry", "object"],
      list: [[anEntry()], "object"],
      nothing: [{}, "missing"],
    };
    for (const [what, [element, says]] of Object.entries(bad)) {
      // The last one is beyond what crosses to the module at once.
      for (const index of [0, 7, 1203]) {
        const call = () => store.insertEntries([...someEntries(index), element, ...someEntries(3)]);
        const error = await rejects(call, "invalid_argument", says, `an element that is bad: ${what}`);
        ok(error.message.includes(`entries[${index}]`), `"${error.message}" names the index ${index}`);
      }
    }
    equal(await store.countEntries("p"), 0, "nothing is stored");
    equal((await store.fetchMetrics("p")).totalEntries, 0, "nothing is counted");
  },

  "3.4 an unknown project rejects the call, and nothing is stored": async (world) => {
    const store = await world.openWithProjects();
    const call = () => store.insertEntries([...someEntries(3), anEntry({ project: "none" })]);
    await rejects(call, "not_found", "none", "a project that does not exist");
    equal(await store.countEntries("p"), 0, "nothing is stored");
  },

  "3.4 a source that throws half-way leaves nothing": async (world) => {
    const store = await world.openWithProjects();
    const causes = [
      new Error("the file ended"),
      Object.assign(new Error("no such file"), { code: "ENOENT" }),
      Object.assign(new Error("closed elsewhere"), { code: "closed" }),
      new TypeError(""),
      "a string",
      undefined,
      null,
      { code: "not_found" },
    ];
    for (const cause of causes) {
      for (const count of [0, 3, 700]) {
        const source = (function* () {
          yield* someEntries(count);
          throw cause;
        })();
        const call = () => store.insertEntries(source);
        const error = await rejects(call, "invalid_argument", `entries[${count}]`, "where it threw");
        equal(error.cause, cause, "the cause is kept");
      }
    }
    const call = () =>
      store.insertEntries({
        get [Symbol.iterator]() {
          throw causes[0];
        },
      });
    await rejects(call, "invalid_argument", "the file ended", "a source that cannot even begin");
    equal(await store.countEntries("p"), 0, "nothing is stored");
  },

  "3.4 a source is closed when an element is bad": async (world) => {
    const store = await world.openWithProjects();
    let isClosed = false;
    let taken = 0;
    const source = (function* () {
      try {
        for (;;) {
          taken += 1;
          yield taken === 3 ? { entryId: 1n } : anEntry();
        }
      } finally {
        isClosed = true;
      }
    })();
    await rejects(() => store.insertEntries(source), "invalid_argument", "entries[2]", "the third element");
    ok(isClosed, "the generator was told to end");
    equal(taken, 3, "no more was taken than needed");
  },

  "3.4 duplicates are counted, and the first wins": async (world) => {
    const store = await world.openWithProjects();
    const [old, twice, fresh] = someEntries(3);
    await store.insertEntry(old);
    const again = { ...twice, message: "the second" };
    const result = await store.insertEntries([{ ...old, message: "other" }, twice, again, fresh, twice]);
    equal(result, { inserted: 2, duplicates: 3 }, "in the store and in the call");
    equal((await store.fetchEntry(twice.entryId)).message, twice.message, "the first wins");
    equal((await store.fetchEntry(old.entryId)).message, old.message, "what is stored wins");
  },

  "3.4 a source may use the store while it is read": async (world) => {
    const store = await world.openWithProjects();
    const calls = [];
    const source = (function* () {
      for (const message of ["1", "2"]) {
        calls.push(store.insertEntry(anEntry({ message: `beside ${message}` })));
        yield anEntry({ message });
      }
    })();
    equal(await store.insertEntries(source), { inserted: 2, duplicates: 0 }, "the call itself");
    equal(await Promise.all(calls), [true, true], "the calls from within");
    const messages = (await store.fetchRecentEntries({ project: "p" })).map(({ message }) => message);
    equal(messages, ["2", "1", "beside 2", "beside 1"], "the source's own calls came first");
  },

  "3.4 many entries go in at once": async (world) => {
    const store = await world.openWithProjects();
    const entries = someEntries(5000);
    equal(await store.insertEntries(entries), { inserted: 5000, duplicates: 0 }, "all are inserted");
    const newest = await store.fetchRecentEntries({ project: "p", limit: 5000 });
    equal(
      newest.map(({ entryId }) => entryId),
      entries.map(({ entryId }) => entryId).reverse(),
      "all come back, newest first",
    );
    equal(await store.insertEntries(entries), { inserted: 0, duplicates: 5000 }, "a second time");
  },
};
