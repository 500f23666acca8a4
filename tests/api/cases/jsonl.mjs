// exportJsonl and importJsonl: lines of JSON.

import { equal, ok, rejects } from "../assertions.mjs";
import { cutAt, linesOf, streamOf, textOf, until } from "../streams.mjs";
import { anEntry, collect, someEntries } from "../world.mjs";

const encoder = new TextEncoder();

const line = (members) => JSON.stringify(anEntry(members));

/** A report of so many lines. */
const aReport = (members) => ({
  lines: 0,
  inserted: 0,
  duplicates: 0,
  skipped: 0,
  rejected: 0,
  errors: [],
  ...members,
});

/** What is left of entries that are inserted elsewhere. */
const withoutSeq = (entries) => entries.map(({ seq, ...entry }) => entry);

/** An empty store of its own. */
const anotherStore = async (world) => {
  const name = `${world.name}-other`;
  const store = await world.open({ name });
  for (const name of ["p", "q"]) await store.upsertProject({ name, repoRoot: "", progressLogPath: "" });
  return store;
};

export const cases = {
  "9.1 an export has every entry that matches as a line of JSON, newest first": async (world) => {
    const store = await world.openWithProjects();
    const meta = {
      text: 'a\nb "c" é😀\u2028',
      list: [1, { deep: null }],
      2: true,
      ["__proto__"]: { own: 1 },
    };
    const odd = {
      agent: null,
      message: "line\nfeed\r and \u0000",
      rawLine: "\n",
      meta: JSON.parse(JSON.stringify(meta)),
    };
    await store.insertEntries([...someEntries(1201), anEntry({ ...odd, ts: 0 }), anEntry({ project: "q" })]);
    const lines = linesOf(await textOf(store.exportJsonl({ project: "p" })));
    equal(
      lines.map((text) => JSON.parse(text)),
      await collect(store.iterateEntries({ project: "p" })),
      "each line is an entry as it is read",
    );
    const some = await textOf(store.exportJsonl({ project: "p", message: "feed", agents: null }));
    equal(linesOf(some).length, 1, "criteria hold");
    equal(await textOf(store.exportJsonl({ project: "p", message: "none" })), "", "nothing matches");
    ok(store.exportJsonl({ project: "p" }) instanceof ReadableStream, "it is a stream");
  },

  "9.1 an export reads no further than it is read": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(5000));
    const reader = store.exportJsonl({ project: "p" }).getReader();
    let calls = 0;
    const original = JSON.parse;
    // Every batch that comes from the module is parsed once.
    JSON.parse = (...args) => {
      calls += 1;
      return original(...args);
    };
    try {
      await new Promise((resolve) => setTimeout(resolve, 50));
      equal(calls, 0, "nothing is read before somebody asks");
      for (const pieces of [1, 2, 3]) {
        const { value } = await reader.read();
        ok(value instanceof Uint8Array && value.length > 0, "a piece of it");
        await new Promise((resolve) => setTimeout(resolve, 50));
        equal(calls, pieces, "as many batches as were asked for");
      }
      await reader.cancel();
      await new Promise((resolve) => setTimeout(resolve, 50));
      equal(calls, 3, "nothing more once it is cancelled");
    } finally {
      JSON.parse = original;
    }
    equal(await store.countEntries("p"), 5000, "the store can be used as before");
  },

  "9.1 an export stays in the snapshot of its first read": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(1500));
    const reader = store.exportJsonl({ project: "p" }).getReader();
    let text = new TextDecoder().decode((await reader.read()).value);
    await store.insertEntries(someEntries(10));
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      text += new TextDecoder().decode(piece.value);
    }
    equal(linesOf(text).length, 1500, "what was there when it began");
  },

  "9.1 mistakes and failures show when an export is read": async (world) => {
    const store = await world.openWithProjects();
    for (const name of ["exportJsonl", "exportProgressLog"]) {
      const mistakes = [
        [{ project: "none" }, "not_found"],
        [{ project: "p", limit: 1 }, "invalid_argument"],
        [{ project: "p", page: 1 }, "invalid_argument"],
        [{ project: "p", cursor: "x" }, "invalid_argument"],
        [{ project: "p", message: "(", messageMode: "regex" }, "invalid_argument"],
        [{ project: "p", signal: {} }, "invalid_argument"],
        [{ project: "p", agents: [1n] }, "invalid_argument"],
        [undefined, "invalid_argument"],
      ];
      for (const [query, code] of mistakes) {
        const stream = store[name](query);
        await new Promise((resolve) => setTimeout(resolve, 5));
        await rejects(textOf(stream), code, "", `${name} of ${query?.project}`);
        // Nobody reads this one, and nobody hears of it.
        store[name](query);
      }
    }
    await store.insertEntries(someEntries(1201));
    const reader = store.exportJsonl({ project: "p" }).getReader();
    await reader.read();
    await store.close();
    await rejects(reader.read(), "closed", "", "the rest, once the store is closed");
  },

  "9.4 a signal ends an export with its reason": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(1201));
    for (const name of ["exportJsonl", "exportProgressLog"]) {
      for (const pieces of [0, 1, 2]) {
        const controller = new AbortController();
        const reader = store[name]({ project: "p", signal: controller.signal }).getReader();
        for (let count = 0; count < pieces; count += 1) await reader.read();
        const next = pieces === 2 ? undefined : reader.read();
        const reason = { mine: true };
        controller.abort(reason);
        for (const read of [next, reader.read(), reader.closed]) {
          const error = await Promise.resolve(read).then(
            () => "none",
            (thrown) => thrown,
          );
          if (read) equal(error, reason, `${name} after ${pieces} pieces`);
        }
      }
      const aborted = store[name]({ project: "p", signal: AbortSignal.abort("before") });
      equal(await textOf(aborted).catch((reason) => reason), "before", "a signal that was aborted before");
      const { signal } = new AbortController();
      equal(linesOf(await textOf(store[name]({ project: "p", signal }))).length, 1201, "one that is not");
    }
  },

  "9.2 what was exported can be imported elsewhere, and comes back as it was": async (world) => {
    const store = await world.openWithProjects();
    // Some of them at the same time, in the midst of which chunks end.
    const entries = Array.from({ length: 5000 }, (_, index) =>
      anEntry({ ts: Math.floor(index / 700), meta: { index }, agent: index % 3 ? "a" : null }),
    );
    await store.insertEntries([...entries, ...someEntries(3, { project: "q" })]);
    const other = await anotherStore(world);
    for (const project of ["p", "q"]) {
      const count = await store.countEntries(project);
      const report = await other.importJsonl(store.exportJsonl({ project }));
      equal(report, aReport({ lines: count, inserted: count }), "everything is inserted");
      equal(
        withoutSeq(await collect(other.iterateEntries({ project }))),
        withoutSeq(await collect(store.iterateEntries({ project }))),
        "every entry, in the same order",
      );
    }
    const again = await other.importJsonl(store.exportJsonl({ project: "p" }));
    equal(again, aReport({ lines: 5000, duplicates: 5000 }), "a second time nothing happens");
    equal(
      await store.importJsonl(store.exportJsonl({ project: "p" }), { project: "q" }),
      again,
      "in one store",
    );
  },

  "9.2 a source may be a stream of bytes or text, a Blob, or a string, cut anywhere": async (world) => {
    const store = await world.openWithProjects();
    const text = `\uFEFF${line({ message: "é😀", ts: 1 })}\r\n\r\n${line({ message: "ü" })}\n \n${line()}`;
    const bytes = encoder.encode(text);
    const sources = {
      text: () => text,
      "a Blob": () => new Blob([text]),
      "a File": () => new File([text], "log"),
    };
    for (let at = 0; at <= bytes.length; at += 1) {
      sources[`bytes cut at ${at}`] = () => streamOf(cutAt(bytes, at));
    }
    for (let at = 0; at <= text.length; at += 7) {
      sources[`text cut at ${at}`] = () => streamOf([text.slice(0, at), text.slice(at)]);
    }
    sources["text cut in every pair"] = () => streamOf([...Array(text.length)].map((_, at) => text[at]));
    sources["single bytes"] = () => streamOf(cutAt(bytes, ...bytes.keys()));
    for (const [what, source] of Object.entries(sources)) {
      equal(await store.importJsonl(source()), aReport({ lines: 5, inserted: 3, skipped: 2 }), what);
      const [, , first] = await store.queryEntries({ project: "p" });
      equal(first.message, "é😀", `what is beyond ASCII, of ${what}`);
      await store.deleteProject("p");
      await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    }
    equal(await store.importJsonl(""), aReport(), "nothing at all");
    equal(await store.importJsonl("\n\r\n"), aReport({ lines: 2, skipped: 2 }), "blank lines");
  },

  "9.2 a chunk of a stream may be larger than the longest line": async (world) => {
    const store = await world.openWithProjects();
    const lines = someEntries(70).map((entry) => JSON.stringify({ ...entry, message: "m".repeat(1 << 20) }));
    const bytes = encoder.encode(lines.join("\n"));
    const report = await store.importJsonl(streamOf([bytes]));
    equal(report, aReport({ lines: 70, inserted: 70 }), "its lines are not");
  },

  "9.2 bad lines are reported with their numbers, and the rest is stored": async (world) => {
    const store = await world.openWithProjects();
    const bad = [
      ["{", "it is not JSON: "],
      ["[]", "JSON object"],
      ["null", "JSON object"],
      ['"text"', "JSON object"],
      [`${line()}${line()}`, ""],
      [line({ agent: 3 }), "`agent`"],
      [line({ colour: "red" }), '"colour"'],
      [line({ ts: "yesterday" }), "yesterday"],
      [line({ entryId: "" }), "`entryId`"],
      [line({ entryId: null }), "`entryId`"],
      [line({ rawLine: undefined }), "`rawLine`"],
      [line({ sha256: undefined }), "`sha256`"],
      [line({ meta: [] }), "`meta`"],
      [line({ project: "none" }), '"none" does not exist'],
      [line({ project: undefined }), "`project`"],
      [line({ project: "" }), "`project`"],
      [line({ project: { id: 1 } }), "`project`"],
      ['{"project":"p","ts":0,"message":"m","entryId":null}', "`entryId`"],
      // Read as JavaScript reads them, these would be infinite, and stored as `null`.
      [`{"meta":{"n":[-1E+0999]},${line().slice(1)}`, "too large"],
      [`{"meta":{"n":${"9".repeat(400)}},${line().slice(1)}`, "too large"],
      [`{"meta":${"[".repeat(200)}${"]".repeat(200)},${line().slice(1)}`, ""],
    ];
    const lines = bad.flatMap(([text]) => [line(), text]);
    const bytes = encoder.encode(`${lines.join("\n")}\n`);
    const wrong = Uint8Array.of(0x22, 0xff, 0x22, 0x0a);
    const source = new Blob([bytes, wrong, encoder.encode(line())]);
    const report = await store.importJsonl(source);
    const { errors, ...counts } = report;
    const all = bad.length + 1;
    equal(counts, { lines: 2 * all, inserted: all, duplicates: 0, skipped: 0, rejected: all }, "the counts");
    equal(
      errors.map((error) => error.line),
      [...bad.map((_, index) => 2 * index + 2), 2 * all - 1],
      "the numbers of the lines",
    );
    for (const [index, [text, says]] of [...bad, ["no UTF-8", "UTF-8"]].entries()) {
      const { message } = errors[index];
      ok(
        message.includes(says) && !message.includes("entries["),
        `"${message}" tells of ${text.slice(0, 60)}`,
      );
    }
    equal(await store.countEntries("p"), all, "the others are stored");
    const many = await store.importJsonl("x\n".repeat(4500));
    equal([many.rejected, many.errors.length, many.errors[99].line], [4500, 100, 100], "the first 100");
  },

  "9.3 strict: the first bad line ends the import, and its chunk is not stored": async (world) => {
    const store = await world.openWithProjects();
    const bad = {
      "no JSON": "{",
      "a wrong member": line({ agent: 3 }),
      "no project": line({ project: "none" }),
    };
    for (const [what, text] of Object.entries(bad)) {
      const source = () =>
        [...someEntries(2).map((entry) => JSON.stringify(entry)), text, line(), "{"].join("\n");
      const call = () => store.importJsonl(source(), { strict: true });
      await rejects(call, "invalid_argument", "line 3: ", what);
      equal(await store.countEntries("p"), 0, "nothing of that chunk is stored");
    }
    const lines = someEntries(5000).map((entry) => JSON.stringify(entry));
    const stored = [];
    const options = { strict: true, onProgress: ({ inserted }) => stored.push(inserted) };
    const call = () => store.importJsonl([...lines, "{"].join("\n"), options);
    await rejects(call, "invalid_argument", "line 5001: ", "a bad line in a later chunk");
    ok(stored.length > 0 && stored.at(-1) < 5000, "some chunks were stored");
    equal(await store.countEntries("p"), stored.at(-1), "and stay");
    equal(
      (await store.importJsonl(lines.join("\n"), { strict: true })).inserted,
      5000 - stored.at(-1),
      "the rest",
    );
  },

  "9.2 all lines go to the project that is given": async (world) => {
    const store = await world.openWithProjects();
    const q = await store.fetchProject("q");
    const entry = anEntry({ project: "elsewhere" });
    const { project: _, ...nowhere } = anEntry();
    const text = `${JSON.stringify(entry)}\n${JSON.stringify(nowhere)}\n{"ts":0,"message":"m"}`;
    for (const project of ["q", q]) {
      const expected = project === q ? { duplicates: 3 } : { inserted: 3 };
      equal(await store.importJsonl(text, { project }), aReport({ lines: 3, ...expected }), "into q");
    }
    equal((await store.fetchEntry(entry.entryId)).project, "q", "whatever a line says");
    for (const project of ["none", { ...q, id: 999 }]) {
      await rejects(
        () => store.importJsonl("", { project }),
        "not_found",
        "",
        "a project that does not exist",
      );
    }
    for (const project of ["", null, 1, {}]) {
      await rejects(() => store.importJsonl("", { project }), "invalid_argument", "`project`", "no project");
    }
  },

  "9.2 lines without an identifier and a log line are completed, always in the same way": async (world) => {
    const store = await world.openWithProjects();
    const twice = '{"project":"p","ts":"2026-01-31","message":"a\\nb","status":"warn","meta":{"n":1}}';
    const other =
      '{"project":"p","ts":"2026-01-31","message":"c","emoji":"🧪","agent":"Ada","entryId":"mine"}';
    const text = [twice, other, twice].join("\n");
    equal(await store.importJsonl(text), aReport({ lines: 3, inserted: 3 }), "equal lines are entries each");
    equal(await store.importJsonl(text), aReport({ lines: 3, duplicates: 3 }), "which are known again");
    const [second, mine, first] = await store.fetchRecentEntries({ project: "p" });
    ok(
      first.entryId !== second.entryId && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(first.entryId),
      "UUIDs",
    );
    equal(
      first.rawLine,
      `[⚠️] [2026-01-31 00:00:00 UTC] [Agent: Scribe] [Project: p] [ID: ${first.entryId}] a b | n=1`,
      "the canonical line",
    );
    equal([mine.entryId, mine.emoji, mine.agent], ["mine", "🧪", "Ada"], "what is given stays");
    equal((await store.verifyProject("p")).ok, true, "the hash fits");
    const { errors } = await store.importJsonl('{"project":"p","message":"m"}\n{"ts":0,"project":"p"}');
    ok(errors[0].message.includes("`ts`") && errors[1].message.includes("`message`"), "what must be there");
  },

  "9.2 of lines with the same identifier the first counts": async (world) => {
    const store = await world.openWithProjects();
    const [a, b] = ["a", "b"];
    const text = [
      line({ entryId: a, ts: 3, message: "first" }),
      line({ entryId: a, ts: 2, message: "second" }),
      line({ entryId: b, ts: 2, agent: 3 }),
      line({ entryId: b, ts: 1, message: "good" }),
    ].join("\n");
    const { inserted, duplicates, rejected } = await store.importJsonl(text);
    equal([inserted, duplicates, rejected], [2, 1, 1], "the counts");
    equal((await store.fetchEntry(a)).message, "first", "the first line");
    equal((await store.fetchEntry(b)).message, "good", "the first good line");
  },

  "9.2 an import reads no further ahead than what it stores at once": async (world) => {
    const store = await world.openWithProjects();
    let [asked, stored, ahead] = [0, 0, 0];
    // A line at a time, made when it is asked for.
    const source = new ReadableStream(
      {
        pull(controller) {
          if (asked === 9000) return controller.close();
          asked += 1;
          ahead = Math.max(ahead, asked - stored);
          return controller.enqueue(`${line({ ts: asked })}\n`);
        },
      },
      { highWaterMark: 0 },
    );
    const onProgress = ({ lines }) => {
      stored = lines;
    };
    equal((await store.importJsonl(source, { onProgress })).inserted, 9000, "all of it");
    ok(ahead < 4000, `${ahead} lines were read and not stored`);
  },

  "9.2 an import tells how far it is": async (world) => {
    const store = await world.openWithProjects();
    const text = `${someEntries(4500)
      .map((entry) => JSON.stringify(entry))
      .join("\n")}\nx\n`;
    const { size } = new Blob([text]);
    for (const [source, totalBytes] of [
      [text, size],
      [new Blob([text]), size],
      [streamOf([text]), null],
    ]) {
      const seen = [];
      const report = await store.importJsonl(source, { onProgress: (progress) => seen.push(progress) });
      const { skipped, errors, ...last } = report;
      equal(seen.at(-1), { ...last, bytes: size, totalBytes }, "at the end everything");
      ok(seen.length >= 3, "in steps");
      for (const [index, { lines, bytes }] of seen.entries()) {
        const before = seen[index - 1] ?? { lines: 0, bytes: 0 };
        ok(lines >= before.lines && bytes >= before.bytes && bytes <= size, "forward");
      }
    }
    const cause = new Error("mine");
    const call = store.importJsonl(`${line()}\n`, {
      onProgress: () => {
        throw cause;
      },
    });
    equal(await call.catch((error) => error), cause, "what it throws ends the import");
  },

  "9.4 a signal ends an import with its reason, between chunks": async (world) => {
    const store = await world.openWithProjects();
    const lines = someEntries(9000).map((entry) => `${JSON.stringify(entry)}\n`);
    const controller = new AbortController();
    const reason = new Error("enough");
    let cancelled;
    const source = streamOf(lines, {
      onCancel: (why) => {
        cancelled = why;
      },
    });
    const seen = [];
    const onProgress = ({ inserted }) => {
      seen.push(inserted);
      if (seen.length === 2) controller.abort(reason);
    };
    const { signal } = controller;
    const call = store.importJsonl(source, { onProgress, signal });
    equal(await call.catch((error) => error), reason, "it rejects with the reason");
    await until(() => cancelled !== undefined);
    equal(cancelled, reason, "the source is cancelled");
    equal(await store.countEntries("p"), seen.at(-1), "what was stored stays");
    ok(seen.at(-1) < 9000, "it did not go on");

    const never = new ReadableStream({});
    const waiting = new AbortController();
    const stuck = store.importJsonl(never, { signal: waiting.signal });
    setTimeout(() => waiting.abort(reason), 10);
    equal(await stuck.catch((error) => error), reason, "also while it waits for the source");
    const before = store.importJsonl(lines.join(""), { signal: AbortSignal.abort(reason) });
    equal(await before.catch((error) => error), reason, "or before it began");
    equal(await store.countEntries("p"), seen.at(-1), "nothing more is stored");
    const nothing = new AbortController();
    const aborted = store.importJsonl(lines.join(""), {
      onProgress: () => nothing.abort(null),
      signal: nothing.signal,
    });
    equal(await aborted.catch((error) => error), null, "whatever the reason is");
    await store.importJsonl(lines.join(""));
    equal(await store.countEntries("p"), 9000, "it can be done again");
  },

  "9.2 a source that fails, or is none, rejects": async (world) => {
    const store = await world.openWithProjects();
    const cause = new Error("the line dropped");
    const failing = streamOf([`${line()}\n`], { fail: cause });
    const error = await rejects(
      store.importJsonl(failing),
      "invalid_argument",
      "the line dropped",
      "a failure",
    );
    equal(error.cause, cause, "the cause is kept");
    const locked = streamOf([""]);
    locked.getReader();
    await rejects(() => store.importJsonl(locked), "invalid_argument", "", "a stream that somebody reads");
    await rejects(() => store.importJsonl(streamOf([1])), "invalid_argument", "neither", "numbers");
    for (const source of [undefined, null, 1, {}, [], new Uint8Array(3)]) {
      await rejects(() => store.importJsonl(source), "invalid_argument", "`source`", String(source));
    }
    const mistakes = {
      strict: [0, null, "yes"],
      onProgress: [1, {}, null],
      signal: [1, {}, null],
      limit: [1],
    };
    for (const [key, values] of Object.entries(mistakes)) {
      for (const value of values) {
        const call = () => store.importJsonl("", { [key]: value });
        await rejects(call, "invalid_argument", key, `${key}: ${String(value)}`);
      }
    }
    equal(await store.countEntries("p"), 0, "nothing was stored");
  },

  "9.2 a long line is a line": async (world) => {
    const store = await world.openWithProjects();
    const message = "é".repeat(3_000_000);
    const bytes = encoder.encode(`${line()}\n${line({ entryId: "long", message })}\n${line()}\n`);
    const pieces = [];
    for (let at = 0; at < bytes.length; at += 50_000) pieces.push(bytes.slice(at, at + 50_000));
    equal((await store.importJsonl(streamOf(pieces))).inserted, 3, "lines of any length");
    equal((await store.fetchEntry("long")).message === message, true, "nothing of it is lost");
  },
};
