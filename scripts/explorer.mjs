// Builds the explorer, the page of www/, into target/www, on top of the package in dist/.
//
//   node scripts/explorer.mjs            unless target/www is up to date
//   node scripts/explorer.mjs --force    always

import path from "node:path";
import { BuildError, build as buildPackage, DIST } from "./build.mjs";
import { elapsed } from "./process.mjs";
import { SetUpError, setUp } from "./setup.mjs";
import { digest, filesUnder, folderDigest, readStamp, writeStamp } from "./stamp.mjs";
import { isMain, ROOT } from "./toolchain.mjs";

/** What is served. */
export const EXPLORER = path.join(ROOT, "target", "www");

const SOURCES = path.join(ROOT, "www");
const STAMP = path.join(ROOT, "target", "www-stamp.json");

/**
 * Builds the explorer, unless target/www already is what its inputs give. The package must have been built.
 *
 * @param {object} [options]
 * @param {boolean} [options.force] Builds in any case.
 * @returns {Promise<boolean>} Whether it built anything.
 * @throws {BuildError}
 */
export async function buildExplorer({ force = false } = {}) {
  const files = [
    "package-lock.json", // the versions of Vite and of what the page uses
    "scripts/explorer.mjs",
    ...filesUnder(SOURCES).map((file) => `www/${file}`),
    ...filesUnder(DIST).map((file) => `dist/${file}`),
  ];
  const inputs = digest(ROOT, files);
  const stamp = readStamp(STAMP);
  if (
    !force &&
    stamp.inputs === inputs &&
    stamp.outputs !== undefined &&
    stamp.outputs === folderDigest(EXPLORER)
  ) {
    return false;
  }
  const started = Date.now();
  // Not at the top: this file is also imported before the npm packages are installed.
  const { build: vite } = await import("vite");
  try {
    await vite({ root: SOURCES, configFile: path.join(SOURCES, "vite.config.mjs"), logLevel: "warn" });
  } catch (error) {
    throw new BuildError(`The explorer could not be built: ${error.message}`);
  }
  writeStamp(STAMP, { inputs, outputs: folderDigest(EXPLORER) });
  console.error(`built the explorer in ${elapsed(started)}`);
  return true;
}

if (isMain(import.meta.url)) {
  try {
    await setUp("start");
    await buildPackage();
    const built = await buildExplorer({ force: process.argv.includes("--force") });
    if (!built) console.error("target/www is up to date");
  } catch (error) {
    if (!(error instanceof SetUpError) && !(error instanceof BuildError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
