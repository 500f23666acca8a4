// Arguments as only JavaScript can write them.

import { equal, ok, rejects } from "../assertions.mjs";
import { argsWith, callMethod, METHODS, METHODS_WITH_MEMBERS } from "../methods.mjs";
import { anEntry, someEntries } from "../world.mjs";

const QUERIES = [
  "queryEntries",
  "queryEntriesPaginated",
  "countQueryEntries",
  "iterateEntries",
  "exportJsonl",
  "exportProgressLog",
];

/** What is neither a string nor a number nor an object of the caller's own making, with what a message calls it. */
const ODDITIES = [
  ["BigInt", 1n],
  ["function", () => "p"],
  ["symbol", Symbol("p")],
  ["Map", new Map([["name", "p"]])],
  ["Set", new Set(["p"])],
  ["RegExp", /p/],
  ["Promise", Promise.resolve("p")],
  ["Uint8Array", new Uint8Array(1)],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
];

export const cases = {
  "1.1 a Date, a number and a string name the same instant": async (world) => {
    const store = await world.openWithProjects();
    class Instant extends Date {}
    const millis = Date.UTC(2026, 0, 31, 8, 15, 0, 250);
    const forms = [
      new Date(millis),
      millis,
      new Instant(millis),
      { toJSON: () => new Date(millis).toISOString() },
      "2026-01-31T09:15:00.25+01:00",
    ];
    for (const ts of forms) {
      const { ts: stored } = await store.appendEntry({ project: "p", message: "m", ts });
      equal(stored, "2026-01-31T08:15:00.250000Z", "every form of a time is the same instant");
    }
  },

  "1.1 fractions of a millisecond are kept to the microsecond": async (world) => {
    const store = await world.openWithProjects();
    const stored = async (ts) => (await store.appendEntry({ project: "p", message: "m", ts })).ts;
    equal(await stored(0.001), "1970-01-01T00:00:00.000001Z", "a microsecond");
    equal(await stored(-0.001), "1969-12-31T23:59:59.999999Z", "a microsecond before the epoch");
    equal(await stored(1_700_000_000_000.123), "2023-11-14T22:13:20.000123Z", "microseconds of today");
    equal(await stored(-0), "1970-01-01T00:00:00.000000Z", "minus zero");
  },

  "1.1 a time outside the years 1 to 9999 is refused": async (world) => {
    const store = await world.openWithProjects();
    const [first, last] = [Date.parse("0001-01-01T00:00:00Z"), Date.parse("9999-12-31T23:59:59.999Z")];
    for (const ts of [first, last, new Date(first), new Date(last)]) {
      ok(await store.insertEntry(anEntry({ ts })), `${ts} is accepted`);
    }
    for (const millis of [first - 1, last + 1, 8.64e15, -8.64e15]) {
      for (const ts of [millis, new Date(millis)]) {
        const call = store.insertEntry(anEntry({ ts }));
        await rejects(call, "invalid_argument", "`ts`", `${millis} ms is refused`);
      }
    }
  },

  "1.1 an invalid Date is refused, and is no missing bound": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntry(anEntry());
    const invalid = new Date(Number.NaN);
    for (const name of QUERIES) {
      for (const bound of ["start", "end"]) {
        const call = () => callMethod(store, name, argsWith(name, { [bound]: invalid }));
        await rejects(call, "invalid_argument", `\`${bound}\``, `${name} refuses it as ${bound}`);
      }
    }
    const insert = store.insertEntry(anEntry({ ts: invalid }));
    await rejects(insert, "invalid_argument", "`ts`", "insertEntry refuses it");
    const append = store.appendEntry({ project: "p", message: "m", ts: invalid });
    await rejects(append, "invalid_argument", "`ts`", "appendEntry refuses it");
  },

  "1.1 what is no time is refused": async (world) => {
    const store = await world.openWithProjects();
    const wrong = [undefined, null, true, "", "yesterday", "12:00", [], {}, Object("2026-01-01")];
    for (const ts of [...wrong, ...ODDITIES.map(([, value]) => value)]) {
      const call = () => store.insertEntry(anEntry({ ts }));
      await rejects(call, "invalid_argument", "`ts`", `${String(ts)} is refused as a time`);
    }
    equal(await store.countEntries("p"), 0, "nothing was stored");
  },

  "1.4 Dates as bounds are inclusive": async (world) => {
    const store = await world.openWithProjects();
    const entries = someEntries(3);
    await store.insertEntries(entries);
    const [first, second, third] = entries.map(({ ts }) => new Date(ts));
    const count = (start, end) => store.countQueryEntries({ project: "p", start, end });
    equal(await count(first, third), 3, "both bounds are inclusive");
    equal(await count(second, second), 1, "an instant is a range");
    equal(await count(third, first), 0, "a start after the end matches nothing");
    equal(await count(null, undefined), 3, "null and undefined are no bounds");
  },

  "2.5 a project is a name or a record": async (world) => {
    const store = await world.openWithProjects();
    const record = await store.fetchProject("p");
    await store.insertEntry(anEntry());
    const copy = JSON.parse(JSON.stringify(record));
    for (const project of ["p", record, copy, { ...record, name: "q" }, Object.freeze({ ...record })]) {
      equal(await store.countEntries(project), 1, "a record stands for the project with its id");
    }
    const wrong = [undefined, null, true, 1, "", [], ["p"], {}, { name: "p" }, { id: "1" }, { id: 1.5 }];
    for (const project of [...wrong, { id: -1 }, { id: null }, ...ODDITIES.map(([, value]) => value)]) {
      const call = () => store.fetchMetrics(project);
      await rejects(call, "invalid_argument", "`", `${String(project)} is no reference to a project`);
    }
    await rejects(store.fetchMetrics({ id: 1e300 }), "not_found", "", "an id beyond all is unknown");
  },

  "3.3 a member that is no string is refused, and named": async (world) => {
    const store = await world.openWithProjects();
    const strings = {
      upsertProject: ["name", "repoRoot", "progressLogPath"],
      insertEntry: ["entryId", "emoji", "rawLine", "sha256", "message", "agent"],
      appendEntry: ["message", "emoji", "agent", "entryId", "status"],
      queryEntries: ["message", "messageMode"],
      recordDocChange: ["doc", "section", "action", "agent", "shaBefore", "shaAfter"],
      recordAgentReportCard: ["filePath", "agentName", "stage", "performanceLevel"],
      setAgentProject: ["agentId", "projectName", "updatedBy", "sessionId"],
      listAgentSessions: ["agentId", "status"],
      listAgentEvents: ["agentId", "eventType"],
      queryEntriesPaginated: ["cursor"],
    };
    const wrong = [
      ["true", true],
      ["number", 1],
      ["array", []],
      ["object", {}],
      ["boxed", Object("p")],
    ];
    for (const [name, keys] of Object.entries(strings)) {
      for (const key of keys) {
        for (const [what, value] of [...wrong, ...ODDITIES]) {
          const call = () => callMethod(store, name, argsWith(name, { [key]: value }));
          await rejects(call, "invalid_argument", `\`${key}\``, `${name} refuses a ${what} as ${key}`);
        }
      }
    }
    equal(await store.countEntries("p"), 0, "nothing was stored");
  },

  "3.3 an argument that is no string is refused": async (world) => {
    const store = await world.openWithProjects();
    const names = ["fetchProject", "deleteProject", "fetchEntry", "fetchAgentSession", "heartbeatSession"];
    for (const name of [...names, "endSession", "getAgentProject"]) {
      for (const value of [undefined, null, true, 1, [], {}, ...ODDITIES.map(([, odd]) => odd)]) {
        const call = () => store[name](value);
        await rejects(call, "invalid_argument", "`", `${name} refuses ${String(value)}`);
      }
    }
    for (const value of [undefined, null, 1, "", ...ODDITIES.map(([, odd]) => odd)]) {
      const [agent, session] = [
        () => store.upsertAgentSession(value, "s"),
        () => store.upsertAgentSession("a", value),
      ];
      await rejects(agent, "invalid_argument", "`agentId`", `${String(value)} is no agent`);
      await rejects(session, "invalid_argument", "`sessionId`", `${String(value)} is no session`);
    }
  },

  "4.2 what is no whole number in range is refused, and named": async (world) => {
    const store = await world.openWithProjects();
    const pages = { page: [0], pageSize: [0, 1001] };
    const numbers = {
      fetchRecentEntries: { limit: [], offset: [] },
      queryEntries: { limit: [], offset: [] },
      fetchRecentEntriesPaginated: pages,
      queryEntriesPaginated: pages,
      listDocChanges: pages,
      listAgentReportCards: pages,
      listAgentEvents: { limit: [] },
      setAgentProject: { expectedVersion: [] },
    };
    const never = [
      -1,
      0.5,
      "1",
      "",
      true,
      [1],
      {},
      Object(1),
      new Date(1),
      ...ODDITIES.map(([, odd]) => odd),
    ];
    for (const [name, keys] of Object.entries(numbers)) {
      for (const [key, more] of Object.entries(keys)) {
        const values = key === "expectedVersion" ? never : [null, ...never, ...more];
        for (const value of values) {
          const call = () => callMethod(store, name, argsWith(name, { [key]: value }));
          await rejects(call, "invalid_argument", `\`${key}\``, `${name} refuses ${String(value)} as ${key}`);
        }
      }
    }
    for (const value of [undefined, null, -1, "1", {}, ...ODDITIES.map(([, odd]) => odd)]) {
      const call = () => store.expireSessions(value);
      await rejects(call, "invalid_argument", "`idleMs`", `expireSessions refuses ${String(value)}`);
    }
  },

  "4.2 every number that is whole and in range is accepted": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(3));
    const fetch = async (options) => (await store.fetchRecentEntries({ project: "p", ...options })).length;
    equal(await fetch({ limit: 0 }), 0, "a limit of zero");
    equal(await fetch({ limit: -0 }), 0, "a limit of minus zero");
    equal(await fetch({ offset: -0 }), 3, "an offset of minus zero");
    for (const huge of [2 ** 32, Number.MAX_SAFE_INTEGER, 2 ** 53, 2 ** 64, 1e300]) {
      equal(await fetch({ limit: huge }), 3, `a limit of ${huge}`);
      equal(await fetch({ offset: huge }), 0, `an offset of ${huge}`);
      const { items, page } = await store.queryEntriesPaginated({ project: "p", page: huge });
      equal(items, [], `page ${huge}`);
      ok(page > 3 && Number.isInteger(page), `page ${huge} is beyond all pages`);
    }
    equal((await store.queryEntriesPaginated({ project: "p", pageSize: 1000 })).pageSize, 1000, "pageSize");
  },

  "4.3 an unknown member is refused, and named, by every method": async (world) => {
    const store = await world.openWithProjects();
    // Also names that every object inherits, and some that are almost known.
    const unknown = [
      "unknown",
      "Project",
      "projects",
      "project_name",
      "__proto__",
      "constructor",
      "toString",
      "",
    ];
    for (const name of METHODS_WITH_MEMBERS) {
      for (const key of unknown) {
        const args = METHODS[name].args();
        const members = args[METHODS[name].members];
        Object.defineProperty(members, key, { value: null, enumerable: true });
        const call = () => callMethod(store, name, args);
        await rejects(call, "invalid_argument", `"${key}"`, `${name} refuses the member "${key}"`);
      }
    }
    const filters = () => store.fetchRecentEntries({ project: "p", filters: { agents: ["a"] } });
    await rejects(filters, "invalid_argument", '"agents"', "filters refuse an unknown member");
    const element = () => store.insertEntries([anEntry({ level: 1 })]);
    await rejects(element, "invalid_argument", '"level"', "insertEntries refuses an unknown member");
    equal(await store.countEntries("p"), 0, "nothing was stored");
  },

  "4.3 a member that is undefined is missing": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntry(anEntry({ agent: undefined, meta: undefined, seq: undefined }));
    await store.appendEntry({
      project: "p",
      message: "m",
      status: undefined,
      emoji: undefined,
      ts: undefined,
    });
    equal(
      await store.countQueryEntries({
        project: "p",
        start: undefined,
        agents: undefined,
        message: undefined,
      }),
      2,
      "criteria that are undefined are none",
    );
    const page = {
      project: "p",
      page: undefined,
      pageSize: undefined,
      cursor: undefined,
      filters: undefined,
    };
    equal((await store.fetchRecentEntriesPaginated(page)).items.length, 2, "a page's options");
    equal(await store.countEntries("p", undefined), 2, "filters that are undefined are none");
    equal(await store.countEntries("p", { agent: undefined, emoji: null }), 2, "so are their members");
    for (const name of ["insertEntry", "appendEntry", "upsertProject", "recordDocChange"]) {
      for (const key of Object.keys(METHODS[name].args()[METHODS[name].members])) {
        const call = () => callMethod(store, name, argsWith(name, { [key]: undefined }));
        await rejects(call, "invalid_argument", `\`${key}\``, `${name} wants ${key}`);
      }
    }
  },

  "4.3 what is no object is refused by every method, and nothing throws": async (world) => {
    const store = await world.openWithProjects();
    for (const name of METHODS_WITH_MEMBERS) {
      const { args, members } = METHODS[name];
      const optional = [
        "countEntries",
        "importJsonl",
        "exportStore",
        "importStore",
        "listAgentSessions",
        "listAgentEvents",
      ].includes(name);
      const values = [null, true, 1, "p", [], [{}], new Date(), ...ODDITIES.map(([, value]) => value)];
      for (const value of optional ? values : [undefined, ...values]) {
        const all = args();
        all[members] = value;
        const call = () => callMethod(store, name, all);
        await rejects(call, "invalid_argument", "", `${name} refuses ${String(value)}`);
      }
    }
    for (const name of Object.keys(METHODS).filter((name) => METHODS[name].args().length > 0)) {
      if (["listAgentSessions", "listAgentEvents", "exportStore"].includes(name)) continue;
      await rejects(() => callMethod(store, name, []), "invalid_argument", "", `${name} wants arguments`);
    }
  },

  "4.3 members that an object inherits are refused rather than lost": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntry(anEntry());
    class Query {
      project = "p";
      get agents() {
        return ["nobody"];
      }
    }
    class Narrower extends Query {}
    const own = { project: { value: "p", enumerable: true } };
    for (const query of [new Query(), new Narrower(), Object.create({ agents: ["nobody"] }, own)]) {
      for (const name of QUERIES) {
        const call = () => callMethod(store, name, [query]);
        await rejects(call, "invalid_argument", "`agents`", `${name} does not ignore an inherited criterion`);
      }
    }
  },

  "4.3 instances of classes, proxies and bare objects are read by their own members": async (world) => {
    const store = await world.openWithProjects();
    class Line {
      constructor(fields) {
        Object.assign(this, fields);
      }
      render() {
        return "";
      }
    }
    ok(await store.insertEntry(new Line(anEntry())), "an instance of a class");
    ok(await store.insertEntry(new Proxy(anEntry(), {})), "a proxy");
    ok(await store.insertEntry(Object.assign(Object.create(null), anEntry())), "an object without prototype");
    ok(await store.insertEntry(Object.freeze(anEntry())), "a frozen object");
    const hidden = Object.defineProperty({ project: "p" }, "note", { value: 1, enumerable: false });
    equal(await store.countQueryEntries(hidden), 4, "members that are not enumerable do not count");
    const accessor = {
      get project() {
        return "p";
      },
    };
    equal(await store.countQueryEntries(accessor), 4, "a getter of the object's own is a member");
  },

  "4.3 what throws while it is read is an invalid argument, with the cause": async (world) => {
    const store = await world.openWithProjects();
    const cause = new RangeError("not today");
    const fail = () => {
      throw cause;
    };
    const query = Object.defineProperty({ project: "p" }, "agents", { get: fail, enumerable: true });
    const sources = [query, { project: "p", toJSON: fail }, new Proxy({}, { ownKeys: fail, get: fail })];
    for (const source of [...sources, new Proxy({ project: "p" }, { getPrototypeOf: fail })]) {
      for (const name of QUERIES) {
        const call = () => callMethod(store, name, [source]);
        const error = await rejects(
          call,
          "invalid_argument",
          "not today",
          `${name} with a throwing argument`,
        );
        equal(error.cause, cause, "the cause is kept");
      }
    }
  },

  "4.3 a cycle in options is an invalid argument": async (world) => {
    const store = await world.openWithProjects();
    const query = { project: "p" };
    query.metaFilters = { self: query };
    const filters = { agent: "a" };
    filters.emoji = filters;
    for (const call of [() => store.queryEntries(query), () => store.countEntries("p", filters)]) {
      await rejects(call, "invalid_argument", "", "a cycle");
    }
  },

  "4.4 lists are arrays of strings": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntry(anEntry({ agent: "a" }));
    for (const key of ["agents", "emojis"]) {
      const lists = ["a", {}, { 0: "a", length: 1 }, [1], [null], [undefined], [["a"]], new Array(1)];
      for (const list of [...lists, ...ODDITIES.map(([, odd]) => odd), ...ODDITIES.map(([, odd]) => [odd])]) {
        const call = () => store.queryEntries({ project: "p", [key]: list });
        await rejects(call, "invalid_argument", "`", `${String(key)} refuses what is no list of strings`);
      }
    }
    equal(await store.countQueryEntries({ project: "p", agents: ["a"] }), 1, "a list of strings");
  },

  "4.5 only true and false are flags": async (world) => {
    const store = await world.openWithProjects();
    for (const flag of [null, 0, 1, "", "false", [], {}, Object(false), ...ODDITIES.map(([, odd]) => odd)]) {
      const call = () => store.queryEntries({ project: "p", caseSensitive: flag });
      await rejects(call, "invalid_argument", "`caseSensitive`", `${String(flag)} is no flag`);
    }
  },

  "3.8 what the caller changes after a call has no effect": async (world) => {
    const store = await world.openWithProjects();
    const entry = anEntry({ meta: { list: [1] } });
    const { message } = entry;
    const inserted = store.insertEntry(entry);
    entry.message = "changed";
    entry.meta.list.push(2);
    await inserted;
    const stored = await store.fetchEntry(entry.entryId);
    equal([stored.message, stored.meta], [message, { list: [1] }], "the entry as it was at the call");

    const query = { project: "p", agents: ["nobody"] };
    const iteration = store.iterateEntries(query);
    query.agents.pop();
    equal((await iteration.next()).done, true, "the query as it was at the call");
  },
};

