// What is compared, in the order in which it is shown.

/**
 * @typedef {object} Engine
 * @property {string} id
 * @property {string} name
 * @property {string} [package] The npm package that it comes in.
 */

/** @type {Engine[]} */
export const ENGINES = [
  { id: "scribe", name: "scribe-store", package: "scribe-store" },
  { id: "indexeddb", name: "IndexedDB by hand" },
  { id: "dexie", name: "Dexie", package: "dexie" },
  { id: "sqlite", name: "SQLite (OPFS)", package: "@sqlite.org/sqlite-wasm" },
];
