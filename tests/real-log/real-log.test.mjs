// A real progress log, if there is one beside the repository, through the package as it is published: every entry
// comes back equal in every field, page by page, again after a reload, and again after the browser was restarted.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { run } from "../../scripts/process.mjs";
import { startServer } from "../../scripts/serve.mjs";
import { npmCommand, ROOT, which } from "../../scripts/toolchain.mjs";
import { noBrowser, startBrowser, withScratch } from "../page/page.mjs";

const LOG = path.join(ROOT, "..", "shared", "data", "real-log.jsonl");
const PAGE_SIZE = 17;

const skip = existsSync(LOG) ? noBrowser : `there is no ${path.relative(ROOT, LOG)} beside the repository`;
if (skip) console.log(`The real log is not tested: ${skip}.`);

test(
  "a real log comes back equal, page by page, after a reload and a restart",
  { skip, timeout: 300_000 },
  () =>
    withScratch(async (scratch) => {
      const entries = readFileSync(LOG, "utf8")
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => JSON.parse(line));
      assert.ok(entries.length > 0, "the file holds no entry");
      tell(entries);

      const server = await startServer({ root: await makeSite(scratch) });
      const profile = path.join(scratch, "profile");
      try {
        await inBrowser(profile, server.url, async (page) => {
          const counts = await page.evaluate(importAll, entries);
          assert.deepEqual(counts, { inserted: entries.length, duplicates: 0 });
          checkEverything(entries, await page.evaluate(readAll, PAGE_SIZE));
          await page.reload();
          checkEverything(entries, await page.evaluate(readAll, PAGE_SIZE));
          const again = await page.evaluate(importAll, entries);
          assert.deepEqual(again, { inserted: 0, duplicates: entries.length });
        });
        await inBrowser(profile, server.url, async (page) => {
          checkEverything(entries, await page.evaluate(readAll, PAGE_SIZE));
        });
      } finally {
        await server.close();
      }
    }),
);

function tell(entries) {
  const different = (key) => new Set(entries.map((entry) => entry[key])).size;
  console.log(
    `The real log: ${entries.length} entries, ${different("project")} projects, ${different("agent")} agents, ` +
      `${different("emoji")} emojis.`,
  );
}

// ---------------------------------------------------------------- the package, as it is published

