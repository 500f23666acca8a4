// How `npm test` counts: a failure must never look like a success.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { cargoCounts, lostItsBrowser, tapCounts } from "../../scripts/counts.mjs";
import { check, chooseSteps, failure, notRun, runSteps, runTests, together } from "../../scripts/steps.mjs";
import { STEPS } from "../../scripts/test.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";

const outcome = (passed, failed = 0) => ({ passed, failed, skipped: 0, problems: [] });
const step = (name, result, needs = []) => ({ name, needs, run: async () => result });
const node = (script) => ({ command: process.execPath, args: ["-e", script] });

async function summaryOf(steps) {
  const lines = [];
  const good = await runSteps(steps, { print: (line) => lines.push(line) });
  return { good, lines, last: lines.at(-1), text: lines.join("\n") };
}

test("the last line adds up the steps", async () => {
  const { good, last } = await summaryOf([step("a", outcome(2)), step("b", outcome(3))]);
  assert.equal(last, "5 passed, 0 failed");
  assert.ok(good);
});

test("one failure fails the run, and the steps after it run all the same", async () => {
  const { good, last } = await summaryOf([step("a", outcome(2, 1)), step("b", outcome(3))]);
  assert.equal(last, "5 passed, 1 failed");
  assert.ok(!good);
});

test("a step whose need failed counts as failed", async () => {
  const { good, last, text } = await summaryOf([
    step("build", outcome(0, 1)),
    step("page", outcome(9), ["build"]),
  ]);
  assert.equal(last, "0 passed, 2 failed");
  assert.match(text, /page: it needs build, which failed/);
  assert.ok(!good);
});

test("a step that throws counts as failed", async () => {
  const thrower = { name: "a", needs: [], run: () => Promise.reject(new Error("boom")) };
  const { last, text } = await summaryOf([thrower, step("b", outcome(1))]);
  assert.equal(last, "1 passed, 1 failed");
  assert.match(text, /boom/);
});

test("a step that did not run is named, with the reason", async () => {
  const { good, last, text } = await summaryOf([
    step("a", notRun("Firefox is missing")),
    step("b", outcome(1)),
  ]);
  assert.equal(last, "1 passed, 0 failed");
  assert.match(text, /not run +a +Firefox is missing/);
  assert.ok(good);
});

test("a run in which nothing ran is no success", async () => {
  assert.ok(!(await summaryOf([step("a", notRun("missing"))])).good);
});

test("a check passes only if every command does", async () => {
  assert.deepEqual(await check("a", [node(""), node("")]).run(), { ...outcome(1) });
  const failed = await check("a", [node(""), node("process.exitCode = 4")]).run();
  assert.equal(failed.failed, 1);
  assert.match(failed.problems[0], /exit code 4/);
});

test("a test program that ran no test failed", async () => {
  const result = await runTests(node(""), ({ stdout }) => cargoCounts(stdout));
  assert.equal(result.failed, 1);
  assert.match(result.problems[0], /ran no test/);
});

test("a test program that skipped all its tests did not fail", async () => {
  const script = 'console.log("test result: ok. 0 passed; 0 failed; 1 ignored;")';
  const result = await runTests(node(script), ({ stdout }) => cargoCounts(stdout));
  assert.deepEqual([result.failed, result.skipped, result.problems], [0, 1, []]);
});

test("a test program that fails after its tests passed failed", async () => {
  const script = 'console.log("test result: ok. 2 passed; 0 failed; 0 ignored;"); process.exitCode = 1';
  const result = await runTests(node(script), ({ stdout }) => cargoCounts(stdout));
  assert.equal(result.passed, 2);
  assert.equal(result.failed, 1);
});

