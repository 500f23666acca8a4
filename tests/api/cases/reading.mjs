// Results: their shapes, and what reading takes.

import { equal, ok, rejects } from "../assertions.mjs";
import { callMethod, METHODS } from "../methods.mjs";
import { anEntry, collect, someEntries } from "../world.mjs";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** The documented members of each record, with what each may be. */
const SHAPES = {
  project: {
    id: "number",
    name: "string",
    repoRoot: "string",
    progressLogPath: "string",
    createdAt: "time",
    updatedAt: "time",
  },
  metrics: {
    totalEntries: "number",
    successCount: "number",
    warnCount: "number",
    errorCount: "number",
    lastUpdate: "time|null",
  },
  inserted: { inserted: "number", duplicates: "number" },
  entry: {
    entryId: "string",
    project: "string",
    seq: "number",
    ts: "time",
    emoji: "string",
    agent: "string|null",
    message: "string",
    meta: "object",
    rawLine: "string",
    sha256: "string",
  },
  page: {
    items: "array",
    page: "number",
    pageSize: "number",
    totalCount: "number",
    totalPages: "number",
    hasNext: "boolean",
    hasPrev: "boolean",
    nextCursor: "string|null",
    prevCursor: "string|null",
  },
  docChange: {
    id: "number",
    project: "string",
    doc: "string",
    section: "string|null",
    action: "string",
    agent: "string|null",
    metadata: "object",
    shaBefore: "string",
    shaAfter: "string",
    createdAt: "time",
  },
  reportCard: {
    project: "string",
    filePath: "string",
    agentName: "string",
    stage: "string|null",
    overallGrade: "number|null",
    performanceLevel: "string|null",
    metadata: "object",
    createdAt: "time",
    updatedAt: "time",
  },
  session: {
    sessionId: "string",
    agentId: "string",
    status: "string",
    startedAt: "time",
    lastActiveAt: "time",
    metadata: "object|null",
  },
  agentProject: {
    agentId: "string",
    projectName: "string|null",
    version: "number",
    updatedAt: "time",
    updatedBy: "string",
    sessionId: "string",
  },
  event: {
    id: "number",
    agentId: "string",
    sessionId: "string",
    eventType: "string",
    fromProject: "string|null",
    toProject: "string|null",
    expectedVersion: "number|null",
    actualVersion: "number|null",
    success: "boolean",
    createdAt: "time",
  },
};

function kindOf(value) {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["array"];
  if (typeof value === "string" && TIME.test(value)) return ["time", "string"];
  return [typeof value];
}

/** Checks that a record is a plain object with exactly the documented members. */
function isA(record, shape, promise) {
  const wanted = SHAPES[shape];
  equal(Object.getPrototypeOf(record), Object.prototype, `${promise} is a plain object`);
  equal(Reflect.ownKeys(record).sort(), Object.keys(wanted).sort(), `${promise} has the documented members`);
  for (const [key, kinds] of Object.entries(wanted)) {
    const { value, enumerable } = Object.getOwnPropertyDescriptor(record, key);
    ok(enumerable, `${key} of ${promise} is enumerable`);
    const fits = kindOf(value).some((kind) => kinds.split("|").includes(kind));
    ok(fits, `${key} of ${promise}, which is ${JSON.stringify(value)}, is of the type ${kinds}`);
  }
}

