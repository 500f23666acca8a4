// 3.7 Chromium is killed in the middle of a write of its own. What it wrote half ends its log, which by itself costs it
// the whole database two starts later; a kill at random seldom meets that moment, so the log is torn here.

import assert from "node:assert/strict";
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { DIST } from "../../scripts/build.mjs";
import { startServer } from "../../scripts/serve.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";
import { noBrowser, withScratch } from "../page/page.mjs";
import { startKillable } from "./browser.mjs";

const LIMIT_MS = 10_000;

/**
 * A checksum, a length of 500 bytes, the kind "a whole record", and the first of those bytes
 * (https://github.com/google/leveldb/blob/main/doc/log_format.md).
 */
const HALF_A_RECORD = Buffer.from([1, 2, 3, 4, 500 & 0xff, 500 >> 8, 1, ...new Array(20).fill(7)]);

test("3.7 a write that the browser was killed in the middle of costs nothing else", skipping(), () =>
  withProfile(async ({ inTab, log }) => {
    await inTab((append) => append(10));
    const torn = log();
    appendFileSync(torn, HALF_A_RECORD);
    await inTab(async (append) => {
      assert.deepEqual(await append(10), { before: 10, warnings: [] });
      await within(() => !existsSync(torn), "the torn log is left behind");
      assert.deepEqual(await append(1), { before: 20, warnings: [] });
    });
    await inTab(async (append) => assert.deepEqual(await append(1), { before: 21, warnings: [] }));
    await inTab(async (append) => assert.deepEqual(await append(1), { before: 22, warnings: [] }));
  }),
);

test("a browser that throws everything away does not do so in silence", skipping(), () =>
  withProfile(async ({ inTab, log }) => {
    await inTab((append) => append(10));
    const bytes = readFileSync(log());
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(log(), bytes);
    await inTab(async (append) => {
      const { before, warnings } = await append(10);
      assert.equal(before, 0);
      assert.match(warnings.join(), /^scribe-store: the browser threw away what this site had stored: .+/);
    });
  }),
);

test("no store has the name of the database that begins a new log", skipping(), () =>
  withProfile(({ inTab }) =>
    inTab(async (_, page) => {
      const code = await page.evaluate(async () => {
        const { openStore } = await import("/dist/index.js");
        return openStore({ name: "scribe-store: a new log" }).catch((error) => error.code);
      });
      assert.equal(code, "invalid_argument");
    }),
  ),
);

function skipping() {
  return { skip: noBrowser, timeout: 300_000 };
}

/** Runs a body with a profile: a way to start the browser on it, and to find the log of what it stored. */
function withProfile(body) {
  return withScratch(async (scratch) => {
    const profile = path.join(scratch, "profile");
    const server = await startServer({
      root: path.join(ROOT, "tests"),
      mounts: { "/dist/": DIST, "/www/": path.join(ROOT, "www") },
    });
    try {
      await body({
        inTab: (steps) => inTab(profile, `${server.url}kills/bare.html`, steps),
        log: () => logOf(profile),
      });
    } finally {
      await server.close();
    }
  });
}

/** Runs steps that append to a log, then kills the browser. */
async function inTab(profile, url, steps) {
  const { page, kill } = await startKillable(profile);
  const warnings = [];
  page.on("console", (message) => {
    if (message.type() === "warning") warnings.push(message.text());
  });
  try {
    await page.goto(url);
    await steps(async (count) => {
      const before = await page.evaluate(appendTo, count);
      return { before, warnings };
    }, page);
  } finally {
    await kill();
  }
}

/** Runs in the page. Appends so many entries and resolves to how many there were. */
async function appendTo(count) {
  const { openStore } = await import("/dist/index.js");
  globalThis.store ??= await openStore({ name: "kills" });
  const { store } = globalThis;
  await store.upsertProject({ name: "p", repoRoot: "/", progressLogPath: "/log" });
  const before = await store.countEntries("p");
  for (let index = 0; index < count; index += 1) {
    await store.appendEntry({ project: "p", message: `entry ${before + index}` });
  }
  const { ok } = await store.verifyProject("p");
  if (!ok) throw new Error("the log does not verify");
  return before;
}

/** The newest log of the one database of LevelDB that a profile has. */
function logOf(profile) {
  const stored = path.join(profile, "Default", "IndexedDB");
  const [database, ...others] = readdirSync(stored).filter((name) => name.endsWith(".leveldb"));
  assert.ok(database && others.length === 0, "the browser keeps what a site stored in a LevelDB");
  const logs = readdirSync(path.join(stored, database)).filter((name) => /^\d+\.log$/.test(name));
  return path.join(stored, database, logs.sort().at(-1));
}

async function within(condition, what) {
  const end = Date.now() + LIMIT_MS;
  while (!condition()) {
    assert.ok(Date.now() < end, `${what}: not after ${LIMIT_MS} ms`);
    await sleep(10);
  }
}
