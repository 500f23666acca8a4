// Fills up all the room that the site has with something else, and writes to a store until that is gone again.

import { deleteStore, openStore } from "/dist/index.js";

const BALLAST = "ballast";
const project = "p";

function noise(bytes) {
  const parts = [];
  for (let left = bytes; left > 0; left -= 60_000) {
    parts.push(crypto.getRandomValues(new Uint8Array(Math.min(left, 60_000))));
  }
  return parts;
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Writes values to a database, ever smaller ones, until there is no room for any. */
async function fillUp() {
  const request = indexedDB.open(BALLAST, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("ballast", { autoIncrement: true });
  const database = await settled(request);
  let bytes = 2_000_000;
  let written = 0;
  while (bytes > 5000) {
    const transaction = database.transaction("ballast", "readwrite");
    try {
      transaction.objectStore("ballast").add(noise(bytes));
    } catch (error) {
      // Behind one that failed for want of room, Firefox has a transaction that may only delete.
      if (error.name !== "InvalidStateError") throw error;
      continue;
    }
    const error = await new Promise((resolve) => {
      transaction.oncomplete = () => resolve(null);
      transaction.onabort = () => resolve(transaction.error);
    });
    if (error === null) written += bytes;
    else if (error.name === "QuotaExceededError") bytes = Math.floor(bytes / 4);
    else throw error;
    if (written > 200_000_000) throw new Error("there is no end of room");
  }
  database.close();
  return written;
}

async function readAll(store) {
  const entries = [];
  for await (const entry of store.iterateEntries({ project })) entries.push(entry);
  const { totalEntries } = await store.fetchMetrics(project);
  const { entries: verified, firstBad } = await store.verifyProject(project);
  return {
    entries: entries.sort((one, other) => one.seq - other.seq),
    totalEntries,
    verified,
    reason: firstBad?.reason ?? null,
    counted: await store.countEntries(project),
  };
}

/** What came of each kind of write. */
async function outcomes(store, text) {
  const bulk = Array.from({ length: 1000 }, (_, index) => ({
    entryId: `bulk ${index}`,
    project,
    ts: index,
    emoji: "✅",
    message: text.slice(index * 1500, index * 1500 + 1500),
    rawLine: "",
    sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  }));
  const calls = {
    append: () => store.appendEntry({ project, message: text }),
    bulk: () => store.insertEntries(bulk),
    recordDocChange: () =>
      store.recordDocChange(project, { doc: text, action: "a", shaBefore: "1", shaAfter: "2" }),
  };
  const found = {};
  for (const [name, call] of Object.entries(calls)) {
    const outcome = () =>
      call().then(
        () => "done",
        (error) => (error.retryable ? error.code : String(error)),
      );
    found[name] = await outcome();
    // Behind a write that failed for want of room, Firefox has one transaction that may only delete.
    if (found[name] === "unavailable") found[name] = await outcome();
  }
  return found;
}

/** Has a store meet a full disk, and go on once there is room again; the test calls this. */
globalThis.meetFullDisk = async (durability) => {
  const store = await openStore({ durability });
  await store.upsertProject({ name: project, repoRoot: "/p", progressLogPath: "/log" });
  for (let index = 0; index < 20; index += 1)
    await store.appendEntry({ project, message: `before ${index}` });
  const before = await readAll(store);
  const written = await fillUp();
  // Too large for what is free within the database's own file.
  const text = noise(3_000_000)
    .map((part) => Array.from(part, (byte) => String.fromCharCode(32 + (byte % 90))).join(""))
    .join("");
  const full = await outcomes(store, text);
  const meanwhile = await readAll(store);
  await deleteStore(BALLAST);
  // Less than what is free now: room within a file that has grown is not given back.
  const roomy = await outcomes(store, text.slice(0, 300_000));
  const after = await readAll(store);
  await store.close();
  await deleteStore();
  const brief = ({ entries, ...others }) => ({ ...others, count: entries.length });
  return {
    written,
    full,
    isSame: JSON.stringify(before) === JSON.stringify(meanwhile),
    isKept: JSON.stringify(before.entries) === JSON.stringify(after.entries.slice(0, 20)),
    roomy,
    before: brief(before),
    after: brief(after),
  };
};
