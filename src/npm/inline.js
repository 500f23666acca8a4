/**
 * The package's entry with the module inside, for where none can be served beside the script.
 * @module
 */

import base64 from "./inline-wasm.js";
import * as interchange from "./interchange.js";
import { open, remove } from "./open.js";

export { ConflictError, isScribeError, ScribeError } from "./errors.js";

// Named only once: minifiers write a constant out at each place that names it, and this one is a megabyte.
const source = () => decode(base64);

function decode(text) {
  return Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

export function openStore(options) {
  return open(options, source, async () => interchange);
}

export function deleteStore(name) {
  return remove(name, source);
}
