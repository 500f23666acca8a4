/**
 * Loading of the WebAssembly module: once, whoever asks.
 * @module
 */

import { isScribeError, ScribeError } from "./errors.js";
import init from "./glue.js";

let loading;

/**
 * Loads the module. Calls share one load; after a failed one the next call tries again.
 * @param {() => unknown} source Where the module comes from: what `OpenOptions.wasm` may be, or a promise of it.
 */
export function load(source) {
  loading ??= Promise.resolve()
    .then(source)
    .then(toInitArgument)
    .then((module) => init({ module_or_path: module }))
    .then(() => undefined)
    .catch((error) => {
      loading = undefined;
      if (isScribeError(error)) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new ScribeError("unavailable", `the WebAssembly module could not be loaded: ${why}`, {
        cause: error,
      });
    });
  return loading;
}

/** Fetches what is an address, and turns down what cannot be a module. */
async function toInitArgument(source) {
  const response = isAddress(source) ? await fetch(source) : source;
  if (!isResponse(response)) {
    if (isBinary(response)) return response;
    throw new ScribeError(
      "invalid_argument",
      "`wasm` must be an address, a Response or a promise of one, bytes, or a compiled module",
    );
  }
  const where = response.url || "the response";
  if (!response.ok) {
    throw new ScribeError("unavailable", `${where} answered with status ${response.status}. ${REMEDY}`);
  }
  // Only this type can be compiled while it arrives; servers that do not know it are common.
  if (response.headers.get("content-type")?.startsWith("application/wasm")) return response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!isModule(bytes)) {
    const text = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart();
    const what = text.startsWith("<") ? "HTML" : "something that is not a WebAssembly module";
    throw new ScribeError(
      "unavailable",
      `${where} answered with ${what} instead of the WebAssembly module. ${REMEDY}`,
    );
  }
  return bytes;
}

const REMEDY =
  'The module has to be served beside the script: with Vite, set `optimizeDeps: { exclude: ["scribe-store"] }`; ' +
  'where it cannot be served, import "scribe-store/inline" instead, or pass the `wasm` option.';

function isAddress(source) {
  return typeof source === "string" || source instanceof URL;
}

function isResponse(source) {
  return typeof Response === "function" && source instanceof Response;
}

/** Whether something is bytes or a compiled module, of whatever realm. */
function isBinary(source) {
  const tag = Object.prototype.toString.call(source);
  return (
    ArrayBuffer.isView(source) || tag === "[object ArrayBuffer]" || tag === "[object WebAssembly.Module]"
  );
}

function isModule(bytes) {
  return bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
}
