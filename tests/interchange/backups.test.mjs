// Random backups: the same bytes again, and no damage that goes unnoticed.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import fc from "fast-check";
import { openStore } from "scribe-store";
import { check, cutStream, cuts, entries, meta, text } from "./properties.mjs";

const textOf = (stream) => new Response(stream).text();

const name = text.filter((name) => name !== "");
const names = ["p", "é", "\u{10FFFF}", "\uFFFF"];

/** What is done with a store. */
const step = fc.oneof(
  fc.tuple(fc.constant("insertEntries"), entries, fc.constantFrom(...names)),
  fc.tuple(fc.constant("upsertProject"), fc.constantFrom(...names), text),
  fc.tuple(fc.constant("recordDocChange"), fc.constantFrom(...names), text, meta),
  fc.tuple(
    fc.constant("recordAgentReportCard"),
    fc.constantFrom(...names),
    text,
    meta,
    fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  ),
  fc.tuple(fc.constant("upsertAgentSession"), name, name, fc.option(meta)),
  fc.tuple(fc.constant("endSession"), name),
  fc.tuple(fc.constant("setAgentProject"), name, fc.option(fc.constantFrom(...names))),
  fc.tuple(fc.constant("deleteProject"), fc.constantFrom(...names)),
);

const STEPS = {
  insertEntries: (store, list, project) =>
    store.insertEntries(list.map((entry, index) => ({ ...entry, entryId: `${project}${index}`, project }))),
  upsertProject: (store, name, path) => store.upsertProject({ name, repoRoot: path, progressLogPath: "" }),
  recordDocChange: (store, project, doc, metadata) =>
    store.recordDocChange(project, { doc, action: "a", shaBefore: "", shaAfter: "", metadata }),
  recordAgentReportCard: (store, project, filePath, metadata, overallGrade) =>
    store.recordAgentReportCard(project, { filePath, agentName: "a", metadata, overallGrade }),
  upsertAgentSession: (store, ...args) => store.upsertAgentSession(...args),
  endSession: (store, id) => store.endSession(id),
  setAgentProject: (store, agentId, projectName) =>
    store.setAgentProject({ agentId, projectName, updatedBy: "u", sessionId: "s" }),
  deleteProject: (store, name) => store.deleteProject(name),
};

/** Works with a store in which something was done. */
async function withFilled(steps, work) {
  const store = await openStore({ backend: "memory" });
  try {
    for (const [what, ...args] of steps) {
      try {
        await STEPS[what](store, ...args);
      } catch (error) {
        // The project is not there, or the session is another agent's.
        if (!["not_found", "conflict"].includes(error.code)) throw error;
      }
    }
    return await work(store);
  } finally {
    await store.close();
  }
}

const steps = fc
  .array(step, { maxLength: 25 })
  .map((steps) => [...names.slice(0, 3).map((name) => ["upsertProject", name, ""]), ...steps]);

test("a backup in an empty store has the same backup", () =>
  check([steps, cuts], (steps, places) =>
    withFilled(steps, async (store) => {
      const backup = await textOf(store.exportStore());
      await withFilled([], async (copy) => {
        const { duplicates } = await copy.importStore(cutStream(backup, places));
        assert.equal(duplicates, 0);
        assert.equal(await textOf(copy.exportStore()), backup);
        const report = await copy.importStore(backup);
        for (const [key, count] of Object.entries(report)) {
          if (key !== "duplicates") assert.equal(count, 0, key);
        }
        assert.equal(await textOf(copy.exportStore()), backup);
      });
    }),
  ));

test("two stores that take each other's backups have the same projects, sessions and agents", () =>
  check([steps, steps], (one, other) =>
    withFilled(one, (store) =>
      withFilled(other, async (copy) => {
        const backup = await textOf(store.exportStore());
        await copy.importStore(backup);
        await store.importStore(await textOf(copy.exportStore()));
        const names = async (store) => (await store.listProjects()).map(({ name }) => name);
        assert.deepEqual(await names(store), await names(copy));
        const sessions = async (store) =>
          (await store.listAgentSessions()).map(({ sessionId }) => sessionId).sort();
        assert.deepEqual(await sessions(store), await sessions(copy));
        for (const name of await names(store)) {
          const counts = [await store.countEntries(name), await copy.countEntries(name)];
          assert.equal(counts[0], counts[1]);
          assert.ok((await store.verifyProject(name)).firstBad?.reason !== "chain");
        }
      }),
    ),
  ));

