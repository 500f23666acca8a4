// What others than the package do with IndexedDB.

/** Waits for a request of IndexedDB. */
export function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Opens a database as something that is not this package. */
export function openRaw(name, version, upgrade = () => {}) {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => upgrade(request.result);
  return done(request);
}

/**
 * Reads all records of a database.
 * @returns {Promise<{ table: string, key: ArrayBuffer, value: Uint8Array }[]>}
 */
export async function readRaw(name) {
  const database = await openRaw(name);
  const all = [];
  for (const table of database.objectStoreNames) {
    const store = database.transaction(table).objectStore(table);
    const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    all.push(...keys.map((key, index) => ({ table, key, value: values[index] })));
  }
  database.close();
  return all;
}

/** Puts a value in the place of a record's, or removes the record. */
export async function writeRaw(name, { table, key }, value) {
  const database = await openRaw(name);
  const transaction = database.transaction(table, "readwrite");
  const store = transaction.objectStore(table);
  if (value === undefined) store.delete(key);
  else store.put(value, key);
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  database.close();
}
