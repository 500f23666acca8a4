/**
 * IndexedDB by hand: indexes on what a query can start from, relaxed durability, reads in batches.
 * @module
 */

import { committed, done, openDatabase } from "./idb.js";

const ENTRIES = "entries";

/** Rows a request: of 200, 1,000 and 5,000 the quickest. */
const BATCH = 200;

/** Nothing to load. */
export async function prepare() {}

/** Opens the database. */
export async function open() {
  const database = await openDatabase("bench", (created) => {
    const store = created.createObjectStore(ENTRIES, { keyPath: "seq", autoIncrement: true });
    store.createIndex("entryId", "entryId", { unique: true });
    for (const key of ["ts", "agent", "emoji"]) store.createIndex(key, key);
  });
  const reading = () => database.transaction(ENTRIES, "readonly").objectStore(ENTRIES);

  async function write(entries) {
    const transaction = database.transaction(ENTRIES, "readwrite", { durability: "relaxed" });
    const store = transaction.objectStore(ENTRIES);
    for (const entry of entries) store.add(entry);
    transaction.commit();
    await committed(transaction);
  }

  /** Newest matches and their number, from all entries: no index leads to them. */
  async function scan(matches, limit) {
    const store = reading();
    const found = [];
    let next = batch(store, undefined);
    while (next) {
      const rows = await next;
      // The next batch is on its way while this one is looked at.
      next = rows.length === BATCH ? batch(store, rows.at(-1).seq) : undefined;
      for (const row of rows) if (matches(row)) found.push(row);
    }
    found.sort(newestFirst);
    return { items: found.slice(0, limit), total: found.length };
  }

  return {
    insert: write,
    append: (entry) => write([entry]),
    async recent({ limit, offset }) {
      const index = reading().index("ts");
      if (offset === 0) return newest(index, undefined, limit);
      const cursor = await skip(index, offset);
      const found = [];
      if (!cursor) return found;
      for await (const rows of batches(index, { upper: cursor.key, seq: cursor.primaryKey, size: limit })) {
        found.push(...rows);
        if (found.length >= limit) break;
      }
      return found.slice(0, limit);
    },
    countAgent: ({ agent }) => done(reading().index("agent").count(agent)),
    agentsPage: (query) => inRange(reading().index("ts"), query),
    substringPage({ text, limit }) {
      const wanted = text.toLowerCase();
      return scan((row) => row.message.toLowerCase().includes(wanted), limit);
    },
    regexPage({ pattern, limit }) {
      const expression = new RegExp(pattern, "iu");
      return scan((row) => expression.test(row.message), limit);
    },
    metaPage: ({ key, value, limit }) => scan((row) => row.meta[key] === value, limit),
    close: () => database.close(),
  };
}

function batch(store, after) {
  return done(store.getAll(after === undefined ? undefined : IDBKeyRange.lowerBound(after, true), BATCH));
}

function newestFirst(a, b) {
  return b.ts - a.ts || b.seq - a.seq;
}

/**
 * Rows of the index by time, newest first, in batches.
 *
 * @param {IDBIndex} index
 * @param {{ lower?: number, upper?: number, size?: number, seq?: number }} from `seq` is that of the first row wanted
 *   among those of the instant `upper`. Default: everything, in large batches.
 */
async function* batches(index, { lower = -Infinity, upper = Infinity, size = BATCH, seq = Infinity }) {
  let first = { ts: upper, seq };
  for (let count = size; ; ) {
    const rows = await newest(index, IDBKeyRange.bound(lower, first.ts), count);
    // Rows of the very instant at which the batch before ended may be there again.
    const fresh = rows.filter((row) => row.ts < first.ts || row.seq <= first.seq);
    yield fresh;
    if (rows.length < count) return;
    if (fresh.length === 0) count *= 2;
    else first = { ts: fresh.at(-1).ts, seq: fresh.at(-1).seq - 1 };
  }
}

/** The newest rows in a range. */
async function newest(index, range, count) {
  if ("getAllRecords" in index) {
    const records = await done(index.getAllRecords({ query: range, direction: "prev", count }));
    return records.map((record) => record.value);
  }
  return new Promise((resolve, reject) => {
    const rows = [];
    const request = index.openCursor(range, "prev");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor) rows.push(cursor.value);
      if (!cursor || rows.length === count) resolve(rows);
      else cursor.continue();
    };
  });
}

/** A cursor over keys, so many rows behind the newest. */
async function skip(index, offset) {
  const request = index.openKeyCursor(undefined, "prev");
  const first = await done(request);
  if (!first) return undefined;
  first.advance(offset);
  return done(request);
}

/** The newest rows of some agents in a range of time, and the number of all. */
async function inRange(index, { agents, start, end, limit }) {
  const wanted = new Set(agents);
  const items = [];
  let total = 0;
  for await (const rows of batches(index, { lower: start, upper: end })) {
    for (const row of rows) {
      if (!wanted.has(row.agent)) continue;
      total += 1;
      if (items.length < limit) items.push(row);
    }
  }
  return { items, total };
}
