// Calls as a careless or hostile caller makes them: what is valid, what is nearly so, and what is not at all.
//
// What is generated is a description, from which the values are made anew when the call is made: it can be printed,
// made smaller and repeated, although some of the values change or throw when they are looked at.

import fc from "fast-check";
import { ODDITIES } from "./oddities.mjs";

/** Stands for a value that is made when the call is. */
class Made {
  constructor(text, make) {
    this.text = text;
    this.make = make;
  }

  [fc.toStringMethod]() {
    return this.text;
  }
}

const odd = fc
  .constantFrom(...Object.keys(ODDITIES))
  .map((name) => new Made(`<${name}>`, () => ODDITIES[name]()));

/** Something that an earlier call returned. */
const earlier = (kind) =>
  fc.nat(999).map((place) => new Made(`<an earlier ${kind}>`, (context) => context.earlier(kind, place)));

/** Makes the values of a description. */
export function made(description, context) {
  if (description instanceof Made) return description.make(context);
  if (description instanceof Members) return description.made(context);
  if (description instanceof List) return description.items.map((item) => made(item, context));
  return description;
}

/** Stands for a list whose items are descriptions. */
class List {
  constructor(items) {
    this.items = items;
  }

  [fc.toStringMethod]() {
    return fc.stringify(this.items);
  }
}

/** Stands for an object whose members are descriptions. */
class Members {
  constructor(how, members) {
    this.how = how;
    this.members = members;
  }

  made(context) {
    const object = this.how === "bare" ? Object.create(null) : {};
    for (const [key, description] of this.members) {
      const value = made(description, context);
      const member = this.how === "getters" ? { get: () => value } : { value, writable: true };
      Object.defineProperty(object, key, { ...member, enumerable: true, configurable: true });
    }
    if (this.how === "frozen") return Object.freeze(object);
    return this.how === "proxy" ? new Proxy(object, {}) : object;
  }

  [fc.toStringMethod]() {
    return `${this.how} ${fc.stringify(this.members)}`;
  }
}

const weighted = (...pairs) => fc.oneof(...pairs.map(([weight, arbitrary]) => ({ weight, arbitrary })));

// ---------------------------------------------------------------- values

const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
  .map((codes) => String.fromCharCode(...codes));

const text = weighted(
  [6, fc.constantFrom("p", "q", "r", "a", "b", "m")],
  [
    2,
    fc.constantFrom(
      "",
      "\0",
      "\ud800",
      "\udc00x",
      "__proto__",
      "constructor",
      "toString",
      "ß İ ſ",
      "✅",
      "⚠️",
    ),
  ],
  [1, units],
  [1, fc.string({ unit: "binary", maxLength: 30 })],
  [1, fc.constantFrom(1000, 70_000).map((length) => new Made(`<${length} x>`, () => "x".repeat(length)))],
);

const number = weighted(
  [3, fc.integer({ min: 0, max: 60 })],
  [
    2,
    fc.constantFrom(
      0,
      -0,
      1,
      1000,
      1001,
      2 ** 31,
      2 ** 32,
      2 ** 53 - 1,
      2 ** 53,
      2 ** 53 + 2,
      2 ** 64,
      1e300,
    ),
  ],
  [1, fc.constantFrom(-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324)],
  [1, fc.double()],
);

