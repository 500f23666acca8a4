// The benchmark's data: what the figures are about.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { expectedAnswers } from "../../benches/oracle.mjs";
import { bytesPerEntry, makeEntry } from "../../benches/page/data.js";
import { PAGE_SIZE } from "../../benches/page/operations.js";

const COUNT = 10_000;
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const entries = Array.from({ length: COUNT }, (_, index) => makeEntry(index, sha256));

test("is the same every time", () => {
  assert.deepEqual(makeEntry(4321, sha256), entries[4321]);
  const digest = sha256(JSON.stringify(entries));
  assert.equal(
    digest,
    "2a17c5a0da98c81a99d1190d8fd986b5de26f9b59f371caeebe9127289068031",
    "other data make other figures",
  );
});

test("has about 400 bytes an entry", () => {
  const bytes = bytesPerEntry();
  assert.ok(bytes > 380 && bytes < 450, `${bytes} bytes`);
});

test("has eight agents and eight emojis, some of them rare", () => {
  for (const key of ["agent", "emoji"]) {
    const counts = new Map();
    for (const entry of entries) counts.set(entry[key], (counts.get(entry[key]) ?? 0) + 1);
    const sorted = [...counts.values()].sort((a, b) => b - a);
    assert.equal(sorted.length, 8);
    assert.ok(sorted[0] > COUNT / 3 && sorted[7] < COUNT / 30, `${key}: ${sorted}`);
  }
});

test("is late in one of fifty entries, and has ties", () => {
  let latest = 0;
  let late = 0;
  const times = new Set();
  for (const { ts } of entries) {
    if (ts < latest) late += 1;
    latest = Math.max(latest, ts);
    times.add(ts);
  }
  assert.ok(late > COUNT * 0.015 && late < COUNT * 0.025, `${late} late`);
  assert.ok(times.size < COUNT * 0.98, `${times.size} different times`);
  assert.equal(new Set(entries.map(({ entryId }) => entryId)).size, COUNT);
});

test("every query finds some entries, but not most", () => {
  for (const [id, { items, total }] of expectedAnswers(COUNT)) {
    if (items) assert.equal(items.length, PAGE_SIZE, id);
    if (total !== undefined) assert.ok(total > PAGE_SIZE && total < COUNT / 4, `${id}: ${total}`);
  }
});
