// package-lock.json has to serve every machine, whichever one it was last written on.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { ROOT } from "../../scripts/toolchain.mjs";

const lock = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8"));

test("names no registry's host", () => {
  for (const [name, entry] of Object.entries(lock.packages)) {
    assert.equal(entry.resolved, undefined, `${name} is bound to ${entry.resolved}`);
  }
});

test("holds the programs of every platform", () => {
  // npm leaves out an optional package that its registry does not have, and `npm ci` then refuses the file elsewhere.
  for (const [name, entry] of Object.entries(lock.packages)) {
    for (const wanted of Object.keys(entry.optionalDependencies ?? {})) {
      assert.ok(
        lock.packages[`node_modules/${wanted}`],
        `${wanted}, which ${name} may need, is not in the lock file`,
      );
    }
  }
});

test("pins every development dependency to one version", () => {
  const { devDependencies } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  for (const [name, version] of Object.entries(devDependencies)) {
    assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is given as "${version}"`);
    assert.equal(lock.packages[`node_modules/${name}`]?.version, version, name);
  }
});
