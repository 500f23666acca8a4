// Databases of every stored format version there was: read as they were written, and written on.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { ROOT } from "../../scripts/toolchain.mjs";
import { noBrowser } from "../page/page.mjs";
import { FOLDER, inChromium } from "./site.mjs";

const KEPT = readdirSync(FOLDER).filter((file) => /^version-\d+\.json$/.test(file));

/** Where a record has its format version, and the checksum of all bytes but its own four. */
const FORMAT_AT = 1;
const NEWEST_FORMAT = 2;
const CHECKSUM_AT = 3;

if (noBrowser) console.log(`Stored formats are not tested: ${noBrowser}.`);

test("an image of every format is kept", () => {
  const source = readFileSync(path.join(ROOT, "src", "model", "record.rs"), "utf8");
  const newest = Number(/^const FORMAT: u8 = (\d+);$/m.exec(source)?.[1]);
  assert.equal(newest, NEWEST_FORMAT, "this file knows the newest format");
  const wanted = Array.from({ length: newest }, (_, index) => `version-${index + 1}.json`);
  assert.deepEqual(KEPT.toSorted(), wanted);
});

for (const file of KEPT) {
  const { image, answers } = JSON.parse(readFileSync(path.join(FOLDER, file), "utf8"));
  // Reports of that time did not say where a log begins.
  for (const { report } of answers.projects) report.fromSeq ??= 1;

  test(`${file}: all is read as it was, and written on`, { skip: noBrowser, timeout: 120_000 }, () =>
    inChromium(async (call) => {
      await call("database.js", "writeImage", "kept", image);
      assert.deepEqual(await call("store.js", "ask", "kept"), answers);
      const { before, totalEntries, again, added, verified, seq } = await call("store.js", "writeOn", "kept");
      const { metrics, report } = answers.projects.find(({ project }) => project.name === "first");
      assert.equal(before, metrics.totalEntries);
      assert.deepEqual(again, { inserted: 0, duplicates: 2 });
      assert.deepEqual(added, { inserted: 3000, duplicates: 0 });
      assert.equal(totalEntries, before + 3001);
      assert.equal(seq, totalEntries);
      // Of lines whose hash is not theirs the log tells; the chain is whole as far as it was.
      assert.equal(verified.ok, report.ok);
    }),
  );
}

test("what a newer release wrote is too new, and left as it is", { skip: noBrowser, timeout: 120_000 }, () =>
  inChromium(async (call) => {
    const { image } = JSON.parse(readFileSync(path.join(FOLDER, KEPT.at(-1)), "utf8"));
    const newer = structuredClone(image);
    newer.version += 1;
    await call("database.js", "writeImage", "version", newer);
    assert.equal(await call("store.js", "failure", "version"), "too_new");
    assert.deepEqual(await call("database.js", "readImage", "version"), newer);

    for (const store of Object.keys(image.stores).filter((name) => image.stores[name].length > 0)) {
      const changed = structuredClone(image);
      for (const record of changed.stores[store]) record[1] = ofLaterFormat(record[1]);
      await call("database.js", "writeImage", store, changed);
      const code = await call("store.js", "failure", store);
      // Counters are read when something is written.
      if (store !== "counters") assert.equal(code, "too_new", `a newer record in ${store}`);
      assert.deepEqual(await call("database.js", "readImage", store), changed);
    }
  }),
);

/** A record, in Base64, with a later format version than any there is and a checksum that fits. */
function ofLaterFormat(text) {
  const bytes = Buffer.from(text, "base64");
  bytes[FORMAT_AT] = NEWEST_FORMAT + 1;
  bytes.writeUInt32LE(
    crc32(Buffer.concat([bytes.subarray(0, CHECKSUM_AT), bytes.subarray(CHECKSUM_AT + 4)])),
    CHECKSUM_AT,
  );
  return bytes.toString("base64");
}

/** CRC-32 (IEEE), bit by bit. */
function crc32(bytes) {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}
