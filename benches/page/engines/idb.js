/**
 * What the two engines on bare IndexedDB share: requests and transactions as promises.
 * @module
 */

/** @param {IDBRequest} request */
export function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} transaction */
export function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/**
 * Opens a database.
 *
 * @param {string} name
 * @param {(database: IDBDatabase) => void} create Makes its stores.
 * @returns {Promise<IDBDatabase>}
 */
export function openDatabase(name, create) {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => create(request.result);
  return done(request);
}
