// The lock file of the peers has to serve every machine, and name each of them in one version.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ROOT } from "../../scripts/toolchain.mjs";

const read = (file) => JSON.parse(readFileSync(path.join(ROOT, "benches", file), "utf8"));
const { packages } = read("package-lock.json");

test("names no registry's host", () => {
  for (const [name, entry] of Object.entries(packages)) {
    assert.equal(entry.resolved, undefined, `${name} is bound to ${entry.resolved}`);
  }
});

test("holds the programs of every platform", () => {
  for (const [name, entry] of Object.entries(packages)) {
    for (const wanted of Object.keys(entry.optionalDependencies ?? {})) {
      assert.ok(packages[`node_modules/${wanted}`], `${wanted}, which ${name} may need, is missing`);
    }
  }
});

test("pins every package to one version", () => {
  for (const [name, version] of Object.entries(read("package.json").devDependencies)) {
    assert.match(version, /^\d+\.\d+\.\d+(-build\d+)?$/, `${name} is given as "${version}"`);
    assert.equal(packages[`node_modules/${name}`]?.version, version, name);
  }
});
