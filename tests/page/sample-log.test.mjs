// The sample log is what it claims to be: canonical lines, right hashes, and enough variety to look around in.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { noBrowser, withPage } from "./page.mjs";
import { PROJECTS, SAMPLE } from "./sample.mjs";

const MEMBERS = ["agent", "emoji", "entryId", "message", "meta", "project", "rawLine", "sha256", "ts"];

test("every entry has the members of an entry, an identifier of its own and the hash of its line", () => {
  for (const entry of SAMPLE) {
    assert.deepEqual(Object.keys(entry).sort(), MEMBERS);
    assert.match(entry.ts, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.equal(entry.sha256, createHash("sha256").update(entry.rawLine, "utf8").digest("hex"));
  }
  assert.equal(new Set(SAMPLE.map((entry) => entry.entryId)).size, SAMPLE.length);
});

test("it has several projects and agents, every emoji, and nested metadata", () => {
  assert.ok(SAMPLE.length >= 60 && SAMPLE.length <= 120, `${SAMPLE.length} entries`);
  assert.equal(PROJECTS.length, 3);
  assert.ok(new Set(SAMPLE.map((entry) => entry.agent)).size >= 6);
  for (const emoji of ["✅", "⚠️", "❌", "ℹ️", "🐞", "🧭"]) {
    assert.ok(
      SAMPLE.some((entry) => entry.emoji === emoji),
      emoji,
    );
  }
  assert.ok(
    SAMPLE.some(({ meta }) => Object.values(meta).some((value) => value && typeof value === "object")),
  );
});

test(
  "the store itself would write the very same lines and hashes",
  { skip: noBrowser, timeout: 60_000 },
  () =>
    withPage(async ({ page }) => {
      const written = await page.evaluate(async (entries) => {
        const { openStore } = await import("./scribe-store/index.js");
        const store = await openStore({ backend: "memory" });
        const lines = [];
        for (const { entryId, project, ts, emoji, agent, message, meta } of entries) {
          await store.upsertProject({ name: project, repoRoot: "", progressLogPath: "" });
          const entry = await store.appendEntry({ entryId, project, ts, emoji, agent, message, meta });
          lines.push({ rawLine: entry.rawLine, sha256: entry.sha256 });
        }
        await store.close();
        return lines;
      }, SAMPLE);
      assert.deepEqual(
        written,
        SAMPLE.map(({ rawLine, sha256 }) => ({ rawLine, sha256 })),
      );
    }),
);
