// Whether a bundler's output holds the module as often as it should.

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import path from "node:path";
import { filesUnder } from "../../scripts/stamp.mjs";

/**
 * Asserts that a folder holds a number of WebAssembly files, and the inlined module exactly once, in a script whose
 * name begins with "inline".
 *
 * @param {string} folder
 * @param {object} options
 * @param {string} options.project The project's folder, in which the package is installed.
 * @param {number} options.modules
 */
export function checkBundles(folder, { project, modules }) {
  const sizeOf = (file) => statSync(path.join(folder, file)).size;
  const inlined = statSync(path.join(project, "node_modules", "scribe-store", "dist", "inline.js")).size;
  const files = filesUnder(folder);
  assert.equal(files.filter((file) => file.endsWith(".wasm")).length, modules, files.join(" "));

  const large = files.filter((file) => file.endsWith(".js") && sizeOf(file) > inlined / 2);
  assert.equal(large.length, 1, `the inlined module is in ${large.join(" and ")}`);
  assert.match(path.basename(large[0]), /^inline\b/);
  const size = sizeOf(large[0]);
  assert.ok(size < 1.5 * inlined, `${large[0]} has ${size} bytes: it holds the module twice`);
}
