// Random logs as text: what goes out comes back, however it is cut, and what is no log does no harm.

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { all, check, cutStream, cuts, entries, inProject, meta, text, withStores } from "./properties.mjs";

const textOf = (stream) => new Response(stream).text();

test("lines of JSON bring every entry back, in its order", () =>
  check([entries, cuts], (entries, places) =>
    withStores(2, async (store, other) => {
      await store.insertEntries(inProject(entries));
      const lines = await textOf(store.exportJsonl({ project: "p" }));
      const report = await other.importJsonl(cutStream(lines, places));
      const { length } = entries;
      assert.deepEqual(report, {
        lines: length,
        inserted: length,
        duplicates: 0,
        skipped: 0,
        rejected: 0,
        errors: [],
      });
      assert.deepEqual(await all(other), await all(store));
      // Numbers are given anew, in the order of time.
      const unnumbered = (text) => text.replaceAll(/,"seq":\d+}$/gm, "}");
      assert.equal(unnumbered(await textOf(other.exportJsonl({ project: "p" }))), unnumbered(lines));
      assert.equal((await other.importJsonl(lines)).duplicates, length);
    }),
  ));

test("what only looks like a number that is too large comes back, beside large ones", () =>
  withStores(2, async (store, other) => {
    const meta = { large: 1e100, text: "1e999", infinity: "Infinity", object: { toString: "", valueOf: 0 } };
    await store.appendEntry({ project: "p", message: "1e999", meta });
    await other.importJsonl(await textOf(store.exportJsonl({ project: "p" })));
    assert.deepEqual(await all(other), await all(store));
  }));

test("a progress log brings back what its lines tell", () => {
  // Of names that hold what ends them, the line does not tell where they end.
  const name = text.filter((name) => !/\]|[\r\n]/.test(name));
  const appended = fc.record({
    ts: fc.integer({ min: 0, max: 9 }).map((s) => 1000 * s),
    agent: name,
    emoji: name,
    message: text,
    meta,
  });
  return check([fc.array(appended, { maxLength: 20 }), cuts], (list, places) =>
    withStores(2, async (store, other) => {
      for (const entry of list) await store.appendEntry({ project: "p", ...entry });
      const log = await textOf(store.exportProgressLog({ project: "p" }));
      const report = await other.importProgressLog(cutStream(log, places), { project: "p" });
      assert.deepEqual([report.inserted, report.rejected, report.skipped], [list.length, 0, 0]);
      const told = (entries) =>
        entries.map(({ entryId, ts, emoji, agent, rawLine, sha256 }) => ({
          entryId,
          ts,
          emoji,
          agent,
          rawLine,
          sha256,
        }));
      assert.deepEqual(told(await all(other)), told(await all(store)));
      assert.ok((await other.verifyProject("p")).ok);
      assert.equal(await textOf(other.exportProgressLog({ project: "p" })), log);
      const { duplicates } = await other.importProgressLog(log, { project: "p" });
      assert.equal(duplicates, list.length);
    }),
  );
});

test("what is stored without a line of a log goes through one by its identifier", () =>
  check([entries], (entries) =>
    withStores(1, async (store) => {
      const named = inProject(entries).map((entry) => ({
        ...entry,
        emoji: "x",
        agent: entry.agent && "a",
        rawLine: `# ${entry.rawLine}`,
      }));
      await store.insertEntries(named);
      const log = await textOf(store.exportProgressLog({ project: "p" }));
      const { lines, duplicates } = await store.importProgressLog(log, { project: "p" });
      assert.deepEqual([lines, duplicates], [entries.length, entries.length]);
    }),
  ));

test("lines of any kind are each inserted, known, skipped or rejected, and always the same ones", () => {
  const line = fc.oneof(
    text,
    fc.json(),
    fc
      .record(
        {
          entryId: text,
          project: fc.constantFrom("p", "none"),
          ts: fc.oneof(fc.nat(), text),
          emoji: text,
          message: text,
          rawLine: text,
          sha256: text,
          meta,
          odd: fc.boolean(),
        },
        { requiredKeys: ["project", "message"] },
      )
      .map((entry) => JSON.stringify(entry)),
    fc
      .tuple(text, text)
      .map(([message, agent]) => `[x] [2026-01-01] [Agent: ${agent}] [Project: p] ${message}`),
  );
  const source = fc
    .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom("\n", "\r\n"))
    .map(([lines, end]) => lines.join(end));
  return check([source, cuts], (source, places) =>
    withStores(2, async (store, other) => {
      for (const method of ["importJsonl", "importProgressLog"]) {
        const options = method === "importProgressLog" ? { project: "p" } : {};
        const report = await store[method](source, options);
        const { lines, inserted, duplicates, skipped, rejected, errors } = report;
        assert.equal(lines, inserted + duplicates + skipped + rejected);
        assert.equal(errors.length, Math.min(rejected, 100));
        assert.deepEqual(await other[method](cutStream(source, places), options), report);
        const again = await store[method](source, options);
        assert.deepEqual([again.inserted, again.duplicates], [0, inserted + duplicates]);
        assert.deepEqual(await all(other), await all(store));
      }
    }),
  );
});
