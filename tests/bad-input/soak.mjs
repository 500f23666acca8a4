// Thousands of calls with arguments of every kind, wherever this is loaded, and what must hold of each and afterwards.

import fc from "fast-check";
import { equal, ok, rejects } from "../api/assertions.mjs";
import { callsOf, made, openOptions } from "./calls.mjs";
import { checkError, checkResult, isKnown, isOfCallback } from "./contract.mjs";

/** Calls of one store; then it is closed, and the next one is begun. */
const PER_STORE = 1000;

/** One store in so many begins with entries enough for a segment. */
const SEALED = 8;

/** How many calls are made before the first of them is awaited, at most. */
const AT_ONCE = 6;

/** No call takes nearly as long, except one that hangs. */
const LIMIT_MS = 60_000;

/** How many entries of an iteration are read. */
const STEPS = 60;

/** How long a step of an iteration may take: those of a method unknown here may wait for what does not come. */
const STEP_MS = 25;

const asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");

/** Methods that end a store: each store is ended by them. */
const ENDINGS = ["close", asyncDispose];

/**
 * Makes calls, and checks each. Fails with the seed and the smallest call that was found to go wrong.
 *
 * @param {typeof import("scribe-store")} api
 * @param {object} options
 * @param {number} options.calls How many calls, at least.
 * @param {number} options.seed
 * @param {"indexeddb" | "memory"} options.backend
 * @returns {Promise<{ calls: number, methods: Record<string, number>, resolved: number, codes: Record<string, number>,
 *   stores: number, entries: number, slowest: { name: string, ms: number } }>} What was done.
 */
export async function soak(api, { calls, seed, backend }) {
  const tally = newTally();
  for (let round = 0; tally.calls < calls; round += 1) {
    const most = Math.min(PER_STORE, calls - tally.calls);
    await oneStore(api, { seed: seed + round, most, backend, name: `soak-${seed}-${round}` }, tally);
  }
  for (const name of [...tally.names, "openStore", "deleteStore", "isScribeError"]) {
    ok(tally.methods[String(name)] > 0, `${String(name)} was called`);
  }
  delete tally.names;
  return tally;
}

/** What was done: nothing yet. */
export function newTally() {
  return {
    calls: 0,
    methods: {},
    resolved: 0,
    codes: {},
    stores: 0,
    entries: 0,
    slowest: { name: "", ms: 0 },
  };
}

async function oneStore(api, { seed, most, backend, name }, tally) {
  const store = await api.openStore({ name, backend });
  tally.stores += 1;
  tally.names = Reflect.ownKeys(Object.getPrototypeOf(store)).filter((key) => key !== "constructor");
  const names = tally.names.filter((key) => !ENDINGS.includes(key));
  for (const project of ["p", "q", "r"]) await addProject(store, project);
  if (tally.stores % SEALED === 2) await fill(store);
  const context = new Context(api, tally);

  const batches = fc.array(callsOf(names), { minLength: 1, maxLength: AT_ONCE });
  const goal = tally.calls + most;
  const property = fc.asyncProperty(batches, async (batch) => {
    if (tally.calls >= goal) return;
    await Promise.all(batch.map((call) => context.check(store, call)));
  });
  await hold(property, { seed, numRuns: most });
  // A method comes up by itself, though not in a few calls.
  for (const key of names) {
    await hold(
      fc.asyncProperty(callsOf([key]), (call) => context.check(store, call)),
      { seed, numRuns: 2 },
    );
  }
  await hold(
    fc.asyncProperty(openOptions, (options) => context.checkOpening(options)),
    { seed, numRuns: 10 },
  );

  await checkStore(store, tally);
  await checkClosing(store, names, tally);
  if (backend === "indexeddb") await api.deleteStore(name);
  equal(Object.keys(Object.prototype), [], "no prototype was changed");
}

/** Has a property hold, or fails with the smallest example against it. */
async function hold(property, parameters) {
  const { failed, counterexample, errorInstance, counterexamplePath, seed } = await fc.check(
    property,
    parameters,
  );
  if (!failed) return;
  throw new Error(
    `${errorInstance?.message ?? "failed"}\n  with ${fc.stringify(counterexample)}\n  seed ${seed}, path ${counterexamplePath}`,
    { cause: errorInstance },
  );
}

/** What calls have to do with each other. */
export class Context {
  #api;
  #tally;
  #earlier = { project: [], entry: [], cursor: [], backup: [] };

