/**
 * The package's entry for Node, where a module beside the script is read as a file.
 * @module
 */

import { open, remove } from "./open.js";

export { ConflictError, isScribeError, ScribeError } from "./errors.js";

async function source() {
  const { readFile } = await import("node:fs/promises");
  return readFile(new URL("./scribe_store.wasm", import.meta.url));
}

export function openStore(options) {
  return open(options, source);
}

export function deleteStore(name) {
  return remove(name, source);
}
