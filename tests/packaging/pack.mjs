// The package as npm would publish it, installed into copies of the projects in this folder.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "../../scripts/process.mjs";
import { digest, folderDigest } from "../../scripts/stamp.mjs";
import { npmCommand, ROOT } from "../../scripts/toolchain.mjs";

const HERE = path.join(ROOT, "tests", "packaging");
const DIST = path.join(ROOT, "dist");
const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/**
 * A copy of a project, in a folder of its own outside the repository, where it cannot find the repository's packages.
 *
 * @typedef {object} Project
 * @property {string} folder
 * @property {(...args: string[]) => Promise<string>} node Runs Node in it, and returns what that wrote. Rejects when
 *   it fails.
 * @property {() => void} close Removes it.
 */

/**
 * Copies a project, installs what its lock file names and then the packed package.
 *
 * @param {string} name The folder's name.
 * @param {string} [like] Another project, whose files this one has wherever it has none of its own.
 * @returns {Promise<Project>}
 */
export async function makeProject(name, like = name) {
  const folder = mkdtempSync(path.join(tmpdir(), `scribe-store-${name}-`));
  try {
    cpSync(path.join(HERE, like), folder, { recursive: true });
    cpSync(path.join(HERE, name), folder, { recursive: true });
    cpSync(path.join(HERE, "exercise.js"), path.join(folder, "exercise.js"));
    // What is in npm's cache is not asked for again.
    await npm(folder, "ci", "--prefer-offline", ...QUIET);
    await npm(folder, "install", "--no-save", "--prefer-offline", ...QUIET, await packed());
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    folder,
    node: (...args) => demand(process.execPath, args, folder),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The archive that `npm pack` makes. One is kept for all tests, until what is packed changes. */
async function packed() {
  assert.ok(
    existsSync(path.join(DIST, "index.js")),
    "the package has not been built: run `npm run build` first",
  );
  const kept = path.join(ROOT, "target", "packed");
  const folder = path.join(kept, digest(ROOT, ["package.json"], [folderDigest(DIST)]));
  if (!existsSync(folder)) {
    mkdirSync(kept, { recursive: true });
    for (const old of readdirSync(kept)) rmSync(path.join(kept, old), { recursive: true, force: true });
    const next = mkdtempSync(path.join(kept, "next-"));
    // Without the script that builds: what is tested is what was built.
    await npm(ROOT, "pack", "--pack-destination", next, ...QUIET);
    renameSync(next, folder);
  }
  const archives = readdirSync(folder);
  assert.equal(archives.length, 1, `${folder} should hold one archive`);
  return path.join(folder, archives[0]);
}

function npm(cwd, ...args) {
  const { command, first } = npmCommand();
  return demand(command, [...first, ...args], cwd);
}

async function demand(command, args, cwd) {
  const { problem, output } = await run(command, args, { cwd, show: "quiet", limitMs: 240_000 });
  assert.equal(problem, undefined, `${path.basename(command)} ${args.join(" ")}: ${problem}\n${output}`);
  return output;
}
