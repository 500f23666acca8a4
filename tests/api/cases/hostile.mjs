// Arguments that mean harm: they throw, lie, change, never end, or are as large as can be.

import { equal, ok, rejects } from "../assertions.mjs";
import { callMethod, METHODS } from "../methods.mjs";
import { anEntry, collect, someEntries } from "../world.mjs";

const thrower = (thrown) => () => {
  throw thrown;
};

/** What cannot be asked for its text, and what says that it is an error of the package. */
const THROWN = {
  "an object without prototype": () => Object.create(null),
  "a revoked proxy": () => revoked({}),
  "an error with a symbol as its message": () =>
    Object.assign(new Error("e"), { message: Symbol("message") }),
  "an error whose message throws": () =>
    Object.defineProperty(new Error("e"), "message", { get: thrower(new Error("no message")) }),
  "a forged error": () => ({ [Symbol.for("scribe-store.error")]: true, code: "forged", message: "forged" }),
  undefined: () => undefined,
  null: () => null,
  "a symbol": () => Symbol("thrown"),
};

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** An entry with a member that is another value with each reading. */
function changing(key, ...values) {
  let at = 0;
  const get = () => {
    at += 1;
    return values[Math.min(at, values.length) - 1];
  };
  return Object.defineProperty(anEntry(), key, { get, enumerable: true });
}

/** Inserts entries in every way there is; `calls` are named for messages. */
function inserts(store, entry) {
  return {
    insertEntry: () => store.insertEntry(entry()),
    "insertEntries of an array": () => store.insertEntries([entry()]),
    "insertEntries of a Set": () => store.insertEntries(new Set([entry()])),
    "insertEntries behind others": () => store.insertEntries([...someEntries(700), entry()]),
  };
}

/** A list in which everything is there twice, level by level. */
function doubled(levels) {
  let value = [];
  for (let level = 0; level < levels; level += 1) value = [value, value];
  return value;
}

async function nothingIsStored(store) {
  equal(await store.countEntries("p"), 0, "nothing was stored");
  equal((await store.fetchMetrics("p")).totalEntries, 0, "nor counted");
}

