// The projects' lock files have to serve every machine, whichever one they were last written on.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PROJECTS = readdirSync(HERE).filter((name) => existsSync(path.join(HERE, name, "package.json")));

for (const project of PROJECTS) {
  describe(project, () => {
    const read = (file) => JSON.parse(readFileSync(path.join(HERE, project, file), "utf8"));
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

    test("pins every dependency to one version", () => {
      for (const [name, version] of Object.entries(read("package.json").devDependencies ?? {})) {
        assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is given as "${version}"`);
        assert.equal(packages[`node_modules/${name}`]?.version, version, name);
      }
    });
  });
}

test("every project is there", () => {
  assert.deepEqual(PROJECTS, ["esbuild", "node", "plain", "vite", "vite-7", "webpack"]);
});