/** Makes one record of every kind; `full` with every optional member, or else with none. */
async function fill(store, full) {
  const project = await store.upsertProject({ name: "r", repoRoot: "/", progressLogPath: "/log" });
  isA(project, "project", "what upsertProject returns");
  const more = full ? { agent: "a", meta: { a: 1 } } : {};
  await store.insertEntry(anEntry({ project, ...more }));
  isA(await store.insertEntries([anEntry({ project })]), "inserted", "what insertEntries returns");
  const entry = await store.appendEntry({ project, message: "m", ...more });
  isA(entry, "entry", "what appendEntry returns");

  const documentMore = full ? { section: "s", agent: "a", metadata: { a: 1 } } : {};
  const change = { doc: "d", action: "a", shaBefore: "", shaAfter: "", ...documentMore };
  isA(await store.recordDocChange(project, change), "docChange", "what recordDocChange returns");
  const cardMore = full ? { stage: "s", overallGrade: 0.5, performanceLevel: "good", metadata: {} } : {};
  const card = await store.recordAgentReportCard(project, { filePath: "f", agentName: "a", ...cardMore });
  isA(card, "reportCard", "what recordAgentReportCard returns");

  const session = await store.upsertAgentSession("a", "s", full ? { a: 1 } : undefined);
  isA(session, "session", "what upsertAgentSession returns");
  const set = { agentId: "a", projectName: full ? "r" : null, updatedBy: "u", sessionId: "s" };
  isA(await store.setAgentProject(set), "agentProject", "what setAgentProject returns");
  const stale = store.setAgentProject({ ...set, expectedVersion: 77 });
  await rejects(stale, "conflict", "77", "a stale version");
  return entry.entryId;
}

/** What each method that reads returns: a record's shape, in a list or on a page. */
const READERS = {
  fetchProject: [(store) => store.fetchProject("r"), "project"],
  listProjects: [(store) => store.listProjects(), ["project"]],
  fetchMetrics: [(store) => store.fetchMetrics("r"), "metrics"],
  fetchEntry: [(store, id) => store.fetchEntry(id), "entry"],
  fetchRecentEntries: [(store) => store.fetchRecentEntries({ project: "r" }), ["entry"]],
  fetchRecentEntriesPaginated: [
    (store) => store.fetchRecentEntriesPaginated({ project: "r" }),
    { of: "entry" },
  ],
  queryEntries: [(store) => store.queryEntries({ project: "r" }), ["entry"]],
  queryEntriesPaginated: [
    (store) => store.queryEntriesPaginated({ project: "r", pageSize: 1 }),
    { of: "entry" },
  ],
  iterateEntries: [(store) => collect(store.iterateEntries({ project: "r" })), ["entry"]],
  listDocChanges: [(store) => store.listDocChanges({ project: "r" }), { of: "docChange" }],
  listAgentReportCards: [(store) => store.listAgentReportCards({ project: "r" }), { of: "reportCard" }],
  fetchAgentSession: [(store) => store.fetchAgentSession("s"), "session"],
  listAgentSessions: [(store) => store.listAgentSessions(), ["session"]],
  getAgentProject: [(store) => store.getAgentProject("a"), "agentProject"],
  listAgentEvents: [(store) => store.listAgentEvents(), ["event"]],
};

