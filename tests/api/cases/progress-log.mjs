// exportProgressLog and importProgressLog: Markdown lines of a progress log.

import { equal, ok, rejects } from "../assertions.mjs";
import { cutAt, linesOf, streamOf, textOf } from "../streams.mjs";
import { anEntry, collect } from "../world.mjs";

const ID = "0f8fad5b-d9cb-469f-a165-70867728950e";

/** A line of a log. */
const line = ({ time = "2026-01-31 08:15:00 UTC", agent = "Ada", id = "", text = "Done" } = {}) =>
  `[✅] [${time}] [Agent: ${agent}] [Project: p]${id && ` [ID: ${id}]`} ${text}`;

/** What a store makes of lines. */
async function read(store, ...lines) {
  const report = await store.importProgressLog(lines.join("\n"), { project: "p" });
  equal([report.inserted, report.rejected], [lines.length, 0], lines.join("\n").slice(0, 200));
  const entries = (await store.queryEntries({ project: "p", limit: lines.length })).reverse();
  await store.deleteProject("p");
  await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
  return entries;
}

const hash = async (text) => {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

export const cases = {
  "9.5 a line of a progress log is an entry": async (world) => {
    const store = await world.openWithProjects();
    const text = line({ id: ID, text: 'Built | files=3; list=[1,{"a":"x; y=1"}]; note=a = b; c' });
    const [{ sha256, ...entry }] = await read(store, text);
    equal(
      entry,
      {
        entryId: ID,
        project: "p",
        seq: 1,
        ts: "2026-01-31T08:15:00.000000Z",
        emoji: "✅",
        agent: "Ada",
        message: "Built",
        meta: { files: "3", list: [1, { a: "x; y=1" }], note: "a = b; c" },
        rawLine: text,
      },
      "every part of it",
    );
    ok(/^[\da-f]{64}$/.test(sha256), "the hash of the line");
    if (globalThis.crypto?.subtle) equal(sha256, await hash(text), "the hash of the line");
  },

  "9.5 identifiers, metadata, list markers and times are free": async (world) => {
    const store = await world.openWithProjects();
    const forms = {
      [line({ text: "no bar" })]: { message: "no bar", meta: {} },
      [line({ text: "a | b" })]: { message: "a | b", meta: {} },
      [line({ text: "a | b | k=v" })]: { message: "a | b", meta: { k: "v" } },
      [line({ text: "a | k=v | l" })]: { message: "a", meta: { k: "v | l" } },
      [line({ text: "a | =v" })]: { message: "a | =v", meta: {} },
      [line({ text: "a | k=" })]: { message: "a", meta: { k: "" } },
      [line({ text: "a | k={broken; l=[; m=[1" })]: { message: "a", meta: { k: "{broken", l: "[", m: "[1" } },
      [line({ text: "a | k=[1] and more; l={}" })]: { message: "a", meta: { k: "[1] and more", l: {} } },
      [line({ text: "a | __proto__=1; k=1; k=2" })]: { meta: JSON.parse('{"__proto__":"1","k":"2"}') },
      [line({ text: "" })]: { message: "" },
      [line({ text: "" }).trimEnd()]: { message: "" },
      [line({ id: "x", text: "" }).trimEnd()]: { entryId: "x", message: "" },
      [line({ text: "[link](there) [ID: no]" })]: { message: "[link](there) [ID: no]" },
      [line({ text: "two  spaces " })]: { message: "two  spaces " },
      [line({ agent: "a] b" })]: { agent: "a] b" },
      [line({ agent: "" })]: { agent: "" },
      [`- ${line()}`]: { message: "Done", rawLine: `- ${line()}` },
      [`\t*  ${line()}`]: { message: "Done" },
      [`  12. ${line()}`]: { message: "Done" },
      [line({ time: "2026-01-31T09:15:00+01:00" })]: { ts: "2026-01-31T08:15:00.000000Z" },
      [line({ time: "2026-01-31T08:15:00.123456Z" })]: { ts: "2026-01-31T08:15:00.123456Z" },
      [line({ time: "2026-01-31 08:15:00" })]: { ts: "2026-01-31T08:15:00.000000Z" },
      [line({ time: "2026-01-31" })]: { ts: "2026-01-31T00:00:00.000000Z" },
    };
    for (const [text, expected] of Object.entries(forms)) {
      const [entry] = await read(store, text);
      for (const [key, value] of Object.entries(expected)) equal(entry[key], value, `${key} of "${text}"`);
      equal(entry.rawLine, text, "the line as it stands");
    }
  },

  "9.5 a long line is read in time that its length is in proportion to": async (world) => {
    const store = await world.openWithProjects();
    // Each of these looks as if it might go on to the end of the line.
    for (const piece of ["; k=[", '; k={"', "; x", "; k=[]]"]) {
      const text = line({ text: `a | k=v${piece.repeat(200_000)}` });
      const start = performance.now();
      const [entry] = await read(store, text);
      equal(entry.rawLine === text, true, "the line as it stands");
      const ms = performance.now() - start;
      ok(ms < 5000, `"${piece}" took ${ms} ms`);
    }
    const [entry] = await read(store, line({ text: "a | k=[1e999]; l=[1e9]" }));
    equal(entry.meta, { k: "[1e999]", l: [1e9] }, "a number that is none is text");
  },

  "9.5 what is no entry is skipped, and a bad time is reported": async (world) => {
    const store = await world.openWithProjects();
    const text = [
      "# Progress log",
      "",
      line({ text: "first" }),
      "  - [ ] a task",
      "[✅] [2026-01-31 08:15:00 UTC] [Agent: Ada] no project",
      "> text",
      line({ time: "yesterday" }),
      "[[[[",
      line({ text: "second" }),
    ].join("\r\n");
    const report = await store.importProgressLog(text, { project: "p" });
    const { errors, ...counts } = report;
    equal(counts, { lines: 9, inserted: 2, duplicates: 0, skipped: 6, rejected: 1 }, "the counts");
    equal(errors[0].line, 7, "the bad line");
    ok(errors[0].message.includes("yesterday"), errors[0].message);
    const call = () => store.importProgressLog(text, { project: "q", strict: true });
    await rejects(call, "invalid_argument", "line 7", "strict");
    equal(await store.countEntries("q"), 0, "nothing is stored");
  },

  "9.5 importing a log again changes nothing, with identifiers and without": async (world) => {
    const store = await world.openWithProjects();
    const [one, other] = [line(), line({ time: "2026-01-31 08:15:01 UTC" })];
    const log = [one, line({ id: ID }), one, other, one, other];
    const counts = async (lines, project = "p") => {
      const { inserted, duplicates } = await store.importProgressLog(lines.join("\n"), { project });
      return [inserted, duplicates];
    };
    equal(await counts(log), [4, 2], "the same again is another entry, unless there is another time between");
    equal(await counts(log), [0, 6], "all are known");
    equal(await counts([...log, line({ text: "new" })]), [1, 6], "what is new is added");
    equal(await counts([one], "q"), [1, 0], "in another project it is another entry");
    equal(await counts([line({ id: ID })], "q"), [0, 1], "but an identifier is one in the whole store");
  },

  "9.5 a log is exported oldest first, as its lines are stored": async (world) => {
    const store = await world.openWithProjects();
    const own = Array.from({ length: 1300 }, (_, index) => {
      const time = new Date(1_700_000_000_000 + 1000 * Math.floor(index / 3)).toISOString();
      return `- ${line({ time, text: `entry ${index} | n=${index}`, id: index % 2 ? `id-${index}` : "" })}`;
    });
    const text = `${own.join("\n")}\n`;
    equal((await store.importProgressLog(text, { project: "p" })).inserted, 1300, "all are inserted");
    equal(await textOf(store.exportProgressLog({ project: "p" })), text, "the very text");
    const found = linesOf(await textOf(store.exportProgressLog({ project: "p", message: "entry 12" })));
    equal(
      found,
      own.filter((one) => one.includes("entry 12")),
      "of those that match",
    );
    equal(await textOf(store.exportProgressLog({ project: "q" })), "", "nothing");
    const reversed = `${own.reverse().join("\n")}\n`;
    await store.deleteProject("p");
    await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    await store.importProgressLog(reversed, { project: "p" });
    equal(
      await textOf(store.exportProgressLog({ project: "p" })),
      text,
      "also from a log that is newest first",
    );
  },

  "9.5 what is stored without a line of a log gets the canonical one": async (world) => {
    const store = await world.openWithProjects();
    const appended = await store.appendEntry({
      project: "p",
      message: "a\nb | c",
      meta: { z: "1|2", a: [1] },
      ts: 0,
    });
    const rawLines = [
      "",
      "text",
      "{}",
      `${appended.rawLine}\n${appended.rawLine}`,
      `${line()}\r`,
      `# ${line()}`,
    ];
    await store.insertEntries(
      rawLines.map((rawLine, index) =>
        anEntry({
          rawLine,
          entryId: `e${index}`,
          ts: index + 1,
          message: "m\n1",
          agent: "A\nB",
          meta: { k: {} },
        }),
      ),
    );
    const lines = linesOf(await textOf(store.exportProgressLog({ project: "p" })));
    equal(
      lines,
      [
        appended.rawLine,
        ...rawLines.map(
          (_, index) => `[ℹ️] [1970-01-01 00:00:00 UTC] [Agent: A B] [Project: p] [ID: e${index}] m 1 | k={}`,
        ),
      ],
      "one line each",
    );
    const again = await store.importProgressLog(streamOf(lines.map((one) => `${one}\n`)), { project: "p" });
    equal([again.duplicates, again.skipped], [7, 0], "which the import knows again");
  },

  "9.5 appended entries go through a log and back": async (world) => {
    const store = await world.openWithProjects();
    for (let index = 0; index < 20; index += 1) {
      const meta = index % 2 ? { text: `é${index}`, list: [index, { a: null }], empty: "" } : {};
      await store.appendEntry({ project: "p", agent: "Ada", message: `m ${index}`, meta, ts: 1000 * index });
    }
    const text = await textOf(store.exportProgressLog({ project: "p" }));
    const before = await collect(store.iterateEntries({ project: "p" }));
    await store.deleteProject("p");
    await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    const bytes = new TextEncoder().encode(text);
    const source = streamOf(cutAt(bytes, ...Array.from({ length: 99 }, (_, index) => 17 * index)));
    equal((await store.importProgressLog(source, { project: "p" })).inserted, 20, "all come back");
    equal(await collect(store.iterateEntries({ project: "p" })), before, "as they were");
    equal((await store.verifyProject("p")).ok, true, "with their hashes");
  },

  "9.5 the project must be given, and exist": async (world) => {
    const store = await world.openWithProjects();
    const p = await store.fetchProject("p");
    equal((await store.importProgressLog(line(), { project: p })).inserted, 1, "by its record");
    equal((await store.queryEntries({ project: "p" }))[0].project, "p", "it is there");
    await rejects(
      () => store.importProgressLog("", { project: "none" }),
      "not_found",
      "none",
      "no such project",
    );
    for (const options of [undefined, {}, null, { project: undefined }, { project: "" }, "p"]) {
      await rejects(() => store.importProgressLog("", options), "invalid_argument", "", String(options));
    }
  },
};
