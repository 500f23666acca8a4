// Tells whether the package in dist/ is what its inputs would give, by content, so that nothing is built twice.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Every file under a folder, as paths relative to it with forward slashes, sorted.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .map((file) => file.split(path.sep).join("/"))
    .sort();
}

/**
 * A digest of files' names and contents, and of some words beside them.
 *
 * @param {string} root What the names are relative to.
 * @param {string[]} files
 * @param {string[]} [words] For instance a compiler's version.
 * @returns {string}
 */
export function digest(root, files, words = []) {
  const hash = createHash("sha256").update(JSON.stringify(words));
  for (const file of files) {
    const content = readFileSync(path.join(root, file));
    hash.update(`\n${file} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/**
 * The digest of a folder's files; `undefined` if there is no such folder.
 *
 * @param {string} folder
 */
export function folderDigest(folder) {
  try {
    return digest(folder, filesUnder(folder));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Reads a stamp; anything unreadable counts as none, since building again is always right.
 *
 * @param {string} file
 * @returns {{ inputs?: string, outputs?: string }}
 */
export function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")) ?? {};
  } catch {
    return {};
  }
}

/**
 * @param {string} file
 * @param {{ inputs: string, outputs: string | undefined }} stamp
 */
export function writeStamp(file, stamp) {
  writeFileSync(file, `${JSON.stringify(stamp)}\n`);
}
