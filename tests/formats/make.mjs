// Keeps an image of a database as this release stores it, and the answers that it gives.
//
//   node tests/formats/make.mjs 1    writes tests/formats/version-1.json
//
// An image is made when a format version is new, and never again: later releases must read it as it is.

import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "../../scripts/build.mjs";
import { FOLDER, inChromium } from "./site.mjs";

const version = process.argv[2];
const file = path.join(FOLDER, `version-${version}.json`);
if (!/^\d+$/.test(version ?? "")) throw new Error("which format version? node tests/formats/make.mjs 1");
if (existsSync(file)) throw new Error(`${file} is there already, and has to stay as it is`);
await build();
await inChromium(async (call) => {
  await call("store.js", "fill", "kept");
  const answers = await call("store.js", "ask", "kept");
  const image = await call("database.js", "readImage", "kept");
  writeFileSync(file, `${JSON.stringify({ image, answers })}\n`);
});
console.log(`${path.relative(process.cwd(), file)} written`);
