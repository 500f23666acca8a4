// The entry with the module inside has the very same types.

import * as api from "scribe-store";
import * as inline from "scribe-store/inline";

export const same: typeof api = inline;
export const alsoSame: typeof inline = api;

export async function open(options: api.OpenOptions): Promise<inline.ScribeStore> {
  const store: api.ScribeStore = await inline.openStore(options);
  return store;
}

// @ts-expect-error: an unknown option
inline.openStore({ dbName: "x" });
