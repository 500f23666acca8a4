/**
 * What the program that steers the browser calls: one engine, one database, one page.
 * @module
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { makeEntry } from "./data.js";
import { openBare } from "./engines/bare.js";
import { OPERATIONS, PAGE_SIZE } from "./operations.js";
import { wasmMemory } from "./wasm-memory.js";

/** Appended and put in turns of so many. */
const TURN = 20;

const ENGINES = {
  scribe: () => import("./engines/scribe.js"),
  indexeddb: () => import("./engines/indexeddb.js"),
  dexie: () => import("./engines/dexie.js"),
  sqlite: () => import("./engines/sqlite.js"),
};

const hash = (text) => bytesToHex(sha256(utf8ToBytes(text)));

let module;
let engine;

/** Loads an engine, and compiles what there is to compile. */
async function load(name) {
  module = await ENGINES[name]();
  await module.prepare();
}

/** Opens the database; with `create` for the first time. */
async function open({ create }) {
  engine = await module.open({ create });
}

/** Closes the database, if it was opened. */
async function close() {
  await engine?.close();
}

/** Inserts some entries in one call, and resolves to its time in milliseconds; making the entries is not timed. */
async function insert({ from, to }) {
  const entries = [];
  for (let index = from; index < to; index += 1) entries.push(makeEntry(index, hash));
  const started = performance.now();
  await engine.insert(entries);
  return performance.now() - started;
}

/** Runs an operation once: its answer, with whole entries, and its time. */
async function answer({ id, count }) {
  const { ms, result } = await timed(operation(id, count));
  return { ms, answer: normalised(result), memory: wasmMemory() };
}

/**
 * Runs an operation `runs` times; more often, up to ten times that, while all runs together take less than half a
 * second, and only once if it takes longer than `slowMs`.
 */
async function measure({ id, count, runs, slowMs }) {
  const run = operation(id, count);
  const times = [];
  let sum = 0;
  while (times.length < runs || (sum < 500 && times.length < runs * 10)) {
    const { ms } = await timed(run);
    times.push(ms);
    sum += ms;
    if (ms > slowMs) break;
  }
  return { times, memory: wasmMemory() };
}

/** Opens the database and reads its newest page, as the first thing that a page does. */
async function openAndRead() {
  const { ms, result } = await timed(async () => {
    engine = await module.open({ create: false });
    return engine.recent({ limit: PAGE_SIZE, offset: 0 });
  });
  return { ms, answer: normalised(result), memory: wasmMemory() };
}

/** Appends entries one by one, each awaited, in turns with bare puts of the same entries. */
async function append({ from, to }) {
  const bare = await openBare();
  const times = { append: [], put: [] };
  for (let first = from; first < to; first += TURN) {
    const entries = [];
    for (let index = first; index < Math.min(first + TURN, to); index += 1) {
      entries.push(makeEntry(index, hash));
    }
    for (const entry of entries) times.append.push((await timed(() => engine.append(entry))).ms);
    // IndexedDB by hand and Dexie write their number into the object.
    for (const { seq, ...entry } of entries) times.put.push((await timed(() => bare.put(entry))).ms);
  }
  bare.close();
  return times;
}

/** Bytes that this origin's databases take. */
async function usage() {
  const { usage: bytes, usageDetails: details } = await navigator.storage.estimate();
  return { bytes, details };
}

function operation(id, count) {
  const { method, argument } = OPERATIONS.find((one) => one.id === id);
  const given = argument(count);
  return () => engine[method](given);
}

async function timed(action) {
  const started = performance.now();
  const result = await action();
  return { ms: performance.now() - started, result };
}

/** Answers in one form: what engines return differs in the form of times, the order of keys, and numbers of rows. */
function normalised(result) {
  if (typeof result === "number") return { total: result };
  if (Array.isArray(result)) return { items: result.map(normalisedEntry) };
  return { items: result.items.map(normalisedEntry), total: result.total };
}

function normalisedEntry({ entryId, project, ts, emoji, agent, message, meta, rawLine, sha256: digest }) {
  const time = typeof ts === "number" ? ts : Date.parse(ts);
  return { entryId, project, ts: time, emoji, agent, message, meta, rawLine, sha256: digest };
}

globalThis.bench = { load, open, close, insert, answer, measure, openAndRead, append, usage, wasmMemory };
