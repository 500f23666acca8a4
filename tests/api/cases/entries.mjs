// Entries as they come back, and what appending fills in.

import { equal, ok, rejects } from "../assertions.mjs";
import { anEntry } from "../world.mjs";

/** Texts that are lost or changed where strings are cut, normalised, or taken for C strings. */
const TEXTS = {
  "NUL characters": "a\0b\0",
  "variation selectors": "⚠️⚠︎ℹ️❤️❤",
  "joined emojis": "👩🏽‍💻👨‍👩‍👧🏳️‍🌈🇩🇪",
  "what normalisation would change": "e\u0301é\u212B\uFB01",
  "line ends": "a\nb\r\nc\rd\u2028e\u2029f",
  "what JSON escapes": '"\\/\b\f\t\u001F\u007F</script>',
  "a byte order mark": "\uFEFFa\uFFFE\uFFFF",
  "text from right to left": "שלום \u202Eabc\u202C مرحبا",
  "characters beyond the first plane": "𝒜𐍈😀\u{10FFFF}",
  "white space alone": " \u00A0\t",
  nothing: "",
};

export const cases = {
  "3.2 strings come back exactly": async (world) => {
    const store = await world.openWithProjects();
    for (const [what, text] of Object.entries(TEXTS)) {
      const entry = anEntry({
        entryId: `id ${text}`,
        emoji: text,
        agent: text,
        message: text,
        meta: { [text]: text, list: [text] },
        rawLine: text,
        sha256: text,
      });
      ok(await store.insertEntry(entry), `an entry with ${what} is inserted`);
      const { seq: _, ts: __, ...stored } = await store.fetchEntry(entry.entryId);
      const { ts: ___, ...given } = entry;
      equal(stored, given, `${what} come back exactly`);
      const found = await store.queryEntries({ project: "p", agents: [text], emojis: [text] });
      equal(found.length, 1, `${what} are found by agent and emoji`);
    }
  },

  "3.2 names with any characters are exact": async (world) => {
    const store = await world.open();
    for (const name of Object.values(TEXTS).filter((text) => text !== "")) {
      await store.upsertProject({ name, repoRoot: name, progressLogPath: name });
      const { name: stored, repoRoot } = await store.fetchProject(name);
      equal([stored, repoRoot], [name, name], "a project's strings come back exactly");
    }
    equal(await store.fetchProject("é"), null, "names are not normalised");
  },

  "3.2 a lone surrogate becomes U+FFFD, a pair stays": async (world) => {
    const store = await world.openWithProjects();
    const lone = "a\uD800b\uDC00\uDBFFc\uD83D\uDE00\uDE00\\uD800";
    const expected = "a\uFFFDb\uFFFD\uFFFDc😀\uFFFD\\uD800";
    const entry = anEntry({
      entryId: lone,
      emoji: lone,
      agent: lone,
      message: lone,
      meta: { [lone]: lone },
      rawLine: lone,
      sha256: lone,
    });
    await store.insertEntry(entry);
    for (const id of [lone, expected]) {
      const { seq: _, ts: __, project: ___, ...strings } = await store.fetchEntry(id);
      for (const value of Object.values({ ...strings, meta: undefined }).filter(Boolean)) {
        equal(value, expected, "each half of a pair that is alone");
      }
      equal(strings.meta, { [expected]: expected }, "in metadata as well");
    }
    equal(await store.countQueryEntries({ project: "p", agents: [lone] }), 1, "in criteria as well");
    const { name } = await store.upsertProject({ name: lone, repoRoot: "", progressLogPath: "" });
    equal(name, expected, "in names as well");
    equal((await store.fetchProject(lone)).name, expected, "which are found by what was given");
  },

  "3.2 a message of ten megabytes comes back": async (world) => {
    const store = await world.openWithProjects();
    const message = "0123456789 äöü ✅\n".repeat(600_000);
    ok(message.length > 10_000_000, "it is that long");
    const entry = anEntry({ message });
    await store.insertEntry(entry);
    const stored = await store.fetchEntry(entry.entryId);
    ok(stored.message === message, "it comes back exactly");
    equal(await store.countQueryEntries({ project: "p", message: "ÄÖÜ ✅" }), 1, "it can be searched");
  },

  "3.1 a second insert of an identifier changes nothing": async (world) => {
    const store = await world.openWithProjects();
    const entry = anEntry({ emoji: "✅" });
    equal(await store.insertEntry(entry), true, "the first insert");
    const before = await store.fetchEntry(entry.entryId);
    equal(await store.insertEntry({ ...entry, message: "other" }), false, "the second insert");
    equal(await store.insertEntry({ ...entry, project: "q" }), false, "an insert in another project");
    equal(await store.fetchEntry(entry.entryId), before, "the entry stays");
    equal((await store.fetchMetrics("q")).totalEntries, 0, "no metric changes");
  },

  "3.3 a read entry can be inserted elsewhere": async (world) => {
    const store = await world.openWithProjects();
    const read = await store.appendEntry({ project: "p", message: "m", agent: "a", meta: { a: [1] } });
    equal(await store.insertEntry(read), false, "as it is, it is there already");
    const copy = { ...read, entryId: "copy", project: "q", seq: 77 };
    equal(await store.insertEntry(copy), true, "under another identifier it is new");
    equal(await store.fetchEntry("copy"), { ...copy, seq: 1 }, "with all it had, but a place of its own");
    equal(await store.insertEntries([read, copy]), { inserted: 0, duplicates: 2 }, "in a list as well");
  },

  "3.5 appending completes an entry": async (world) => {
    const store = await world.openWithProjects();
    const before = Date.now();
    const entry = await store.appendEntry({
      project: "p",
      message: "a | b\nc",
      meta: { b: [1, "|"], a: "x\ny" },
    });
    const { entryId, ts, rawLine, sha256, ...others } = entry;
    equal(
      others,
      {
        project: "p",
        seq: 1,
        emoji: "ℹ️",
        agent: null,
        message: "a | b\nc",
        meta: { a: "x\ny", b: [1, "|"] },
      },
      "what was given, and the defaults",
    );
    ok(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(entryId), "a UUIDv7");
    const time = Date.parse(ts);
    ok(time >= before && time <= Date.now(), "the time is now");
    const day = `${ts.slice(0, 10)} ${ts.slice(11, 19)} UTC`;
    const line = `[ℹ️] [${day}] [Agent: Scribe] [Project: p] [ID: ${entryId}] a   b c | a=x y; b=[1," "]`;
    equal(rawLine, line, "the canonical line");
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(rawLine));
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    equal(sha256, hex, "the line's hash");
    equal(await store.fetchEntry(entryId), entry, "it is what is stored");
  },

  "3.5 identifiers that one store makes ascend, also within a millisecond": async (world) => {
    const store = await world.openWithProjects();
    const append = (_, index) => store.appendEntry({ project: "p", message: `${index}` });
    const entries = await Promise.all(Array.from({ length: 500 }, append));
    const made = entries.map(({ entryId }) => entryId);
    equal(new Set(made).size, 500, "no identifier twice");
    equal(made, [...made].sort(), "in the order of the calls");
  },

  "3.5 status gives the emoji, and an emoji wins": async (world) => {
    const store = await world.openWithProjects();
    const emojis = {
      info: "\u2139\uFE0F",
      success: "\u2705",
      warn: "\u26A0\uFE0F",
      error: "\u274C",
      bug: "\u{1F41E}",
      plan: "\u{1F9ED}",
    };
    for (const [status, expected] of Object.entries(emojis)) {
      const { emoji } = await store.appendEntry({ project: "p", message: "m", status });
      equal(emoji, expected, `the emoji of ${status}`);
    }
    const { emoji } = await store.appendEntry({ project: "p", message: "m", status: "bug", emoji: "" });
    equal(emoji, "", "an emoji wins, even an empty one");
    for (const status of ["", "Info", "constructor", "__proto__", null]) {
      const call = () => store.appendEntry({ project: "p", message: "m", status });
      await rejects(call, "invalid_argument", "`status`", `${status} is no status`);
    }
  },

  "3.5 an identifier makes a retry harmless": async (world) => {
    const store = await world.openWithProjects();
    const first = await store.appendEntry({ project: "p", message: "m", entryId: "once" });
    const again = await store.appendEntry({ project: "q", message: "other", entryId: "once" });
    equal(again, first, "the entry that was there");
    equal(await store.countEntries("q"), 0, "nothing else is stored");
    const call = () => store.appendEntry({ project: "p", message: "m", entryId: "" });
    await rejects(call, "invalid_argument", "`entryId`", "an empty identifier");
  },

  "3.6 only exact emojis are counted": async (world) => {
    const store = await world.openWithProjects();
    for (const emoji of ["✅", "✅️", "⚠️", "⚠", "❌", "❌", "❌️", " ✅", ""]) {
      await store.insertEntry(anEntry({ emoji }));
    }
    const { lastUpdate, ...counts } = await store.fetchMetrics("p");
    equal(counts, { totalEntries: 9, successCount: 1, warnCount: 1, errorCount: 2 }, "by exact string");
    equal(lastUpdate, "2023-11-14T22:13:20.000000Z", "the latest time of any entry");
  },

  "3.8 calls that are not awaited take effect in their order": async (world) => {
    const store = await world.open();
    const project = { name: "p", repoRoot: "", progressLogPath: "" };
    const calls = [store.upsertProject(project)];
    for (let index = 0; index < 20; index += 1) {
      calls.push(store.appendEntry({ project: "p", message: `append ${index}` }));
      calls.push(store.insertEntry(anEntry({ message: `insert ${index}` })));
    }
    calls.push(store.deleteProject("p"), store.upsertProject(project));
    calls.push(store.insertEntry(anEntry({ message: "new" })));
    const results = await Promise.all(calls);
    const seqs = results.slice(1, 41).filter((_, index) => index % 2 === 0);
    equal(
      seqs.map(({ seq, message }) => [seq, message]),
      seqs.map((_, index) => [2 * index + 1, `append ${index}`]),
      "entries have the order of the calls",
    );
    equal(results[41], true, "the project was deleted after them");
    ok(results[42].id > results[0].id, "and made anew after that");
    const left = await store.fetchRecentEntries({ project: "p" });
    equal(
      left.map(({ message, seq }) => [message, seq]),
      [["new", 1]],
      "the last call is all that is left",
    );
  },

  "3.8 a call that fails leaves the others alone": async (world) => {
    const store = await world.openWithProjects();
    const good = () => store.insertEntry(anEntry());
    const calls = [good(), store.insertEntry(anEntry({ project: "none" })), good()];
    calls.push(store.insertEntry({}), good(), store.appendEntry({ project: "none", message: "m" }), good());
    const settled = await Promise.allSettled(calls);
    equal(
      settled.map(({ value, reason }) => value ?? reason.code),
      [true, "not_found", true, "invalid_argument", true, "not_found", true],
      "each call has its own outcome",
    );
    equal(await store.countEntries("p"), 4, "the good ones are stored");
  },
};

export const casesOnIndexedDb = {
  "3.8 calls that are not awaited share transactions": async (world) => {
    const store = await world.openWithProjects();
    const { prototype } = IDBDatabase;
    const { transaction } = prototype;
    let writes = 0;
    prototype.transaction = function (tables, mode, options) {
      if (mode === "readwrite") writes += 1;
      return transaction.call(this, tables, mode, options);
    };
    try {
      const calls = Array.from({ length: 200 }, (_, index) =>
        store.appendEntry({ project: "p", message: `m ${index}` }),
      );
      const entries = await Promise.all(calls);
      equal(entries.at(-1).seq, 200, "all are stored, in order");
      ok(writes > 0 && writes <= 10, `200 appends take a few transactions, not ${writes}`);
    } finally {
      prototype.transaction = transaction;
    }
  },
};