export const cases = {
  "4.3 whatever an argument throws, the call rejects with invalid_argument": async (world) => {
    const store = await world.openWithProjects();
    for (const [what, make] of Object.entries(THROWN)) {
      for (const [name, { args }] of Object.entries(METHODS).filter(([, { args }]) => args().length > 0)) {
        const hostile = Object.defineProperty({}, "project", { get: thrower(make()), enumerable: true });
        const call = () => callMethod(store, name, [hostile, ...args().slice(1)]);
        await rejects(call, "invalid_argument", "", `${name} with a getter that throws ${what}`);
      }
      const source = { [Symbol.iterator]: thrower(make()) };
      await rejects(() => store.insertEntries(source), "invalid_argument", "entries[0]", `a source: ${what}`);
      const later = (function* () {
        yield anEntry();
        throw make();
      })();
      await rejects(() => store.insertEntries(later), "invalid_argument", "entries[1]", `half-way: ${what}`);
    }
    await nothingIsStored(store);
  },

  "4.3 revoked proxies are invalid arguments of every method": async (world) => {
    const store = await world.openWithProjects();
    for (const [name, { args }] of Object.entries(METHODS)) {
      for (const place of args().keys()) {
        for (const target of [{}, [], () => "p"]) {
          const all = args();
          all[place] = revoked(target);
          await rejects(() => callMethod(store, name, all), "invalid_argument", "", `${name} with it`);
        }
      }
    }
    await nothingIsStored(store);
  },

  "3.4 an entry that changes while it is read is refused, and named": async (world) => {
    const store = await world.openWithProjects();
    const cycle = {};
    cycle.cycle = cycle;
    const entries = {
      "a message that becomes a BigInt": () => changing("message", "m", 1n),
      "metadata that become a cycle": () => changing("meta", {}, cycle),
      "a hidden toJSON that throws": () =>
        Object.defineProperty(anEntry(), "toJSON", { value: thrower(new Error("no")) }),
      "a list with a hidden toJSON": () =>
        anEntry({ meta: { list: Object.defineProperty([], "toJSON", { value: () => Number.NaN }) } }),
      "a Date with a hidden toJSON": () =>
        anEntry({ ts: Object.defineProperty(new Date(0), "toJSON", { value: thrower(new Error("no")) }) }),
    };
    for (const [what, entry] of Object.entries(entries)) {
      for (const [how, call] of Object.entries(inserts(store, entry))) {
        if (how === "insertEntry" && what.includes("become")) continue;
        const error = await rejects(call, "invalid_argument", "", `${how} with ${what}`);
        const index = how.includes("behind") ? 700 : 0;
        if (how !== "insertEntry")
          ok(error.message.includes(`entries[${index}]`), `"${error.message}" names it`);
      }
    }
    await nothingIsStored(store);
  },

  "3.4 lists with methods of their own are read by their elements": async (world) => {
    const store = await world.openWithProjects();
    class Lying extends Array {
      slice() {
        return [];
      }
      every() {
        return true;
      }
      static get [Symbol.species]() {
        return Set;
      }
    }
    const entries = someEntries(3);
    equal(await store.insertEntries(Lying.from(entries)), { inserted: 3, duplicates: 0 }, "its own slice");
    const proxy = new Proxy(someEntries(3), {});
    equal(await store.insertEntries(proxy), { inserted: 3, duplicates: 0 }, "a proxy of an array");
    const tagged = Object.assign(someEntries(2), { toJSON: () => [] });
    equal(await store.insertEntries(tagged), { inserted: 2, duplicates: 0 }, "a toJSON of the array's own");
    equal(await store.countEntries("p"), 8, "all are there");
  },

  "3.4 a source whose return throws is refused for what was wrong": async (world) => {
    const store = await world.openWithProjects();
    for (const end of [thrower(new Error("no end")), () => 1, undefined]) {
      let left = 3;
      const next = () => {
        left -= 1;
        return { done: false, value: left > 0 ? anEntry() : { entryId: 1n } };
      };
      const source = { [Symbol.iterator]: () => ({ next, return: end }) };
      await rejects(
        () => store.insertEntries(source),
        "invalid_argument",
        "entries[2]: `entryId`",
        "the element",
      );
    }
    for (const next of [undefined, () => 1, thrower(new Error("no step"))]) {
      const source = { [Symbol.iterator]: () => ({ next }) };
      await rejects(() => store.insertEntries(source), "invalid_argument", "entries[0]", "an odd iterator");
    }
    await nothingIsStored(store);
  },

  "4.3 prototypes without an end are refused": async (world) => {
    const store = await world.openWithProjects();
    const handler = { getPrototypeOf: () => new Proxy({}, handler) };
    const query = new Proxy({ project: "p" }, handler);
    await rejects(() => store.queryEntries(query), "invalid_argument", "prototypes", "a proxy's prototypes");
    ok(await store.insertEntry(anEntry()), "the store goes on");
  },

  "3.2 toJSON speaks for a value": async (world) => {
    const store = await world.openWithProjects();
    const says = (value) => ({ toJSON: () => value });
    equal(await store.countQueryEntries(says({ project: "p" })), 0, "a query");
    ok(await store.insertEntry(says(anEntry())), "an entry");
    for (const value of [undefined, null, Number.NaN, 1n, Symbol("s"), () => ({ project: "p" }), []]) {
      const call = () => store.queryEntries(says(value));
      await rejects(call, "invalid_argument", "", `toJSON that gives ${String(value)}`);
    }
    const endless = { toJSON: () => ({ endless }) };
    const call = () => store.insertEntry(anEntry({ meta: { endless } }));
    await rejects(call, "invalid_argument", "nested too deeply", "toJSON without end");
    equal(await store.countEntries("p"), 1, "nothing else was stored");
  },

  "7.2 a call that closes the store while it is read settles": async (world) => {
    for (const name of Object.keys(METHODS).filter((key) => METHODS[key].args().length > 0)) {
      const store = await world.open({ backend: "memory" });
      let closing;
      const get = () => {
        closing ??= store.close();
        return "p";
      };
      const argument = Object.defineProperty({}, "project", { get, enumerable: true });
      const outcome = await callMethod(store, name, [argument, {}, {}]).then(
        () => "resolved",
        ({ code }) => code,
      );
      ok(["closed", "invalid_argument"].includes(outcome), `${name}: ${outcome}`);
      equal(await closing, undefined, "close resolves");
    }
  },

  "7.2 after close a wrong argument is not looked at": async (world) => {
    const store = await world.openWithProjects();
    const iteration = store.iterateEntries(Symbol("s"));
    await store.close();
    await rejects(iteration.next(), "closed", "", "a step that was not made");
    for (const name of Object.keys(METHODS)) {
      await rejects(() => callMethod(store, name, [Symbol("s")]), "closed", "", name);
    }
  },

  "7.1 options are read once": async (world) => {
    const { openStore } = world.api;
    const lying = { name: "lie", backend: "indexeddb", toJSON: () => ({ name: "said", backend: "memory" }) };
    const said = await openStore(lying);
    equal([said.name, said.backend], ["said", "memory"], "the store tells what it was opened with");
    await said.close();
    let readings = 0;
    const changing = {
      backend: "memory",
      get name() {
        readings += 1;
        return readings === 1 ? "first" : Symbol("later");
      },
    };
    const first = await openStore(changing);
    equal([first.name, readings], ["first", 1], "as it was when it was read");
    await first.close();
    const hidden = new Proxy(
      { backend: "memory" },
      { get: (target, key) => (key === "wasm" ? thrower(new TypeError("wasm"))() : target[key]) },
    );
    const store = await openStore(hidden);
    equal(store.backend, "memory", "what is no member is not read");
    await store.close();
    for (const [what, make] of Object.entries(THROWN)) {
      const options = Object.defineProperty({}, "wasm", { get: thrower(make()), enumerable: true });
      await rejects(() => openStore(options), "invalid_argument", "", `options that throw ${what}`);
    }
  },

  "7.1 isScribeError takes anything": async (world) => {
    for (const make of [...Object.values(THROWN).filter((_, index) => index !== 4), () => revoked([])]) {
      equal(world.api.isScribeError(make()), false, "it is none");
    }
  },

  "4.9 an iteration over what is not there, or not a query, can be left": async (world) => {
    const store = await world.openWithProjects();
    const odd = store.iterateEntries(revoked({}));
    equal(await odd.return(), { done: true, value: undefined }, "before its first step");
    await rejects(() => collect(store.iterateEntries(revoked({}))), "invalid_argument", "", "or be read");
  },
};