test("whatever happens to a byte is noticed, and nothing is stored that was not in the backup", () =>
  check([steps, fc.nat(), fc.integer({ min: 1, max: 255 })], (steps, place, change) =>
    withFilled(steps, async (store) => {
      const backup = await textOf(store.exportStore());
      const bytes = new TextEncoder().encode(backup);
      bytes[place % bytes.length] ^= change;
      // A line that ends in CR LF is the same line.
      if (new TextDecoder().decode(bytes).replaceAll("\r\n", "\n") === backup) return;
      await withFilled([], async (copy) => {
        await assert.rejects(
          copy.importStore(new Blob([bytes])),
          ({ code }) => code === "corrupt" || code === "too_new",
        );
        // What went in before is part of it: together they are the whole.
        await copy.importStore(backup);
        assert.equal(await textOf(copy.exportStore()), backup);
      });
    }),
  ));

test("checksums alone do not make a backup", () =>
  withFilled([["upsertProject", "p", ""]], async (store) => {
    const [header, , project, , end] = (await textOf(store.exportStore())).split("\n");
    const session = '{"session":{"sessionId":"s","agentId":"a","status":"active","startedAt":"2026-01-01"}}';
    const wrong = {
      "too few": [[header], [end]],
      "too many": [[header], [project], [project], [end]],
      "none counted": [[header], [project], ['{"end":{}}']],
      "a record behind the end": [[header], [project], [end, project]],
      "an unknown record": [[header], ['{"thing":{}}'], [project], [end]],
      "a name of every object": [[header], ['{"constructor":{}}'], [project], [end]],
      "a member too few": [[header], [project], [session], [end.replace('"sessions":0', '"sessions":1')]],
      "an entry of no kind": [[header], ['{"entry":1}'], [end.replace('"entries":0', '"entries":1')]],
    };
    for (const [what, chunks] of Object.entries(wrong)) {
      await withFilled([], async (copy) => {
        await assert.rejects(copy.importStore(withChecksums(chunks)), { code: "corrupt" }, what);
        assert.equal((await copy.listAgentSessions()).length, 0, what);
      });
    }
    await store.importStore(withChecksums([[header], [project], [end]]));
    await store.importStore(withChecksums([[header, project, end]]));
  }));

test("a document change that was recorded twice comes back twice, and no more", () =>
  withFilled(
    [
      ["upsertProject", "p", ""],
      ["recordDocChange", "p", "d", {}],
    ],
    async (store) => {
      const [header, , project, , change, , end] = (await textOf(store.exportStore())).split("\n");
      const endOf = (count) => end.replace('"docChanges":1', `"docChanges":${count}`);
      const backup = (count) =>
        withChecksums([[header], [project], Array(count).fill(change), [endOf(count)]]);
      await withFilled([], async (copy) => {
        const added = [];
        for (const count of [1, 1, 3, 2, 3]) added.push((await copy.importStore(backup(count))).docChanges);
        assert.deepEqual(added, [1, 0, 2, 0, 0]);
        assert.equal((await copy.listDocChanges({ project: "p" })).totalCount, 3);
      });
    },
  ));

/** Writes lines with a checksum behind each chunk, as BACKUP.md describes it. */
function withChecksums(chunks) {
  let [text, sha256] = ["", ""];
  for (const chunk of chunks) {
    const lines = chunk.map((line) => `${line}\n`).join("");
    sha256 = createHash("sha256").update(sha256).update(lines).digest("hex");
    text += `${lines}{"sha256":"${sha256}"}\n`;
  }
  return text;
}
