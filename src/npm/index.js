/**
 * The package's entry for browsers and bundlers: the module is loaded from beside this script.
 * @module
 */

import { open, remove } from "./open.js";

export { ConflictError, isScribeError, ScribeError } from "./errors.js";

// Written out as it is because bundlers look for this very expression.
const source = () => new URL("./scribe_store.wasm", import.meta.url);

// Not every page needs it.
const interchange = () => import("./interchange.js");

export function openStore(options) {
  return open(options, source, interchange);
}

export function deleteStore(name) {
  return remove(name, source);
}