test("a run that lost its browser is made once more, which is remarked; any other failure stands", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "scribe-store-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const starts = "Running headless tests in Safari on `http://127.0.0.1:1/`\n";
  const passes = `${starts}test result: ok. 2 passed; 0 failed; 0 ignored;\n`;
  // Prints and exits as its first run is to, then as its second is to, and so on.
  const runs = async (name, ...endings) => {
    const script = `
      const fs = require("node:fs");
      const file = ${JSON.stringify(path.join(folder, name))};
      fs.appendFileSync(file, "x");
      const [printed, code] = ${JSON.stringify(endings)}[fs.readFileSync(file).length - 1];
      process.stdout.write(printed);
      process.exitCode = code;`;
    const result = await runTests(
      node(script),
      ({ stdout }) => cargoCounts(stdout),
      ({ output }) => lostItsBrowser(output),
    );
    return [result.passed, result.failed, result.remarks.length];
  };
  const lost = [`${starts}test a ... ok\n`, 1];
  assert.deepEqual(await runs("once", lost, [passes, 0]), [2, 0, 1]);
  assert.deepEqual(await runs("twice", lost, lost), [0, 1, 1]);
  assert.deepEqual(await runs("passes", [passes, 0]), [2, 0, 0]);
  assert.deepEqual(await runs("no browser", ["error: could not compile\n", 1]), [0, 1, 0]);
  assert.deepEqual(await runs("failed", [`${starts}test a ... FAIL\n`, 1]), [0, 1, 0]);
  for (const late of [
    "Failed to detect test. It might have timed out.",
    "webdriver POST /x timed out after 20.0s",
  ])
    assert.deepEqual(await runs(late.slice(0, 9), [`${starts}test a ... ok\n${late}\n`, 1]), [0, 1, 0]);
  const remarks = together([
    { ...outcome(1), remarks: ["again"] },
    { ...outcome(1), remarks: [] },
  ]);
  assert.match((await summaryOf([step("a", remarks)])).text, /2 passed, .*\n +again\n/);
});

test("outcomes of several programs add up, problems and all", () => {
  const { passed, failed, problems } = together([outcome(2), failure("x")]);
  assert.deepEqual({ passed, failed, problems }, { passed: 2, failed: 1, problems: ["x"] });
});

test("cargo's results are read", () => {
  const output = [
    "test a ... ok",
    "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
    "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
    "test result: ok. 4 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.05s",
  ].join("\n");
  assert.deepEqual(cargoCounts(output), { passed: 19, failed: 2, skipped: 1 });
});

test("Node's results are read, the cancelled ones as failed", () => {
  const report =
    "TAP version 13\n# pass 99\n1..4\n# tests 8\n# pass 3\n# fail 1\n# cancelled 2\n# skipped 1\n# todo 1\n";
  assert.deepEqual(tapCounts(report), { passed: 3, failed: 3, skipped: 2 });
  assert.deepEqual(tapCounts(""), { passed: 0, failed: 0, skipped: 0 });
});

test("steps are chosen by a part of their name, with what they need", () => {
  const steps = [step("build", outcome(1)), step("page", outcome(1), ["build"]), step("lint", outcome(1))];
  assert.deepEqual(
    chooseSteps(steps, ["PAGE"]).map(({ name }) => name),
    ["build", "page"],
  );
  assert.throws(
    () => chooseSteps(steps, ["nothing"]),
    /no step has "nothing" in its name; there are: build, page, lint/,
  );
});

test("every step has a name of its own and needs only steps before it", () => {
  const seen = new Set();
  for (const { name, needs } of STEPS) {
    assert.ok(!seen.has(name), name);
    for (const need of needs) assert.ok(seen.has(need), `${name} needs ${need}`);
    seen.add(name);
  }
});

test("every folder with tests belongs to a step", () => {
  const listed = readFileSync(path.join(ROOT, "scripts", "test.mjs"), "utf8");
  const folders = readdirSync(path.join(ROOT, "tests"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => readdirSync(path.join(ROOT, "tests", name)).some((file) => file.endsWith(".test.mjs")));
  for (const name of folders) assert.ok(listed.includes(`"tests/${name}"`), `tests/${name} is in no step`);
});
