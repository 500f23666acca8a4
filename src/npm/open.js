/**
 * Opening and deleting stores, given where the module and the scripts come from.
 * @module
 */

import { encode } from "./encode.js";
import { ScribeError, toScribeError } from "./errors.js";
import { alarm, Live } from "./live.js";
import { load } from "./load.js";
import { Store } from "./store.js";

const DEFAULT_NAME = "scribe-store";

/**
 * Opens a store.
 * @param {import("./index.js").OpenOptions | undefined} options
 * @param {() => unknown} defaultSource Where the module comes from unless the options say.
 * @param {() => Promise<typeof import("./interchange.js")>} interchange Loads what reads and writes logs as text.
 * @param {(address: string | URL) => unknown} [get] Gets what is at an address; default: fetches it.
 */
export async function open(options = {}, defaultSource, interchange, get) {
  const apart = new Map([["wasm", undefined]]);
  const argument = encode(options, apart);
  // As they were read, once: the options may say something else the next time.
  const { name = DEFAULT_NAME, backend = "indexeddb" } = JSON.parse(argument) ?? {};
  const instance = await load(() => apart.get("wasm") ?? defaultSource(), get);
  try {
    const live = new Live(name, backend);
    const handle = await instance.run((api) => api.openStore(argument, (change) => live.made(change)));
    return new Store(instance, handle, live, loading(interchange), name, backend);
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
  const instance = await load(defaultSource, get);
  try {
    await instance.run((api) => api.deleteStore(argument));
    alarm(name);
  } catch (error) {
    throw toScribeError(error);
  }
}

/** Names what went wrong when a script could not be loaded. */
function loading(load) {
  return async () => {
    try {
      return await load();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ScribeError(
        "unavailable",
        `the script for imports and exports could not be loaded: ${why}. Where scripts cannot be loaded later, as in ` +
          'service workers, import "scribe-store/inline" instead.',
        { cause: error },
      );
    }
  };
}