  constructor(api, tally) {
    this.#api = api;
    this.#tally = tally;
  }

  /** Something that an earlier call returned. */
  earlier(kind, place) {
    const all = this.#earlier[kind];
    return all.length > 0 ? all[place % all.length] : undefined;
  }

  /** Makes a call as it is described, and checks what comes of it. */
  check(store, { name, args }) {
    return this.checkCall(store, name, made(args, this));
  }

  /** Makes a call, and checks what comes of it. */
  async checkCall(store, name, values) {
    this.#count(name);
    const began = performance.now();
    let pending;
    try {
      pending = settle(name, store[name](...values));
    } catch (error) {
      // Of all methods one alone tells at once what is wrong.
      if (name !== "subscribe") throw new Error(`${name} threw: ${error}`, { cause: error });
      pending = Promise.reject(error);
    }
    const onProgress = memberOf(values, "onProgress");
    // Whatever the caller does with its arguments now is nobody's concern.
    spoil(values);
    try {
      const value = await inTime(pending, name);
      checkResult(name, value);
      this.#remember(name, value);
      this.#tally.resolved += 1;
    } catch (error) {
      if (error?.name === "AssertionError" || error?.isLate) throw error;
      const isOwn = isOfCallback(name, onProgress, error);
      if (!isOwn) checkError(this.#api, name, error);
      const code = isOwn ? "what onProgress throws" : error.code;
      this.#tally.codes[code] = (this.#tally.codes[code] ?? 0) + 1;
    }
    const ms = performance.now() - began;
    // No timer fires while a call stands still.
    ok(ms < LIMIT_MS, `${name} took ${ms.toFixed(0)} ms`);
    if (ms > this.#tally.slowest.ms) this.#tally.slowest = { name, ms };
  }

  /** Opens a store as it is described, and asks whether what was passed is an error. */
  checkOpening(description) {
    return this.checkFunctions(() => made(description, this));
  }

  /** Passes to each function of the package what is made, and checks what comes of it. */
  async checkFunctions(make) {
    this.#count("isScribeError");
    equal(this.#api.isScribeError(make()), false, "it is no error of the package");
    this.#count("deleteStore");
    await inTime(this.#api.deleteStore(make()), "deleteStore").catch((error) => {
      if (error?.isLate) throw error;
      checkError(this.#api, "deleteStore", error, ["unavailable"]);
    });
    this.#count("openStore");
    let opened;
    try {
      opened = await inTime(this.#api.openStore(make()), "openStore");
    } catch (error) {
      if (error?.isLate) throw error;
      // In Node, and where a name is no name for a database.
      checkError(this.#api, "openStore", error, ["unavailable"]);
      return;
    }
    ok(["memory", "indexeddb"].includes(opened.backend) && typeof opened.name === "string", "it is a store");
    await opened.close();
    if (opened.backend === "indexeddb") await this.#api.deleteStore(opened.name);
  }

  #count(name) {
    this.#tally.calls += 1;
    this.#tally.methods[name] = (this.#tally.methods[name] ?? 0) + 1;
  }

  #remember(name, value) {
    const { project, entry, cursor, backup } = this.#earlier;
    if (name === "upsertProject") project.push(value);
    if (name === "appendEntry") entry.push(value);
    if (name === "exportStore") backup.push(value);
    if (value?.nextCursor) cursor.push(value.nextCursor);
    for (const all of [project, entry, cursor]) if (all.length > 100) all.shift();
    if (backup.length > 3) backup.shift();
  }
}

/**
 * Waits for what a method returned: a promise, an iterator, or what ends something.
 *
 * @param {string | symbol} name The method's name.
 * @param {unknown} returned
 */
async function settle(name, returned) {
  if (typeof returned === "function") return returned();
  if (typeof returned?.[Symbol.asyncIterator] !== "function") return returned;
  const steps = [];
  const iterator = returned[Symbol.asyncIterator]();
  while (steps.length < STEPS) {
    const next = iterator.next();
    const step = isKnown(name) ? await next : await Promise.race([next, sleep(STEP_MS)]);
    if (step === undefined) {
      // It ends with the step that it waits for.
      Promise.all([next, iterator.return()]).catch(() => {});
      return steps;
    }
    if (step.done) return steps;
    steps.push(step.value);
  }
  await iterator.return();
  return steps;
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The member with a name that one of the arguments has, if it lets itself be read. */
function memberOf(values, key) {
  for (const value of values) {
    try {
      if (value?.[key] !== undefined) return value[key];
    } catch {
      // It throws, or was revoked.
    }
  }
  return undefined;
}

/** Changes arguments after a call, as far as they let themselves be changed. */
function spoil(values) {
  for (const value of values) {
    if (typeof value !== "object" || value === null || value === globalThis) continue;
    try {
      if (Array.isArray(value)) value.length = 0;
      for (const key of Object.keys(value)) value[key] = 1n;
    } catch {
      // It is frozen, or throws.
    }
  }
}

async function inTime(pending, name) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(Object.assign(new Error(`${name} has not settled`), { isLate: true })),
      LIMIT_MS,
    );
  });
  try {
    return await Promise.race([pending, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Inserts more entries than a segment has. */
async function fill(store) {
  const entry = (_, index) => ({
    entryId: `filled-${index}`,
    project: "p",
    ts: 1e12 + index,
    emoji: "✅",
    agent: "ab"[index % 2],
    message: `m ${index}`,
    meta: { a: index % 7, b: { list: [index] } },
    rawLine: "",
    sha256: "",
  });
  const { inserted } = await store.insertEntries(Array.from({ length: 2100 }, entry));
  equal(inserted, 2100, "a store begins full");
}

function addProject(store, name) {
  return store.upsertProject({ name, repoRoot: "", progressLogPath: "" });
}

// ---------------------------------------------------------------- afterwards

/** Checks that a store is as it should be: metrics equal a recount, the chain is whole, and it goes on. */
export async function checkStore(store, tally) {
  for (const project of await store.listProjects()) {
    const entries = [];
    for await (const entry of store.iterateEntries({ project })) entries.push(entry);
    tally.entries += entries.length;
    const count = (emoji) => entries.filter((entry) => entry.emoji === emoji).length;
    const recount = {
      totalEntries: entries.length,
      successCount: count("✅"),
      warnCount: count("⚠️"),
      errorCount: count("❌"),
      lastUpdate: entries[0]?.ts ?? null,
    };
    equal(await store.fetchMetrics(project), recount, "the metrics equal a recount");
    equal(await store.countEntries(project), entries.length, "and so does the count");

    const report = await store.verifyProject(project);
    equal(report.entries, entries.length, "every entry is verified");
    entries.sort((one, other) => one.seq - other.seq);
    equal(
      entries.map(({ seq }) => seq),
      entries.map((_, index) => report.fromSeq + index),
      "the entries are numbered without gaps, from where pruning left the log",
    );
    const bad = await firstWrongLine(entries);
    equal(
      report.firstBad,
      bad && { seq: bad.seq, entryId: bad.entryId, reason: "line_hash" },
      "all is in order",
    );
  }
  await addProject(store, "afterwards");
  const before = await store.countEntries("afterwards");
  const { entryId } = await store.appendEntry({ project: "afterwards", message: "it goes on" });
  equal((await store.fetchEntry(entryId)).message, "it goes on", "what is appended is read");
  equal(await store.countEntries("afterwards"), before + 1, "and counted");
}

/** The first entry whose `sha256` is not the hash of its line. */
async function firstWrongLine(entries) {
  for (const entry of entries) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(entry.rawLine));
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (entry.sha256 !== hex) return entry;
  }
  return null;
}

/** Closes a store while calls are under way: each settles, and later ones reject. */
async function checkClosing(store, names, tally) {
  const writes = [1, 2, 3].map(() => store.appendEntry({ project: "afterwards", message: "m" }));
  const [close, dispose] = ENDINGS;
  for (const key of ENDINGS) tally.methods[String(key)] = (tally.methods[String(key)] ?? 0) + 1;
  const closing = tally.stores % 2 ? store[close]() : store[dispose]();
  const odd = store.queryEntries(null).then(
    () => "resolved",
    ({ code }) => code,
  );
  for (const { seq } of await inTime(Promise.all(writes), "writes before close"))
    ok(seq > 0, "a write is done");
  equal(await inTime(closing, "close"), undefined, "closing resolves");
  ok(["closed", "invalid_argument"].includes(await odd), "a call while it closes rejects");
  equal(await store[close](), undefined, "closing again resolves");
  for (const key of names) {
    // `subscribe` throws it.
    const call = key === "subscribe" ? async () => store[key](Symbol("s")) : () => store[key](Symbol("s"));
    await rejects(() => settle(key, call()), "closed", "", `${key} after close`);
  }
}
