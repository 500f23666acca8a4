/**
 * The package's entry for Node, where a module beside the script is read as a file.
 * @module
 */

import { open, remove } from "./open.js";

export { ConflictError, isScribeError, ScribeError } from "./errors.js";

const source = () => new URL("./scribe_store.wasm", import.meta.url);

const interchange = () => import("./interchange.js");

/** Gets what is at an address. Node does not fetch files. */
async function get(address) {
  if (!String(address).startsWith("file:")) return fetch(address);
  const { readFile } = await import("node:fs/promises");
  return readFile(new URL(address));
}

export function openStore(options) {
  return open(options, source, interchange, get);
}

export function deleteStore(name) {
  return remove(name, source, get);
}