/** What takes a while: once in an engine is enough. */
const large = {
  "3.4 lists without an end in sight are refused at once": async (world) => {
    const store = await world.openWithProjects();
    const endless = (first) => {
      const list = [first];
      list.length = 2 ** 32 - 1;
      return list;
    };
    const calls = {
      "entries, the first of them bad": () => store.insertEntries(endless({ entryId: 1n })),
      "entries, the second of them missing": () => store.insertEntries(endless(anEntry())),
      "metadata of an entry": () => store.insertEntry(anEntry({ meta: { list: endless(1) } })),
      "metadata of entries": () => store.insertEntries([anEntry({ meta: { list: endless(1) } })]),
      agents: () => store.queryEntries({ project: "p", agents: endless("a") }),
      "lists in lists, each twice": () => store.insertEntries([anEntry({ meta: { list: doubled(48) } })]),
      "the same, deeper": () => store.insertEntry(anEntry({ meta: { list: doubled(100) } })),
    };
    for (const [what, call] of Object.entries(calls)) await rejects(call, "invalid_argument", "", what);
    await nothingIsStored(store);
  },

  "3.2 messages of 10 MB come back": async (world) => {
    const store = await world.openWithProjects();
    const messages = [`${"ä😀\ud800\0\n".repeat(200_000)}end`, "x".repeat(10 << 20)];
    for (const message of messages) {
      const { entryId } = await store.appendEntry({ project: "p", message });
      const stored = (await store.fetchEntry(entryId)).message;
      ok(stored === message.replaceAll("\ud800", "\ufffd"), "it is the same but for lone surrogates");
    }
    equal(await store.countQueryEntries({ project: "p", message: "END" }), 1, "it can be searched");
    const pattern = { project: "p", message: "x{300}$", messageMode: "regex" };
    equal(await store.countQueryEntries(pattern), 1, "and by a pattern");
    equal(
      await store.countQueryEntries({ project: "p", message: messages[1], messageMode: "exact" }),
      1,
      "exactly",
    );
    equal((await store.verifyProject("p")).ok, true, "its hashes are right");
  },

  "2.1 names may be as long as they like": async (world) => {
    const store = await world.openWithProjects();
    const name = "n".repeat(1_000_000);
    const project = await store.upsertProject({ name, repoRoot: name, progressLogPath: name });
    equal(project.name.length, name.length, "a project's name");
    const { agent, entryId } = await store.appendEntry({
      project: name,
      agent: name,
      message: "m",
      entryId: name,
    });
    equal([agent.length, entryId.length], [name.length, name.length], "an agent's name, an identifier");
    equal(await store.countEntries(name, { agent: name }), 1, "a filter");
    equal((await store.upsertAgentSession(name, name)).sessionId.length, name.length, "a session");
    const taken = store.upsertAgentSession("other", name);
    const error = await rejects(taken, "conflict", "n…n", "another agent's session");
    ok(error.message.length < 1100, "the message does not repeat it all");
    for (const [what, call, code] of [
      ["a project", () => store.fetchMetrics(`${name}?`), "not_found"],
      ["a time", () => store.insertEntry(anEntry({ ts: name })), "invalid_argument"],
      ["a member", () => store.queryEntries({ project: "p", [name]: 1 }), "invalid_argument"],
      ["a status", () => store.appendEntry({ project: "p", message: "", status: name }), "invalid_argument"],
      ["a cursor", () => store.queryEntriesPaginated({ project: "p", cursor: name }), "invalid_cursor"],
      [
        "a pattern",
        () => store.queryEntries({ project: "p", message: name, messageMode: "regex" }),
        "invalid_argument",
      ],
    ]) {
      const { message } = await rejects(call, code, "", `${what} of a million characters`);
      ok(message.length < 1100, `the message about ${what} does not repeat it all`);
    }
    ok(await store.deleteProject(name), "it can be deleted");
  },

  "4.4 a hundred thousand filters are looked at, each of them": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(
      someEntries(50).map((entry, index) => ({
        ...entry,
        agent: `a${index}`,
        emoji: `e${index % 5}`,
        meta: { [`k${index}`]: index, all: 1 },
      })),
    );
    const many = Array.from({ length: 100_000 }, (_, index) => index + 25);
    const count = (criteria) => store.countQueryEntries({ project: "p", ...criteria });
    equal(await count({ agents: many.map((index) => `a${index}`) }), 25, "agents");
    equal(await count({ emojis: many.map((index) => `e${index - 25 - 100_000 + 5}`) }), 50, "emojis");
    equal(await count({ emojis: many.map((index) => `x${index}`) }), 0, "others");
    const filters = Object.fromEntries(many.map((index) => [`k${index}`, index]));
    equal(await count({ metaFilters: filters }), 0, "metadata: no entry has all");
    equal(await count({ metaFilters: { all: 1 } }), 50, "one that all have");
    equal(await count({ metaFilters: { [`all${".a".repeat(100_000)}`]: 1 } }), 0, "a path of many steps");
  },
};

export const casesInNode = {
  ...large,

  "3.2 an argument that is too long is refused, and many that are not are taken": async (world) => {
    const store = await world.openWithProjects();
    const message = "m".repeat(2 ** 26);
    for (const call of [
      () => store.insertEntry(anEntry({ message })),
      () => store.insertEntries([anEntry({ message })]),
      () => store.appendEntry({ project: "p", message }),
      () => store.queryEntries({ project: "p", message }),
    ]) {
      await rejects(call, "invalid_argument", "67108864 characters", "it names the limit");
    }
    await nothingIsStored(store);
    const entries = someEntries(9, { message: message.slice(0, 2 ** 23) });
    equal(await store.insertEntries(entries), { inserted: 9, duplicates: 0 }, "together they are as long");
    equal(await store.countEntries("p"), 9, "all are there");
  },
};
export const casesInWindowOnIndexedDb = large;