/** Makes a folder with the packed files of the package and an empty page beside them. */
async function makeSite(scratch) {
  const { command, first } = npmCommand();
  const pack = [...first, "pack", "--json", "--ignore-scripts", "--pack-destination", scratch];
  const packed = await run(command, pack, { show: "quiet", limitMs: 120_000 });
  assert.equal(packed.problem, undefined, packed.output);
  const answer = JSON.parse(packed.stdout);
  // A list of packages, or in newer versions of npm an object by their names.
  const [{ filename }] = Array.isArray(answer) ? answer : Object.values(answer);
  const unpack = ["-xzf", path.join(scratch, filename), "-C", scratch];
  const unpacked = await run(which("tar") ?? "tar", unpack, { show: "quiet", limitMs: 60_000 });
  assert.equal(unpacked.problem, undefined, unpacked.output);

  const site = path.join(scratch, "site");
  mkdirSync(site);
  cpSync(path.join(scratch, "package", "dist"), path.join(site, "scribe-store"), { recursive: true });
  writeFileSync(
    path.join(site, "index.html"),
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="icon.svg"><title>The real log</title>',
  );
  writeFileSync(path.join(site, "icon.svg"), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  return site;
}

async function inBrowser(profile, url, body) {
  const context = await startBrowser(profile);
  try {
    const [page] = context.pages();
    const troubles = [];
    page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
    page.on("pageerror", (error) => troubles.push(String(error)));
    await page.goto(url);
    await body(page);
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
  }
}

// ---------------------------------------------------------------- in the page

/** Makes the projects that the entries name, and stores the entries. */
async function importAll(entries) {
  const { openStore } = await import("./scribe-store/index.js");
  const store = await openStore({ name: "real-log" });
  try {
    for (const name of new Set(entries.map((entry) => entry.project))) {
      await store.upsertProject({ name, repoRoot: "/", progressLogPath: "real-log.jsonl" });
    }
    return await store.insertEntries(entries);
  } finally {
    await store.close();
  }
}

/** Reads all there is: each project by pages, each page also by its number, each entry by its identifier. */
async function readAll(pageSize) {
  const { openStore } = await import("./scribe-store/index.js");
  const store = await openStore({ name: "real-log" });
  try {
    const found = [];
    for (const project of await store.listProjects()) {
      const pages = [];
      let cursor = null;
      do {
        const page = await store.queryEntriesPaginated({ project, pageSize, ...(cursor ? { cursor } : {}) });
        const byNumber = await store.fetchRecentEntriesPaginated({
          project,
          pageSize,
          page: pages.length + 1,
        });
        pages.push({ ...page, byNumber: byNumber.items });
        cursor = page.nextCursor;
      } while (cursor !== null);
      const iterated = [];
      for await (const entry of store.iterateEntries({ project })) iterated.push(entry);
      const byId = [];
      for (const { entryId } of iterated) byId.push(await store.fetchEntry(entryId));
      found.push({ name: project.name, pages, iterated, byId, metrics: await store.fetchMetrics(project) });
    }
    return found;
  } finally {
    await store.close();
  }
}

// ---------------------------------------------------------------- checks

/** Compares what was read, of all projects, with the file. */
function checkEverything(entries, found) {
  const names = [...new Set(entries.map((entry) => entry.project))];
  assert.deepEqual(found.map(({ name }) => name).sort(), names.sort());
  for (const { name, pages, iterated, byId, metrics } of found) {
    const given = entries.filter((entry) => entry.project === name);
    const read = pages.flatMap((page) => page.items);
    checkEntries(given, read);
    checkOrder(read);
    assert.deepEqual(iterated, read, "iterating finds the same");
    assert.deepEqual(byId, read, "each is found by its identifier");

    assert.equal(pages.length, Math.max(1, Math.ceil(given.length / PAGE_SIZE)));
    for (const [index, page] of pages.entries()) {
      assert.equal(page.page, index + 1);
      assert.equal(page.totalCount, given.length);
      assert.equal(page.totalPages, Math.ceil(given.length / PAGE_SIZE));
      assert.equal(page.hasNext, index < pages.length - 1);
      assert.equal(page.hasPrev, index > 0);
      assert.deepEqual(page.byNumber, page.items, `page ${index + 1} of ${name} by its number`);
    }
    const counted = (emoji) => given.filter((entry) => entry.emoji === emoji).length;
    assert.deepEqual(metrics, {
      totalEntries: given.length,
      successCount: counted("✅"),
      warnCount: counted("⚠️"),
      errorCount: counted("❌"),
      lastUpdate: metrics.lastUpdate,
    });
    assert.match(metrics.lastUpdate, /^\d{4}-.*Z$/);
  }
}

/** Every entry once, equal in every field, with a hash that is that of its line. */
function checkEntries(given, read) {
  const byId = new Map(read.map((entry) => [entry.entryId, entry]));
  assert.equal(byId.size, read.length, "no entry is on two pages");
  assert.equal(read.length, given.length, "no entry is missing");
  for (const { ts, meta, agent, ...same } of given) {
    const { ts: readTs, meta: readMeta, agent: readAgent, seq, ...rest } = byId.get(same.entryId) ?? {};
    assert.deepEqual(rest, same);
    assert.equal(readAgent, agent ?? null);
    assert.deepEqual(readMeta, meta ?? {});
    assert.match(readTs, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.equal(microseconds(readTs), microseconds(ts), `${ts} came back as ${readTs}`);
    assert.equal(rest.sha256, createHash("sha256").update(rest.rawLine, "utf8").digest("hex"), rest.entryId);
    assert.ok(seq >= 1);
  }
  assert.deepEqual(
    given.map((entry) => byId.get(entry.entryId).seq),
    given.map((_, index) => index + 1),
    "positions are those of the file",
  );
}

/** Newest first; of one instant, the later inserted first. */
function checkOrder(read) {
  for (const [index, entry] of read.slice(1).entries()) {
    const before = read[index];
    const [newer, older] = [microseconds(before.ts), microseconds(entry.ts)];
    assert.ok(
      newer > older || (newer === older && before.seq > entry.seq),
      `${before.entryId} before ${entry.entryId}`,
    );
  }
}

/** Reads RFC 3339 by itself, as microseconds since the epoch: a `Date` would lose what is below a millisecond. */
function microseconds(text) {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  assert.ok(parts, `${text} is no time as this test knows them`);
  const [, date, time, fraction = "", zone] = parts;
  return BigInt(Date.parse(`${date}T${time}${zone}`)) * 1000n + BigInt(fraction.padEnd(6, "0"));
}