export const casesWithRealms = {
  "1.1 Dates of another realm are Dates": async (world) => {
    const store = await world.openWithProjects();
    const other = world.runtime.otherRealm();
    const { ts } = await store.appendEntry({ project: "p", message: "m", ts: new other.Date(250) });
    equal(ts, "1970-01-01T00:00:00.250000Z", "a Date of another realm");
    for (const bound of ["start", "end"]) {
      const call = () => store.queryEntries({ project: "p", [bound]: new other.Date(Number.NaN) });
      await rejects(call, "invalid_argument", `\`${bound}\``, "an invalid Date of another realm");
    }
  },

  "4.3 objects of another realm are objects": async (world) => {
    const store = await world.openWithProjects();
    const other = world.runtime.otherRealm();
    const entry = Object.assign(
      new other.Object(),
      anEntry({ meta: Object.assign(new other.Object(), { a: 1 }) }),
    );
    ok(await store.insertEntry(entry), "an entry of another realm");
    ok((await store.insertEntries(other.Array.of(anEntry()))).inserted === 1, "an array of another realm");
    const call = () => store.queryEntries(new other.Map([["project", "p"]]));
    await rejects(call, "invalid_argument", "Map", "a Map of another realm");
    const stored = await store.fetchEntry(entry.entryId);
    equal(stored.meta, { a: 1 }, "results are of this realm");
  },
};
