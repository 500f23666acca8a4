// `npm run bench` at a small size: every engine answers alike, and the files that it writes hold every operation.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { ENGINES } from "../../benches/engines.mjs";
import { plot } from "../../benches/plot.mjs";
import { report, TIMED } from "../../benches/report.mjs";
import { judge } from "../../benches/targets.mjs";
import { describeMissing, engine } from "../../scripts/browsers.mjs";
import { run } from "../../scripts/process.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";

const COUNT = 300;
const { browser } = engine("Chromium");
const skip = browser.find() === undefined && process.env.CI !== "true" && describeMissing([browser]);

function bench(...args) {
  const program = path.join(ROOT, "benches", "bench.mjs");
  return run(process.execPath, [program, ...args], { show: "quiet", limitMs: 240_000 });
}

describe("a run", { skip }, () => {
  let folder;
  let result;
  let results;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "scribe-store-bench-test-"));
    result = await bench("--sizes", String(COUNT), "--runs", "1", "--out", folder);
    results = JSON.parse(readFileSync(path.join(folder, "results.json"), "utf8"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("ends well, so that all answers were right", () => {
    assert.equal(result.problem, undefined, result.output);
    assert.equal(results.sizes.length, 1);
    assert.equal(results.sizes[0].count, COUNT);
  });

  for (const { id, name } of ENGINES) {
    test(`has every figure of ${name}`, () => {
      const { operations, disk, wasmMemory } = results.sizes[0].engines[id];
      assert.deepEqual(Object.keys(operations).sort(), TIMED.map((one) => one.id).sort());
      for (const [operation, { ms, runs }] of Object.entries(operations)) {
        assert.ok(ms > 0 && runs >= 1, `${operation}: ${ms} ms in ${runs} runs`);
      }
      assert.ok(disk.bytes > 0);
      assert.equal(wasmMemory !== undefined, id === "scribe");
    });
  }

  test("says on what it ran", () => {
    assert.match(results.browser, /^(Headless)?Chrome\/\d+/);
    assert.ok(results.machine.cores > 0);
    assert.deepEqual(
      Object.keys(results.packages),
      ENGINES.flatMap((one) => one.package ?? []),
    );
    for (const version of Object.values(results.packages)) assert.match(version, /^\d+\.\d+\.\d+/);
  });

  test("prints a table and draws a plot with every operation", () => {
    const drawn = readFileSync(path.join(folder, "results.svg"), "utf8");
    assert.equal(drawn, plot(results));
    assert.ok(result.stdout.includes(report(results)));
    for (const { id, title } of TIMED) {
      assert.ok(result.stdout.includes(title), title);
      if (id !== "put") assert.ok(drawn.includes(title), title);
    }
  });
});

test("a wrong option is refused before anything happens", async () => {
  for (const args of [
    ["--sizes", "ten"],
    ["--engines", "scribe,other"],
    ["--runs", "0"],
    ["--size", "5"],
  ]) {
    const { code, output } = await bench(...args);
    assert.equal(code, 2, `${args.join(" ")}: ${output}`);
  }
});

test("targets are judged by what was measured", () => {
  const timed = (ms) => ({ operations: { offset: { ms } } });
  const of = (targets) => targets.find(({ operation }) => operation === "offset");
  assert.equal(of(judge({ 100000: { scribe: timed(1), dexie: timed(250) } })).met, true);
  assert.equal(of(judge({ 100000: { scribe: timed(2), dexie: timed(250) } })).met, false);
  assert.equal(of(judge({ 100000: { scribe: timed(1), dexie: { skipped: "slow" } } })).met, undefined);
  assert.equal(of(judge({})).met, undefined);
});
