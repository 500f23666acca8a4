/**
 * The package's entry with the module inside, for where none can be served beside the script.
 * @module
 */

import base64 from "./inline-wasm.js";
import { open, remove } from "./open.js";

export { ConflictError, isScribeError, ScribeError } from "./errors.js";

function source() {
  return Uint8Array.fromBase64?.(base64) ?? Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

export function openStore(options) {
  return open(options, source);
}

export function deleteStore(name) {
  return remove(name, source);
}
