// How much a page downloads: compared with what was recorded, so that growth is a decision and not an accident.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { measure, RECORD } from "../../scripts/size.mjs";

/** What a page may have to wait for at most, in bytes. */
const MOST = 190_000;

/** Compilers differ a little from version to version. */
const TOLERANCE = 0.02;

const recorded = JSON.parse(readFileSync(RECORD, "utf8"));
const measured = measure();

for (const entry of ["default", "inline", "interchange", "tools", "mcp"]) {
  const { total, files } = measured[entry];
  test(`the entry "${entry}" has the recorded size`, () => {
    console.log(
      `${entry}: ${total} bytes with brotli, recorded ${recorded[entry].total} (${recorded.rustc})`,
    );
    for (const [file, bytes] of Object.entries(files)) console.log(`  ${String(bytes).padStart(7)}  ${file}`);
    const difference = total / recorded[entry].total - 1;
    assert.ok(
      Math.abs(difference) <= TOLERANCE,
      `${total} bytes are ${(difference * 100).toFixed(1)} % off the recorded ${recorded[entry].total}; ` +
        "if that is meant, `npm run size` records it",
    );
  });
}

test(`what a page downloads by default is ${MOST} bytes at most`, () => {
  assert.ok(measured.default.total <= MOST, `${measured.default.total} bytes`);
});
