// Metadata: free-form, by the rules of `JSON.stringify`.

import { equal, ok, rejects } from "../assertions.mjs";
import { anEntry, collect } from "../world.mjs";

/** Inserts an entry with metadata, and returns what is stored. */
async function stored(store, meta) {
  const entry = anEntry({ meta });
  await store.insertEntry(entry);
  return (await store.fetchEntry(entry.entryId)).meta;
}

/** An object that holds an object that holds … `levels` of them in all. */
function nested(levels) {
  let meta = {};
  for (let level = 1; level < levels; level += 1) meta = { a: meta };
  return meta;
}

/** Every way to write metadata: calls that insert it. */
function writers(store) {
  const change = { doc: "d", action: "a", shaBefore: "", shaAfter: "" };
  return {
    insertEntry: (meta) => store.insertEntry(anEntry({ meta })),
    insertEntries: (meta) => store.insertEntries([anEntry({ meta })]),
    appendEntry: (meta) => store.appendEntry({ project: "p", message: "m", meta }),
    recordDocChange: (metadata) => store.recordDocChange("p", { ...change, metadata }),
    recordAgentReportCard: (metadata) =>
      store.recordAgentReportCard("p", { filePath: "f", agentName: "a", metadata }),
    upsertAgentSession: (metadata) => store.upsertAgentSession("a", "s", metadata),
  };
}