const time = weighted(
  [4, fc.integer({ min: 0, max: 2e12 })],
  [
    2,
    fc
      .date({ noInvalidDate: false, min: new Date(-7e13), max: new Date(3e14) })
      .map((date) => new Made(`<${+date} as a Date>`, () => new Date(date))),
  ],
  [
    2,
    fc.constantFrom("2026-01-31", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59.9999999Z", "10000-01-01"),
  ],
  [
    1,
    fc.constantFrom("2026-01-31T23:59:60Z", "0001-01-01T00:00:00+23:59", "2026-01-31 08:15:00 UTC", "12:00"),
  ],
  [1, fc.constantFrom(8.64e15, -8.64e15, -62_135_596_800_000, 253_402_300_799_999, 0.0005, -0, 1e300)],
  [1, fc.oneof(fc.double(), text)],
);

const plain = fc.anything({ withNullPrototype: true, maxDepth: 3 });

const key = weighted(
  [4, fc.constantFrom("a", "b", "a.b", "list.0", "meta", "metadata", "project")],
  [
    2,
    fc.constantFrom("__proto__", "constructor", "toJSON", "then", "", "\ud800", ".", "a..b", "0", "length"),
  ],
  [1, units],
);

/** Anything but what was asked for. */
const wrong = fc.oneof(odd, plain, text, number, time, fc.constantFrom(undefined, null, true, false));

const orWrong = (value, weight = 60) => weighted([weight, value], [1, wrong]);

const how = weighted([8, fc.constant("plain")], [1, fc.constantFrom("bare", "frozen", "proxy", "getters")]);

/** An object with these members, some missing, now and then one too many. */
function object(members, optional = Object.keys(members)) {
  const present = Object.entries(members).map(([name, value]) =>
    fc
      .tuple(
        weighted([optional.includes(name) ? 1 : 40, fc.constant(true)], [1, fc.constant(false)]),
        orWrong(value),
      )
      .map(([isThere, description]) => (isThere ? [[name, description]] : [])),
  );
  const more = weighted(
    [40, fc.constant([])],
    [1, fc.tuple(fc.oneof(key, fc.string()), wrong).map((member) => [member])],
  );
  return fc.tuple(how, fc.tuple(...present, more)).map(([made, parts]) => new Members(made, parts.flat()));
}

const meta = weighted(
  [
    4,
    fc
      .array(fc.tuple(key, weighted([9, plain], [3, fc.oneof(text, number)], [1, odd])), { maxLength: 4 })
      .map((members) => new Members("plain", members)),
  ],
  [1, fc.constantFrom(null, undefined)],
  [1, odd],
);

/** What is mostly in order, for entries: one mistake refuses a whole list of them. */
const usualTime = weighted([12, fc.integer({ min: 0, max: 2e12 })], [1, time]);
const usualMeta = weighted(
  [
    8,
    fc.array(fc.tuple(key, fc.jsonValue()), { maxLength: 4 }).map((members) => new Members("plain", members)),
  ],
  [1, meta],
);

const name = fc.constantFrom("p", "q", "r");
const project = weighted([8, name], [2, earlier("project")], [1, text]);

const pattern = fc
  .array(
    fc.constantFrom(
      ..."a b m . \\w \\d \\b ^ $ * + ? | ( ) (?: (?i) (?= [ ] [^ - && {2} {0,9} {1000} \\1 \\p{L} 😀 ſ \ud800".split(
        " ",
      ),
    ),
    { maxLength: 12 },
  )
  .map((tokens) => tokens.join(""));

const list = (item, maxLength = 4) => fc.array(orWrong(item), { maxLength }).map((items) => new List(items));

/** A signal that is not given: what an aborted one does is no error of the package's. */
const signal = fc.constant(new Made("<a signal>", () => new AbortController().signal));

const criteria = {
  signal,
  project,
  start: time,
  end: time,
  agents: list(text),
  emojis: list(text),
  message: fc.oneof(text, pattern),
  messageMode: fc.constantFrom("substring", "exact", "regex", "regex"),
  caseSensitive: fc.boolean(),
  metaFilters: fc
    .array(fc.tuple(key, orWrong(fc.oneof(text, number, fc.constantFrom(null, true, false)))), {
      maxLength: 3,
    })
    .map((members) => new Members("plain", members)),
};

const filters = object({ agent: text, emoji: text });
const window = { limit: number, offset: number };
const page = { page: number, pageSize: fc.integer({ min: 0, max: 1001 }), cursor: earlier("cursor") };
const numbered = { page: number, pageSize: fc.integer({ min: 1, max: 100 }) };

/** What must be there, or the call would hardly ever get anywhere. */
const needs = (members, ...optional) => object(members, optional);

const someOf = (members, ...required) =>
  object(
    members,
    Object.keys(members).filter((member) => !required.includes(member)),
  );

const entry = weighted(
  [
    9,
    needs(
      {
        entryId: weighted([9, fc.uuid()], [1, text]),
        project,
        ts: usualTime,
        emoji: text,
        agent: text,
        message: text,
        meta: usualMeta,
        rawLine: text,
        sha256: text,
      },
      "agent",
      "meta",
    ),
  ],
  [1, earlier("entry")],
);

const session = fc.oneof(fc.constantFrom("s", "t"), text);
const documentMetadata = { metadata: meta };

// ---------------------------------------------------------------- texts to import

const lineOfJson = weighted(
  [
    8,
    fc
      .record(
        {
          project: name,
          entryId: fc.oneof(fc.uuid(), fc.constantFrom("a", "")),
          ts: fc.oneof(fc.integer({ min: 0, max: 2e12 }), fc.constantFrom("2026-01-31", "12:00", null)),
          message: fc.string({ unit: "binary", maxLength: 9 }),
          agent: fc.constantFrom("a", null, 1),
          meta: fc.jsonValue(),
          seq: fc.integer(),
          more: fc.constant(1),
        },
        { requiredKeys: ["project", "message"] },
      )
      .map((line) => JSON.stringify(line)),
  ],
  [
    1,
    fc.constantFrom("", "{}", "[]", "null", '{"message":', '{"__proto__":1}', "\ufeff{}", "x".repeat(70_000)),
  ],
);
const lineOfLog = weighted(
  [
    8,
    fc
      .tuple(
        fc.constantFrom("✅", "x", ""),
        fc.constantFrom("2026-01-31 08:15:00 UTC", "2026-02-30", ""),
        fc.string(),
      )
      .map(
        ([emoji, at, rest]) => `- [${emoji}] [${at}] [Agent: a] [Project: p] ${rest} | k=v; ${rest}=${rest}`,
      ),
  ],
  [1, fc.constantFrom("", "# Log", "[✅]", "- [✅] [2026-01-31 08:15:00 UTC] [Agent:", "[".repeat(70_000))],
);

/** Lines as a source: a string, or what a page or a file has. */
const sourceOf = (line) =>
  fc
    .tuple(
      fc.array(line, { maxLength: 6 }),
      fc.constantFrom("\n", "\r\n"),
      fc.constantFrom("text", "Blob", "stream"),
    )
    .map(([lines, end, how]) => {
      const whole = lines.join(end);
      if (how === "text") return whole;
      const make = { Blob: () => new Blob([whole]), stream: () => new Blob([whole]).stream() }[how];
      return new Made(`<a ${how} of ${fc.stringify(whole)}>`, make);
    });

/** A backup that was made before, whole or cut off. */
const backup = fc.tuple(fc.nat(999), fc.constantFrom(1, 1, 0.9, 0.5)).map(
  ([place, part]) =>
    new Made(`<${part} of an earlier backup>`, (context) => {
      const whole = new Blob(context.earlier("backup", place) ?? []);
      return whole.slice(0, Math.floor(whole.size * part));
    }),
);

const importOptions = {
  project,
  strict: fc.boolean(),
  // One that throws ends the import with what it throws, which is no error of the package's.
  onProgress: fc.constant(new Made("<a function>", () => () => {})),
  signal,
};

// ---------------------------------------------------------------- methods

const METHODS = {
  upsertProject: [needs({ name: text, repoRoot: text, progressLogPath: text })],
  fetchProject: [text],
  listProjects: [],
  deleteProject: [weighted([20, fc.constant("r")], [1, text])],
  fetchMetrics: [project],
  verifyProject: [project],
  insertEntry: [entry],
  insertEntries: [weighted([4, list(entry, 5)], [1, odd])],
  appendEntry: [
    someOf(
      {
        project,
        message: text,
        status: fc.constantFrom("info", "success", "warn", "error", "bug", "plan"),
        emoji: text,
        agent: text,
        meta: usualMeta,
        ts: usualTime,
        entryId: weighted([3, fc.uuid()], [1, text]),
      },
      "project",
      "message",
    ),
  ],
  fetchEntry: [fc.oneof(fc.uuid(), text)],
  fetchRecentEntries: [someOf({ project, ...window, filters }, "project")],
  fetchRecentEntriesPaginated: [someOf({ project, ...page, filters }, "project")],
  countEntries: [project, filters],
  queryEntries: [someOf({ ...criteria, ...window }, "project")],
  queryEntriesPaginated: [someOf({ ...criteria, ...page }, "project")],
  countQueryEntries: [someOf(criteria, "project")],
  iterateEntries: [someOf(criteria, "project")],
  tail: [someOf({ ...criteria, fromSeq: number }, "project")],
  subscribe: [fc.constant(new Made("<a listener>", () => () => {})), object({ project: name })],
  summarizeEntries: [
    someOf(
      {
        ...criteria,
        bucket: weighted(
          [3, fc.constantFrom("minute", "hour", "day")],
          [3, fc.constantFrom(1000, 9e7, 2e12)],
          [1, number],
        ),
        by: fc.constantFrom("agent", "emoji"),
      },
      "project",
      "bucket",
    ),
  ],
  // The other projects keep what they have.
  pruneEntries: [someOf({ project: fc.constant("r"), before: time, keepNewest: number }, "project")],
  exportJsonl: [someOf(criteria, "project")],
  exportProgressLog: [someOf(criteria, "project")],
  exportStore: [object({ signal })],
  importJsonl: [fc.oneof(sourceOf(lineOfJson), odd), object(importOptions)],
  importProgressLog: [fc.oneof(sourceOf(lineOfLog), odd), someOf(importOptions, "project")],
  importStore: [
    weighted([6, backup], [1, sourceOf(lineOfJson)], [1, odd]),
    object({ onProgress: importOptions.onProgress, signal }),
  ],
  storage: [object({ signal })],
  recordDocChange: [
    project,
    needs(
      {
        doc: text,
        section: text,
        action: text,
        agent: text,
        ...documentMetadata,
        shaBefore: text,
        shaAfter: text,
      },
      "section",
      "agent",
      "metadata",
    ),
  ],
  listDocChanges: [someOf({ project, doc: text, ...numbered }, "project")],
  recordAgentReportCard: [
    project,
    someOf(
      {
        filePath: text,
        agentName: text,
        stage: text,
        overallGrade: number,
        performanceLevel: text,
        ...documentMetadata,
      },
      "filePath",
      "agentName",
    ),
  ],
  listAgentReportCards: [someOf({ project, agentName: text, ...numbered }, "project")],
  upsertAgentSession: [text, session, meta],
  fetchAgentSession: [session],
  listAgentSessions: [object({ agentId: text, status: fc.constantFrom("active", "expired") })],
  heartbeatSession: [session],
  endSession: [session],
  expireSessions: [number],
  getAgentProject: [text],
  setAgentProject: [
    someOf(
      {
        agentId: text,
        projectName: fc.oneof(name, fc.constant(null)),
        expectedVersion: fc.integer({ min: 0, max: 3 }),
        updatedBy: text,
        sessionId: session,
      },
      "agentId",
      "projectName",
      "updatedBy",
      "sessionId",
    ),
  ],
  listAgentEvents: [
    object({
      agentId: text,
      eventType: fc.constantFrom("session_started", "conflict_detected"),
      limit: number,
    }),
  ],
};

/** What a method takes that this file does not know: anything that another one takes. */
const anything = orWrong(fc.oneof(...Object.values(METHODS).flat()), 4);

/** Calls of methods, by their names, as `{ name, args }`. */
export function callsOf(names) {
  const one = (name_) => {
    const known = METHODS[name_];
    const args = known
      ? fc.tuple(...known.map((argument) => orWrong(argument)))
      : fc.array(anything, { maxLength: 3 });
    const more = weighted([30, fc.constant([])], [1, fc.array(wrong, { maxLength: 2 })]);
    const fewer = weighted([30, fc.constant(9)], [1, fc.nat(1)]);
    return fc
      .tuple(args, more, fewer)
      .map(([all, others, count]) => ({ name: name_, args: new List([...all, ...others].slice(0, count)) }));
  };
  return fc.oneof(...names.map(one));
}

/** Options of `openStore`. */
export const openOptions = orWrong(
  object({
    name: text,
    backend: fc.constantFrom("memory", "memory", "indexeddb", "opfs"),
    durability: fc.constantFrom("relaxed", "strict", "full"),
    blockedTimeoutMs: number,
    cacheBytes: number,
    wasm: wrong,
  }),
  8,
);
