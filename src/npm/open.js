/**
 * Opening and deleting stores, given where the module comes from.
 * @module
 */

import { encode } from "./encode.js";
import { toScribeError } from "./errors.js";
import * as module from "./glue.js";
import { load } from "./load.js";
import { Store } from "./store.js";

const DEFAULT_NAME = "scribe-store";

/**
 * Opens a store.
 * @param {import("./index.js").OpenOptions | undefined} options
 * @param {() => unknown} defaultSource Where the module comes from unless the options say.
 * @param {(address: string | URL) => unknown} [get] Gets what is at an address; default: fetches it.
 */
export async function open(options = {}, defaultSource, get) {
  const argument = encode(options, "wasm");
  const { wasm, name = DEFAULT_NAME, backend = "indexeddb" } = options ?? {};
  await load(() => wasm ?? defaultSource(), get);
  try {
    const handle = await module.openStore(argument);
    return new Store(handle, name, backend);
  } catch (error) {
    throw toScribeError(error);
  }
}

/**
 * Deletes a database.
 * @param {string | undefined} name
 * @param {() => unknown} defaultSource
 * @param {(address: string | URL) => unknown} [get]
 */
export async function remove(name = DEFAULT_NAME, defaultSource, get) {
  const argument = encode({ name });
  await load(defaultSource, get);
  try {
    await module.deleteStore(argument);
  } catch (error) {
    throw toScribeError(error);
  }
}