export const cases = {
  "3.2 metadata follows the rules of JSON.stringify": async (world) => {
    const store = await world.openWithProjects();
    class Point {
      #hidden = 1;
      x = 1;
      get y() {
        return this.#hidden;
      }
    }
    const shared = { twice: true };
    const sparse = [1];
    sparse[3] = 4;
    const meta = {
      undefined: undefined,
      function: () => 1,
      symbol: Symbol("s"),
      [Symbol("key")]: 1,
      list: [undefined, () => 1, Symbol("s"), null],
      sparse,
      date: new Date(0),
      invalidDate: new Date(Number.NaN),
      toJSON_: { toJSON: (key) => `member ${key}` },
      map: new Map([["a", 1]]),
      set: new Set([1]),
      regexp: /x/g,
      error: new Error("gone"),
      bytes: new Uint8Array([1, 2]),
      boxed: [Object(1), Object("a"), Object(true)],
      point: new Point(),
      bare: Object.assign(Object.create(null), { a: 1 }),
      proxy: new Proxy({ a: 1 }, {}),
      inherited: Object.create({ a: 1 }, { b: { value: 2, enumerable: true } }),
      shared: [shared, shared],
      empty: [{}, [], "", null],
      nested: { meta: { metadata: { project: undefined, metaFilters: { a: undefined } } } },
    };
    equal(await stored(store, meta), JSON.parse(JSON.stringify(meta)), "as JSON.stringify has it");
  },

  "3.2 numbers come back as they are": async (world) => {
    const store = await world.openWithProjects();
    const numbers = [0, 0.1, 0.1 + 0.2, 1 / 3, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, Number.EPSILON];
    numbers.push(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 53 + 2, 2 ** 63, 2 ** 64, 1e20);
    numbers.push(123_456_789_012_345_680_000, 4.35, 1.005, 8.5e-10, 1e23);
    const all = [...numbers, ...numbers.slice(1).map((number) => -number)];
    equal(await stored(store, { all }), { all }, "to the last bit");
    equal(await stored(store, { zero: -0 }), { zero: 0 }, "JSON knows no minus zero");
  },

  "3.2 every key comes back as a member of the object's own": async (world) => {
    const store = await world.openWithProjects();
    const keys = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "toJSON", "then"];
    keys.push("", "0", "-1", "1e3", "a.b", "$a", "ä\0", "length", "__defineGetter__", "valueOf");
    const object = Object.fromEntries(keys.map((key) => [key, { [key]: "value" }]));
    // `fromEntries` defines members; a literal would set the prototype.
    const meta = Object.fromEntries([...Object.entries(object), ["list", [object]]]);

    const entry = anEntry({ meta });
    await store.insertEntry(entry);
    const query = { project: "p" };
    const read = {
      fetchEntry: (await store.fetchEntry(entry.entryId)).meta,
      fetchRecentEntries: (await store.fetchRecentEntries(query))[0].meta,
      queryEntriesPaginated: (await store.queryEntriesPaginated(query)).items[0].meta,
      iterateEntries: (await collect(store.iterateEntries(query)))[0].meta,
      appendEntry: (await store.appendEntry({ project: "q", message: "m", meta })).meta,
    };
    const change = { doc: "d", action: "a", shaBefore: "", shaAfter: "", metadata: meta };
    read.recordDocChange = (await store.recordDocChange("p", change)).metadata;
    read.listDocChanges = (await store.listDocChanges(query)).items[0].metadata;
    const card = { filePath: "f", agentName: "a", metadata: meta };
    read.recordAgentReportCard = (await store.recordAgentReportCard("p", card)).metadata;
    read.listAgentReportCards = (await store.listAgentReportCards(query)).items[0].metadata;
    read.upsertAgentSession = (await store.upsertAgentSession("a", "s", meta)).metadata;
    read.fetchAgentSession = (await store.fetchAgentSession("s")).metadata;
    read.listAgentSessions = (await store.listAgentSessions())[0].metadata;
    for (const [method, result] of Object.entries(read)) equal(result, meta, `what ${method} returns`);
    equal(Object.keys(Object.prototype), [], "no prototype was changed");
    equal({}.value, undefined, "no prototype was changed");
  },

  "3.2 what JSON cannot hold is refused, and named": async (world) => {
    const store = await world.openWithProjects();
    const cycle = {};
    cycle.list = [{ cycle }];
    const wrong = {
      "a cycle": [cycle, ""],
      BigInt: [1n, "BigInt"],
      "a boxed BigInt": [Object(1n), ""],
      NaN: [Number.NaN, "NaN"],
      Infinity: [Number.POSITIVE_INFINITY, "Infinity"],
      "-Infinity": [Number.NEGATIVE_INFINITY, "-Infinity"],
      "a boxed NaN": [Object(Number.NaN), "NaN"],
      "NaN from toJSON": [{ toJSON: () => Number.NaN }, "NaN"],
      "bytes with NaN": [new Float64Array([Number.NaN]), "NaN"],
    };
    for (const [what, [value, says]] of Object.entries(wrong)) {
      for (const meta of [{ bad: value }, { list: [1, [{ bad: value }]] }]) {
        for (const [method, write] of Object.entries(writers(store))) {
          await rejects(() => write(meta), "invalid_argument", says, `${method} refuses ${what}`);
        }
      }
    }
    equal(await store.countEntries("p"), 0, "no entry was stored");
    equal((await store.listDocChanges({ project: "p" })).totalCount, 0, "no change was stored");
    equal(await store.fetchAgentSession("s"), null, "no session was stored");
  },

  "3.2 what throws while it is read is refused, with the cause": async (world) => {
    const store = await world.openWithProjects();
    const cause = new Error("not today");
    const fail = () => {
      throw cause;
    };
    const getter = Object.defineProperty({}, "a", { get: fail, enumerable: true });
    for (const bad of [getter, { toJSON: fail }, new Proxy({}, { ownKeys: fail })]) {
      for (const [method, write] of Object.entries(writers(store))) {
        const call = () => write({ bad });
        const error = await rejects(call, "invalid_argument", "not today", `${method} refuses it`);
        const found = [error.cause, error.cause?.cause].includes(cause);
        ok(found, `${method} keeps the cause`);
      }
    }
  },

  "3.2 metadata that is no object is refused, null is none": async (world) => {
    const store = await world.openWithProjects();
    const wrong = [[], [1], "text", "", 0, 1, true, false, 1n, Symbol("s"), () => 1, new Date(0)];
    for (const meta of [...wrong, new Date(Number.NaN), Object("a"), { toJSON: () => [] }]) {
      for (const [method, write] of Object.entries(writers(store))) {
        await rejects(() => write(meta), "invalid_argument", "`meta", `${method} refuses ${String(meta)}`);
      }
    }
    for (const meta of [null, undefined, {}]) equal(await stored(store, meta), {}, "no metadata");
    for (const metadata of [null, undefined]) {
      equal((await store.upsertAgentSession("a", "s", metadata)).metadata, null, "none for a session");
    }
    equal((await store.upsertAgentSession("a", "s", {})).metadata, {}, "an empty object is one");
  },

  "3.2 metadata may be nested 125 levels, and no more": async (world) => {
    const store = await world.openWithProjects();
    const MOST = 125;
    for (const write of ["insertEntry", "insertEntries", "appendEntry"]) {
      await writers(store)[write](nested(MOST));
    }
    for (const entry of await store.fetchRecentEntries({ project: "p" })) {
      equal(entry.meta, nested(MOST), "the deepest that is allowed comes back");
    }
    const path = "a.".repeat(MOST - 2).slice(0, -1);
    const found = await store.countQueryEntries({ project: "p", metaFilters: { [path]: null } });
    equal(found, 0, "it can be queried");
    for (const levels of [MOST + 1, MOST + 2, MOST + 3, 1000, 100_000]) {
      for (const [method, write] of Object.entries(writers(store))) {
        const call = () => write(nested(levels));
        const error = await rejects(call, "invalid_argument", "deep", `${method} refuses ${levels} levels`);
        if (method === "insertEntries") ok(error.message.includes("entries[0]"), "it names the index");
      }
    }
    equal(await store.countEntries("p"), 3, "nothing else was stored");
  },

  "3.2 results are the caller's own": async (world) => {
    const store = await world.openWithProjects();
    const { entryId } = await store.appendEntry({ project: "p", message: "m", meta: { list: [1] } });
    const first = await store.fetchEntry(entryId);
    const original = structuredClone(first);
    first.meta.list.push(2);
    first.message = "changed";
    equal(await store.fetchEntry(entryId), original, "a change of a result changes nothing in the store");
    const [one] = await store.queryEntries({ project: "p" });
    one.meta.more = true;
    equal(await store.queryEntries({ project: "p" }), [original], "nor in what is read next");
  },

  "4.7 metadata is matched by type and value": async (world) => {
    const store = await world.openWithProjects();
    const meta = Object.fromEntries([
      ["__proto__", "own"],
      ["constructor", 1],
      ["a.b", "literal"],
      ["a", { b: "path", list: [{ c: 7 }] }],
      ["null", null],
      ["at", new Date(0)],
      ["yes", true],
      ["gone", undefined],
    ]);
    await store.insertEntry(anEntry({ meta }));
    const matches = async (filters) => {
      const metaFilters = Object.fromEntries(Object.entries(filters));
      return (await store.countQueryEntries({ project: "p", metaFilters })) === 1;
    };
    const own = (key, value) => matches(Object.fromEntries([[key, value]]));
    ok(await own("__proto__", "own"), "a key that is special in JavaScript is none here");
    ok(await own("constructor", 1), "nor is this one");
    ok(!(await own("toString", null)), "what every object inherits is missing");
    ok(await own("a.b", "literal"), "a key is taken literally first");
    ok(!(await own("a.b", "path")), "and only then as a path");
    ok(await own("a.list.0.c", 7), "a path through an array");
    ok(!(await own("a.list.length", 1)), "an array has elements only");
    ok(await own("null", null), "null matches an explicit null");
    ok(!(await own("gone", null)), "a member that was undefined is missing");
    ok(await own("at", "1970-01-01T00:00:00.000Z"), "a Date is the string that it became");
    ok(await own("at", new Date(0)), "and is compared as that");
    ok(!(await own("yes", 1)) && !(await own("yes", "true")), "types are not converted");
    ok(await matches({ yes: true, constructor: 1 }), "all must hold");
    ok(!(await matches({ yes: true, constructor: 2 })), "all must hold");
    ok(await matches({}), "no filter matches everything");
  },

  "4.7 a filter that cannot match is refused rather than ignored": async (world) => {
    const store = await world.openWithProjects();
    for (const value of [undefined, {}, [], [1], Number.NaN, Infinity, 1n, () => 1, Symbol("s"), new Map()]) {
      const call = () => store.queryEntries({ project: "p", metaFilters: { key: value } });
      await rejects(call, "invalid_argument", "key", `${String(value)} is no value to compare with`);
    }
    for (const metaFilters of [[], "a", 1, true, new Map([["a", 1]]), new Set(), Object.create({ a: 1 })]) {
      const call = () => store.queryEntries({ project: "p", metaFilters });
      await rejects(call, "invalid_argument", "metaFilters", "filters are an object");
    }
  },
};
