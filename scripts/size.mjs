// How much a page downloads of the package, compressed with brotli.
//
//   node scripts/size.mjs    measures dist/ and records the figures in tests/package/size.json

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build, DIST } from "./build.mjs";
import { ask } from "./process.mjs";
import { setUp } from "./setup.mjs";
import { isMain, ROOT } from "./toolchain.mjs";

/** Where the figures are recorded. */
export const RECORD = path.join(ROOT, "tests", "package", "size.json");

/**
 * @typedef {object} Size
 * @property {number} total Bytes, as the files come from a server that compresses them, each by itself.
 * @property {Record<string, number>} files The same for each file.
 */

/**
 * Measures what a page downloads.
 *
 * @returns {{ default: Size, inline: Size, interchange: Size }} For the package's main entry, with the module beside it;
 *   for the entry that carries the module within; and what the main entry loads for imports and exports.
 */
export function measure() {
  return {
    default: sizeOf([...modulesFrom("index.js"), "scribe_store.wasm"]),
    inline: sizeOf(modulesFrom("inline.js")),
    interchange: sizeOf(modulesFrom("interchange.js")),
  };
}

/**
 * The modules of dist/ that are loaded with one of them: what it imports, and so on.
 *
 * @param {string} entry
 * @returns {string[]}
 */
export function modulesFrom(entry) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file)) return;
    found.add(file);
    // Without comments: types in them name modules that are not loaded.
    const source = readFileSync(path.join(DIST, file), "utf8").replace(/\/\*.*?\*\//gs, "");
    for (const [, specifier] of source.matchAll(IMPORT))
      visit(path.posix.join(path.posix.dirname(file), specifier));
  };
  visit(entry);
  return [...found].sort();
}

/**
 * An import of a neighbour: `import … from "./x.js"`, `export … from "./x.js"`, `import "./x.js"`. What `import("./x.js")`
 * loads comes later, and only where it is needed.
 */
const IMPORT = /(?:^|;)[ \t]*(?:import|export)\b[^;"'`(]*?["'](\.\.?\/[^"']+)["']/gm;

function sizeOf(files) {
  const sizes = Object.fromEntries(
    files.map((file) => [file, compressedSize(readFileSync(path.join(DIST, file)))]),
  );
  return { total: Object.values(sizes).reduce((a, b) => a + b, 0), files: sizes };
}

function compressedSize(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).length;
}

if (isMain(import.meta.url)) {
  await setUp("start");
  await build();
  const record = { rustc: await ask("rustc", ["--version"]), ...measure() };
  writeFileSync(RECORD, `${JSON.stringify(record, null, 2)}\n`);
  console.log(
    `default ${record.default.total} bytes, inline ${record.inline.total} bytes, interchange ` +
      `${record.interchange.total} bytes, recorded in tests/package/size.json`,
  );
}
