// What `npm pack` ships: exactly this, so that neither a forgotten nor a stray file goes unnoticed.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import test from "node:test";
import { run } from "../../scripts/process.mjs";
import { cargoHome, npmCommand, ROOT } from "../../scripts/toolchain.mjs";

const SHIPPED = [
  "CHANGELOG.md",
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "dist/index.d.ts",
  "dist/index.js",
  "dist/inline.d.ts",
  "dist/inline.js",
  "dist/interchange.d.ts",
  "dist/interchange.js",
  "dist/live.d.ts",
  "dist/mcp.d.ts",
  "dist/mcp.js",
  "dist/node.js",
  "dist/retention.d.ts",
  "dist/scribe_store.wasm",
  "dist/scribe_store.wasm.d.ts",
  "dist/shared.js",
  "dist/signals.d.ts",
  "dist/storage.d.ts",
  "dist/summary.d.ts",
  "dist/tools.d.ts",
  "dist/tools.js",
  "package.json",
];

const manifest = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));

test("npm pack ships the listed files and no other", async () => {
  const { command, first } = npmCommand();
  const { problem, output, stdout } = await run(
    command,
    [...first, "pack", "--dry-run", "--json", "--ignore-scripts"],
    { show: "quiet", limitMs: 60_000 },
  );
  assert.equal(problem, undefined, output);
  const answer = JSON.parse(stdout);
  // A list of packages, or in newer versions of npm an object by their names.
  const [packed] = Array.isArray(answer) ? answer : Object.values(answer);
  assert.deepEqual(packed.files.map((file) => file.path).sort(), SHIPPED);
});

test("everything that package.json exports is shipped", () => {
  const targets = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(targets));
  for (const target of targets(manifest.exports)) {
    const file = target.replace(/^\.\//, "");
    assert.ok(SHIPPED.includes(file), `${target} is exported, but not shipped`);
    assert.ok(existsSync(path.join(ROOT, file)), `${target} is exported, but missing`);
  }
});

test("no file tells about the machine that built it", () => {
  const places = [ROOT, `${homedir()}${path.sep}`, cargoHome(), "index.crates.io"];
  for (const file of SHIPPED.filter((name) => name.startsWith("dist/"))) {
    const content = readFileSync(path.join(ROOT, file), "latin1");
    for (const place of places) assert.ok(!content.includes(place), `${file} contains ${place}`);
  }
});

test("the module holds nothing of messages that nobody sees", () => {
  const module = readFileSync(path.join(ROOT, "dist", "scribe_store.wasm"), "latin1");
  assert.deepEqual(module.match(/[\w/.-]+\.rs\b/g), null, "a place of a panic");
});

test("no text of the module shows a value as for debugging, which the build takes out", () => {
  const folder = path.join(ROOT, "src");
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".rs"));
  assert.ok(files.length > 50);
  for (const file of files.filter((name) => !name.endsWith("tables_from_regex.rs"))) {
    // Unit tests stand at the end of a file.
    const [shipped] = readFileSync(path.join(folder, file), "utf8").split("#[cfg(test)]\nmod tests");
    const [code] = shipped.split("#[cfg(all(test");
    assert.equal(code.match(/:#?\?\}/), null, `${file} has {:?} in a text`);
  }
});

test("installing the package runs nothing and brings no other package", () => {
  for (const script of ["preinstall", "install", "postinstall", "prepare"]) {
    assert.equal(manifest.scripts[script], undefined, `the script ${script} would run on users' machines`);
  }
  assert.equal(manifest.dependencies, undefined);
});
