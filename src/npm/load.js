/**
 * Loading of the WebAssembly module: once, whoever asks, unless it breaks.
 * @module
 */

import { isScribeError, reasonOf, ScribeError } from "./errors.js";
import { STAMP } from "./glue.js";
import { Instance } from "./instance.js";

let loading;

/**
 * Loads the module and makes an instance of it. Calls share one; after a load that failed, and when the instance is
 * broken, the next call tries again.
 * @param {() => unknown} source Where the module comes from: what `OpenOptions.wasm` may be, or a promise of it.
 * @param {(address: string | URL) => unknown} get Gets what is at an address: a response, or bytes.
 */
export function load(source, get = (address) => fetch(address)) {
  loading ??= Promise.resolve()
    .then(source)
    .then((given) => compile(given, get))
    .then((module) => Instance.start(module, forget))
    .catch((error) => {
      forget();
      if (isScribeError(error)) throw error;
      const why = reasonOf(error);
      throw new ScribeError("unavailable", `the WebAssembly module could not be loaded: ${why}`, {
        cause: error,
      });
    });
  return loading;
}

function forget() {
  loading = undefined;
}

/** Compiles the module, from wherever it comes, and turns down what it cannot be. */
async function compile(source, get) {
  const given = isAddress(source) ? await get(source) : source;
  const module = isCompiled(given) ? given : await compileResponse(given);
  // Checked before it is put to use: the glue keeps the first module that it gets, and goes with this one alone.
  if (WebAssembly.Module.customSections(module, STAMP).length === 0) {
    throw new ScribeError(
      "unavailable",
      `the WebAssembly module that was loaded is not this package's, or of another release. ${REMEDY}`,
    );
  }
  return module;
}

async function compileResponse(given) {
  if (!isResponse(given)) return WebAssembly.compile(toBytes(given));
  const where = given.url || "the response";
  if (!given.ok) {
    throw new ScribeError("unavailable", `${where} answered with status ${given.status}. ${REMEDY}`);
  }
  // Only this type can be compiled while it arrives; servers that do not know it are common.
  if (given.headers.get("content-type")?.startsWith("application/wasm")) {
    return WebAssembly.compileStreaming(given);
  }
  const bytes = new Uint8Array(await given.arrayBuffer());
  if (!isModule(bytes)) {
    const text = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart();
    const what = text.startsWith("<") ? "HTML" : "something that is not a WebAssembly module";
    throw new ScribeError(
      "unavailable",
      `${where} answered with ${what} instead of the WebAssembly module. ${REMEDY}`,
    );
  }
  return WebAssembly.compile(bytes);
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

function isCompiled(source) {
  return Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
}

/** Takes a buffer, or a view of one, also of another realm. */
function toBytes(source) {
  // Some engines take a `DataView` for no bytes.
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  if (Object.prototype.toString.call(source) === "[object ArrayBuffer]") return source;
  throw new ScribeError(
    "invalid_argument",
    "`wasm` must be an address, a Response or a promise of one, bytes, or a compiled module",
  );
}

function isModule(bytes) {
  return bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
}