export const cases = {
  "3.2 results are plain objects with exactly the documented members": async (world) => {
    for (const full of [false, true]) {
      const store = await world.open({ name: `${world.name}-${full}` });
      const id = await fill(store, full);
      for (const [name, [read, shape]] of Object.entries(READERS)) {
        const result = await read(store, id);
        let records = [result];
        if (Array.isArray(shape)) records = result;
        if (shape.of) {
          isA(result, "page", `what ${name} returns`);
          records = result.items;
        }
        ok(records.length > 0, `${name} returns something`);
        for (const record of records) isA(record, shape.of ?? [shape].flat()[0], `a record from ${name}`);
      }
    }
  },

  "2.3 what is not there is null, false or nothing": async (world) => {
    const store = await world.openWithProjects();
    equal(await store.fetchProject("none"), null, "a project");
    equal(await store.deleteProject("none"), false, "deleting a project");
    equal(await store.fetchEntry("none"), null, "an entry");
    equal(await store.fetchEntry(""), null, "the entry without identifier");
    equal(await store.fetchAgentSession("none"), null, "a session");
    equal(await store.getAgentProject("none"), null, "an agent's project");
    equal(await store.heartbeatSession("none"), false, "touching a session");
    equal(await store.endSession("none"), false, "ending a session");
    equal(await store.expireSessions(0), [], "ending idle sessions");
    equal(await store.listAgentSessions(), [], "sessions");
    equal(await store.listAgentEvents(), [], "events");
    equal(await store.fetchRecentEntries({ project: "p" }), [], "entries");
    equal(await collect(store.iterateEntries({ project: "p" })), [], "an iteration");
    equal((await store.fetchMetrics("p")).lastUpdate, null, "the last update");
    const page = await store.queryEntriesPaginated({ project: "p" });
    const empty = { items: [], page: 1, pageSize: 50, totalCount: 0, totalPages: 0 };
    const ends = { hasNext: false, hasPrev: false, nextCursor: null, prevCursor: null };
    equal(page, { ...empty, ...ends }, "a page");
  },

  "2.5 an unknown project is not found by every method": async (world) => {
    const store = await world.openWithProjects();
    const gone = await store.upsertProject({ name: "gone", repoRoot: "", progressLogPath: "" });
    await store.deleteProject("gone");
    const methods = Object.entries(METHODS).filter(([, { args }]) => JSON.stringify(args()).includes('"p"'));
    let called = 0;
    for (const [name, { args }] of methods) {
      if (name === "upsertProject" || name === "fetchProject") continue;
      for (const project of ["none", gone]) {
        const replaced = args().map((argument) => replaceProject(argument, project));
        const call = () => callMethod(store, name, replaced);
        const says = typeof project === "string" ? "none" : String(gone.id);
        await rejects(call, "not_found", says, `${name} of a project that does not exist`);
        called += 1;
      }
    }
    equal(called, 2 * 20, "twenty methods take a project");
    equal(called, 2 * 18, "eighteen methods take a project");
  },

  "4.1 the newest comes first, and ties go by seq": async (world) => {
    const store = await world.openWithProjects();
    for (const [entryId, ts] of Object.entries({
      a: 1000,
      b: new Date(3000),
      c: "1970-01-01",
      d: 1000,
      e: 1000.5,
    })) {
      await store.insertEntry(anEntry({ entryId, ts }));
    }
    const order = ["b", "e", "d", "a", "c"];
    const ids = (entries) => entries.map(({ entryId }) => entryId);
    equal(ids(await store.fetchRecentEntries({ project: "p" })), order, "fetchRecentEntries");
    equal(ids(await store.queryEntries({ project: "p" })), order, "queryEntries");
    equal(ids(await collect(store.iterateEntries({ project: "p" }))), order, "iterateEntries");
  },

  "4.2 fifty is the default": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(60));
    equal((await store.fetchRecentEntries({ project: "p" })).length, 50, "fetchRecentEntries");
    equal((await store.queryEntries({ project: "p" })).length, 50, "queryEntries");
    const page = await store.fetchRecentEntriesPaginated({ project: "p" });
    equal([page.items.length, page.pageSize, page.totalCount, page.totalPages], [50, 50, 60, 2], "a page");
    for (let index = 0; index < 60; index += 1) {
      await store.upsertAgentSession("a", `s${index}`);
    }
    equal((await store.listAgentEvents()).length, 50, "listAgentEvents");
    equal((await store.listAgentEvents({ limit: 60 })).length, 60, "a limit of its own");
  },

  "4.3 filters are exact, and null means any": async (world) => {
    const store = await world.openWithProjects();
    for (const agent of ["a", "A", "", null]) await store.insertEntry(anEntry({ agent }));
    const count = (filters) => store.countEntries("p", filters);
    equal(await count(), 4, "no filters");
    equal(await count({}), 4, "empty filters");
    equal(await count({ agent: null, emoji: null }), 4, "null means any");
    equal(await count({ agent: "a" }), 1, "case counts");
    equal(await count({ agent: "" }), 1, "an empty name is a name");
    equal(await count({ emoji: "ℹ" }), 0, "an emoji without its selector is another one");
    equal((await store.fetchRecentEntries({ project: "p", filters: { agent: "A" } })).length, 1, "entries");
    for (const filters of [null, [], "a", new Map()]) {
      const call = () => store.countEntries("p", filters);
      await rejects(call, "invalid_argument", "filters", "filters are an object");
    }
  },

  "4.5 a message that is empty or null means any": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries([anEntry({ message: "" }), anEntry({ message: "Straße İ" })]);
    const count = (message, others) => store.countQueryEntries({ project: "p", message, ...others });
    for (const messageMode of [undefined, "substring", "exact", "regex"]) {
      for (const message of ["", null, undefined])
        equal(await count(message, { messageMode }), 2, "any message");
    }
    equal(await count("STRAßE"), 1, "folded by Unicode lower-casing");
    equal(await count("STRASSE"), 0, "lower-casing does not turn ß to ss");
    equal(await count("straße", { caseSensitive: true }), 0, "unless case counts");
    equal(await count("straße i̇", { messageMode: "exact" }), 1, "the whole message");
    for (const messageMode of ["fuzzy", "Regex", "", null, "constructor"]) {
      const call = () => count("x", { messageMode });
      await rejects(call, "invalid_argument", "`messageMode`", "another mode");
    }
  },

  "4.6 a bad pattern is refused, with the position": async (world) => {
    const store = await world.openWithProjects();
    const match = (message, others) =>
      store.countQueryEntries({ project: "p", message, messageMode: "regex", ...others });
    await store.insertEntry(anEntry({ message: "Zeile 1\nline ２ 😀" }));
    const patterns = { "(": 0, "a(?=b)": 1, "(?<!a)b": 0, "(a)\\1": 3, "a{2,1}": 1, "[z-a]": 1, "ä😀(": 3 };
    for (const [pattern, position] of Object.entries(patterns)) {
      const says = `position ${position}`;
      await rejects(() => match(pattern), "invalid_argument", says, `the pattern ${pattern}`);
    }
    await rejects(() => match("(a{1000}){1000}"), "invalid_argument", "large", "a pattern that is too large");
    equal(await match("^zeile \\d$"), 0, "a line is not the text");
    equal(await match("(?m)^zeile \\d$"), 1, "unless it is said to be");
    equal(await match("1.line"), 0, "a dot is no newline");
    equal(await match("\\d 😀$"), 1, "digits are those of Unicode");
    equal(await match("LINE", { caseSensitive: true }), 0, "case counts if it is said to");
  },

  "4.6 a search takes linear time": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntry(anEntry({ message: `${"a".repeat(20_000)}!` }));
    const began = performance.now();
    const query = { project: "p", message: "^(a+)+$", messageMode: "regex" };
    equal(await store.countQueryEntries(query), 0, "it does not match");
    ok(performance.now() - began < 5000, "a pattern that backtracks for ever elsewhere is quick");
  },

  "4.8 totals are exact, and a page past the end is empty": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(7));
    const pages = [];
    for (const page of [1, 2, 3, 4, 9]) {
      pages.push(await store.queryEntriesPaginated({ project: "p", page, pageSize: 3 }));
    }
    equal(
      pages.map(({ items, hasNext, hasPrev }) => [items.length, hasNext, hasPrev]),
      [
        [3, true, false],
        [3, true, true],
        [1, false, true],
        [0, false, true],
        [0, false, true],
      ],
      "items, next and previous",
    );
    for (const { totalCount, totalPages } of pages) equal([totalCount, totalPages], [7, 3], "the totals");
  },
};

function replaceProject(argument, project) {
  if (argument === "p") return project;
  if (Array.isArray(argument)) return argument.map((element) => replaceProject(element, project));
  return argument?.project === "p" ? { ...argument, project } : argument;
}
