// A database of IndexedDB as plain data, and back: without the package, so that its tests can trust it.

/**
 * @typedef {object} Image
 * @property {number} version The database's version.
 * @property {Record<string, [key: string, value: string][]>} stores The records of each object store, in Base64.
 */

/**
 * Reads a database.
 *
 * @param {string} name
 * @returns {Promise<Image>}
 */
export async function readImage(name) {
  const database = await done(indexedDB.open(name));
  const stores = {};
  for (const store of database.objectStoreNames) {
    const records = database.transaction(store).objectStore(store);
    const [keys, values] = await Promise.all([done(records.getAllKeys()), done(records.getAll())]);
    stores[store] = keys.map((key, place) => [toText(new Uint8Array(key)), toText(values[place])]);
  }
  const { version } = database;
  database.close();
  return { version, stores };
}

/**
 * Makes a database.
 *
 * @param {string} name
 * @param {Image} image
 */
export async function writeImage(name, { version, stores }) {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => {
    for (const [store, records] of Object.entries(stores)) {
      const made = request.result.createObjectStore(store);
      for (const [key, value] of records) made.put(toBytes(value), toBytes(key));
    }
  };
  (await done(request)).close();
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function toText(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function toBytes(text) {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
