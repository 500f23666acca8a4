/**
 * The least that storing a row can take: one `put` into an object store without indexes.
 * @module
 */

import { committed, openDatabase } from "./idb.js";

const ROWS = "rows";

/** Opens a database of its own. */
export async function openBare() {
  const database = await openDatabase("bare", (created) => {
    created.createObjectStore(ROWS, { keyPath: "entryId" });
  });
  return {
    put(row) {
      const transaction = database.transaction(ROWS, "readwrite", { durability: "relaxed" });
      transaction.objectStore(ROWS).put(row);
      return committed(transaction);
    },
    close: () => database.close(),
  };
}
