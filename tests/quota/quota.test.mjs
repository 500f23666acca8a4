// 7.5 The disk is full: the origin's share of it is made small through the DevTools protocol.

import assert from "node:assert/strict";
import test from "node:test";
import { BOUND_MS, withChromium } from "../chromium/tabs.mjs";
import { noBrowser } from "../page/page.mjs";

const OPTIONS = { skip: noBrowser, timeout: 3 * BOUND_MS };

/** What the origin has at first. Chromium counts on what it found free for half a minute, so it must not be much. */
const ENOUGH = 4_000_000;

for (const durability of ["relaxed", "strict"]) {
  test(`7.5 a full disk rejects writes, and the store goes on (${durability})`, OPTIONS, () =>
    withChromium(async ({ origin, newTab }) => {
      const { page, devTools } = await newTab();
      const setQuota = (quotaSize) => devTools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
      const tell = (body) => page.evaluate(body);
      await setQuota(ENOUGH);
      await page.evaluate(prepare, durability);
      const before = await tell(() => globalThis.readAll(globalThis.store));
      assert.equal(before.entries.length, 2503, "segments and a tail");
      assertWhole(before);

      await setQuota(1);
      assert.equal(await tell(() => globalThis.outcome("bulk")), "quota_exceeded", "a bulk insert");
      for (const write of WRITES) {
        const found = await page.evaluate((name) => globalThis.outcome(name), write);
        assert.equal(found, "quota_exceeded", `${write}, while nothing is free`);
      }
      const codes = await tell(() => Promise.all(Array(5).fill("append").map(globalThis.outcome)));
      assert.deepEqual(codes, Array(5).fill("quota_exceeded"), "calls that share a transaction");
      assert.deepEqual(await tell(() => globalThis.readAll(globalThis.store)), before, "nothing is stored");
      const elsewhere = await tell(() => globalThis.readFromAnother());
      assert.deepEqual(elsewhere, before, "as another handle finds it");

      await setQuota(ENOUGH * 25);
      for (const write of WRITES) {
        const found = await page.evaluate((name) => globalThis.outcome(name), write);
        assert.equal(found, "done", `${write} in the same store, once there is room`);
      }
      assert.equal(await tell(() => globalThis.outcome("bulk")), "done", "the bulk insert as well");
      const after = await tell(() => globalThis.readAll(globalThis.store));
      assertWhole(after);
      const [kept, added] = [after.entries.slice(0, 2503), after.entries.slice(2503)];
      assert.deepEqual(kept, before.entries, "what was there is as it was");
      assert.equal(added.length, 2 + 2000, "and what was written now is behind it");
      assert.deepEqual(
        {
          changes: after.changes,
          cards: after.cards,
          session: after.session?.agentId,
          projects: after.projects,
        },
        { changes: 2, cards: 1, session: "a", projects: ["later", "p"] },
      );
      assert.deepEqual([after.current.version, after.current.updatedBy], [2, "u"]);
      assert.deepEqual(
        await tell(() => globalThis.readFromAnother()),
        after,
        "another handle finds the same",
      );
    }),
  );
}

/** Each kind of write that there is, but for the bulk insert. */
const WRITES = [
  "append",
  "insert",
  "setAgentProject",
  "upsertProject",
  "changeProject",
  "recordDocChange",
  "recordAgentReportCard",
  "upsertAgentSession",
];

/** Metrics equal a recount, and everything verifies. */
function assertWhole({ entries, metrics, counted, report }) {
  const count = (emoji) => entries.filter((entry) => entry.emoji === emoji).length;
  const { totalEntries, successCount, warnCount, errorCount } = metrics;
  assert.deepEqual(
    [totalEntries, successCount, warnCount, errorCount, counted],
    [entries.length, count("✅"), count("⚠️"), count("❌"), entries.length],
  );
  const { ok, entries: verified, firstBad } = report;
  assert.deepEqual({ ok, verified, firstBad }, { ok: true, verified: entries.length, firstBad: null });
  for (const [index, { seq }] of entries.entries()) assert.equal(seq, index + 1, "seq has no gap");
}

/** Runs in the page: opens a store, fills it, and defines what the test calls. */
async function prepare(durability) {
  const { openStore } = globalThis.api;
  const store = await openStore({ name: "quota", durability });
  globalThis.store = store;
  const project = "p";
  await store.upsertProject({ name: project, repoRoot: "/p", progressLogPath: "/log" });

  const noise = (bytes) => {
    const parts = [];
    for (let left = bytes; left > 0; left -= 60_000) {
      const part = crypto.getRandomValues(new Uint8Array(Math.min(left, 60_000)));
      parts.push(btoa(String.fromCharCode(...part)));
    }
    return parts.join("");
  };
  const hash = async (text) => {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const someEntries = (name, count, bytes) =>
    Promise.all(
      Array.from({ length: count }, async (_, index) => ({
        entryId: `${name} ${index}`,
        project,
        ts: 1_700_000_000_000 + index,
        emoji: ["✅", "⚠️", "❌", "ℹ️"][index % 4],
        message: noise(bytes),
        rawLine: `${name} ${index}`,
        sha256: await hash(`${name} ${index}`),
      })),
    );
  await store.insertEntries(await someEntries("before", 2500, 100));
  for (let index = 0; index < 3; index += 1) await store.appendEntry({ project, message: `tail ${index}` });
  await store.recordDocChange(project, { doc: "d", action: "before", shaBefore: "1", shaAfter: "2" });
  const change = { agentId: "a", projectName: project, updatedBy: "u", sessionId: "s" };
  await store.setAgentProject({ ...change, expectedVersion: 0 });

  const bulk = await someEntries("bulk", 2000, 6000);
  const [one] = await someEntries("one", 1, 10);
  const later = { name: "later", repoRoot: "/", progressLogPath: "/" };
  const writes = {
    bulk: () => store.insertEntries(bulk),
    append: () => store.appendEntry({ project, message: "appended" }),
    insert: () => store.insertEntry(one),
    setAgentProject: () => store.setAgentProject({ ...change, expectedVersion: 1 }),
    upsertProject: () => store.upsertProject(later),
    changeProject: () => store.upsertProject({ name: project, repoRoot: "/q", progressLogPath: "/log" }),
    recordDocChange: () =>
      store.recordDocChange(project, { doc: "d", action: "after", shaBefore: "2", shaAfter: "3" }),
    recordAgentReportCard: () => store.recordAgentReportCard(project, { filePath: "/f", agentName: "a" }),
    upsertAgentSession: () => store.upsertAgentSession("a", "s", {}),
  };
  globalThis.outcome = (name) =>
    writes[name]().then(
      () => "done",
      (error) => error.code ?? String(error),
    );
  globalThis.readAll = async (from) => {
    const entries = [];
    for await (const entry of from.iterateEntries({ project })) entries.push(entry);
    return {
      entries: entries.sort((a, b) => a.seq - b.seq),
      metrics: await from.fetchMetrics(project),
      counted: await from.countEntries(project),
      report: await from.verifyProject(project),
      changes: (await from.listDocChanges({ project })).totalCount,
      cards: (await from.listAgentReportCards({ project })).totalCount,
      session: await from.fetchAgentSession("s"),
      current: await from.getAgentProject("a"),
      events: (await from.listAgentEvents()).length,
      projects: (await from.listProjects()).map(({ name }) => name),
      repoRoot: (await from.fetchProject(project)).repoRoot,
    };
  };
  globalThis.readFromAnother = async () => {
    const another = await openStore({ name: "quota" });
    try {
      return await globalThis.readAll(another);
    } finally {
      await another.close();
    }
  };
}
