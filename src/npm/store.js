/**
 * The store, as callers hold it.
 * @module
 */

import { encode, encodeEach, invalid, tag } from "./encode.js";
import { closed, reasonOf, ScribeError, toScribeError } from "./errors.js";
import { abortable, asSignal, onlySignalOf, signalOf, throwIfAborted } from "./signals.js";
import { persist, room } from "./storage.js";
import { streamOf } from "./stream.js";
import { Tail } from "./tail.js";

// Engines without explicit resource management have no such symbol; polyfills register this one.
const asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");

/** More turns than there are between the end of a call and what its caller awaits. */
const MOST_TURNS = 16;

export class Store {
  // Minifiers rename classes.
  static name = "Store";

  #instance;
  /** The module's side of the store; gone once it is closed. */
  #handle;
  /** Promises of calls under way to end, in any way: the module's side must outlive them. */
  #running = new Set();
  #closing;
  #live;

  /** Loads what reads and writes logs as text. */
  #interchange;

  constructor(instance, handle, live, interchange, name, backend) {
    this.#instance = instance;
    this.#handle = handle;
    this.#live = live;
    this.#interchange = interchange;
    Object.defineProperty(this, "name", { value: name, enumerable: true });
    Object.defineProperty(this, "backend", { value: backend, enumerable: true });
  }

  close() {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [asyncDispose]() {
    return this.close();
  }

  upsertProject(project) {
    return this.#write("upsertProject", project);
  }

  fetchProject(name, options) {
    return this.#read("fetchProject", { name }, options);
  }

  listProjects(options) {
    return this.#read("listProjects", {}, options);
  }

  deleteProject(name) {
    return this.#write("deleteProject", { name });
  }

  fetchMetrics(project, options) {
    return this.#read("fetchMetrics", { project }, options);
  }

  pruneEntries(options) {
    return this.#write("pruneEntries", options);
  }

  verifyProject(project, options) {
    return this.#read("verifyProject", { project }, options);
  }

  insertEntry(entry) {
    return this.#write("insertEntry", entry);
  }

  async insertEntries(entries, options) {
    this.#checkOpen();
    return await this.#run(onlySignalOf(options), async (handle, isAborted, api) => {
      const batch = new api.EntryBatch();
      try {
        encodeEach(entries, (text) => batch.push(text));
        if (isAborted) handle.unless(isAborted);
        return await handle.insertEntries(batch);
      } finally {
        batch.free();
      }
    });
  }

  appendEntry(entry) {
    return this.#write("appendEntry", entry);
  }

  fetchEntry(entryId, options) {
    return this.#read("fetchEntry", { entryId }, options);
  }

  fetchRecentEntries(options) {
    return this.#read("fetchRecentEntries", options);
  }

  fetchRecentEntriesPaginated(options) {
    return this.#read("fetchRecentEntriesPaginated", options);
  }

  countEntries(project, filters, options) {
    return this.#read("countEntries", { project, filters }, options);
  }

  queryEntries(query) {
    return this.#read("queryEntries", query);
  }

  queryEntriesPaginated(query) {
    return this.#read("queryEntriesPaginated", query);
  }

  countQueryEntries(query) {
    return this.#read("countQueryEntries", query);
  }

  summarizeEntries(query) {
    return this.#read("summarizeEntries", query);
  }

  iterateEntries(query) {
    return this.#iterate(prepare(query));
  }

  async *#iterate(query) {
    for await (const entries of this.#batches(query)) {
      for (const entry of entries) {
        throwIfAborted(query.signal);
        yield entry;
      }
    }
  }

  /** Yields entries some at a time, newest first. */
  async *#batches(query) {
    let place = null;
    do {
      const { entries, next } = await this.#readOn(query, place, false);
      yield entries;
      place = next;
    } while (place);
  }

  exportJsonl(query) {
    return this.#export(query, ({ jsonLines }, prepared) => jsonLines(this.#batches(prepared)));
  }

  importJsonl(source, options) {
    return this.#import("importJsonLines", source, options);
  }

  exportProgressLog(query) {
    return this.#export(query, ({ logLines }, { text, signal }) => logLines(this.#core(), text, signal));
  }

  importProgressLog(source, options) {
    return this.#import("importLogLines", source, options);
  }

  exportStore(options = {}) {
    return this.#export(options, ({ backupLines }, { text, signal }) =>
      backupLines(this.#core(), text, signal),
    );
  }

  importStore(source, options) {
    return this.#import("importBackup", source, options);
  }

  /** Makes a stream, given what makes texts of an argument. */
  #export(argument, write) {
    const prepared = prepare(argument);
    const texts = async function* (store) {
      store.#checkOpen();
      if (prepared.mistake) throw prepared.mistake;
      yield* write(await store.#interchange(), prepared);
    };
    return streamOf(texts(this), prepared.signal);
  }

  async #import(name, source, options) {
    this.#checkOpen();
    const taken = take(options);
    const interchange = await this.#interchange();
    return interchange[name](this.#core(), source, taken);
  }

  /** What imports and exports work with. */
  #core() {
    return {
      store: this,
      run: (call, signal) => this.#run(signal, (handle, isAborted, api) => call(handle, api, isAborted)),
      fail: (code, message, cause) => new ScribeError(code, message, cause && { cause }),
      reasonOf,
      readOn: (...args) => this.#readOn(...args),
      abortable,
      signalOf,
      throwIfAborted,
    };
  }

  tail(query) {
    const prepared = prepare(query, "fromSeq");
    const { project, fromSeq, signal } = prepared;
    // At once: what is inserted from now on counts, whenever the first step is made.
    const first = this.#readOn(prepared, fromSeq === undefined ? null : { ts: 0, seq: fromSeq }, true);
    first.catch(() => {});
    const read = (place) => (place ? this.#readOn(prepared, place, true) : first);
    return new Tail(read, this.#live, project, signal);
  }

  /** Reads some entries of an iteration, or of a log that is followed, from a place on. */
  async #readOn({ text, signal, mistake }, place, follows) {
    const argument = `{"query":${text},"place":${JSON.stringify(place)},"follows":${follows}}`;
    return this.#readText("iterateEntries", argument, signal, mistake);
  }

  subscribe(listener, options) {
    return this.#live.subscribe(listener, options);
  }

  recordDocChange(project, change) {
    return this.#write("recordDocChange", { project, change });
  }

  listDocChanges(options) {
    return this.#read("listDocChanges", options);
  }

  recordAgentReportCard(project, card) {
    return this.#write("recordAgentReportCard", { project, card });
  }

  listAgentReportCards(options) {
    return this.#read("listAgentReportCards", options);
  }

  upsertAgentSession(agentId, sessionId, metadata) {
    return this.#write("upsertAgentSession", { agentId, sessionId, metadata });
  }

  fetchAgentSession(sessionId, options) {
    return this.#read("fetchAgentSession", { sessionId }, options);
  }

  listAgentSessions(options = {}) {
    return this.#read("listAgentSessions", options);
  }

  heartbeatSession(sessionId) {
    return this.#write("heartbeatSession", { sessionId });
  }

  endSession(sessionId) {
    return this.#write("endSession", { sessionId });
  }

  expireSessions(idleMs) {
    return this.#write("expireSessions", { idleMs });
  }

  getAgentProject(agentId, options) {
    return this.#read("getAgentProject", { agentId }, options);
  }

  setAgentProject(change) {
    return this.#write("setAgentProject", change);
  }

  listAgentEvents(options = {}) {
    return this.#read("listAgentEvents", options);
  }

  async storage(options) {
    const bytes = await this.#read("storedBytes", {}, options);
    return { bytes, ...(await room()) };
  }

  async requestPersistence() {
    this.#checkOpen();
    return persist();
  }

  /** Calls a method of the module that writes. */
  #write(method, argument) {
    return this.#run(undefined, (handle) => handle[method](encode(argument)));
  }

  /** Calls a method of the module that reads. The options, unless they are the argument, may have a signal alone. */
  async #read(method, argument, options = argument) {
    const apart = new Map([["signal", undefined]]);
    this.#checkOpen();
    const text = encode(argument, apart);
    const signal = options === argument ? asSignal(apart.get("signal")) : onlySignalOf(options);
    return await this.#readText(method, text, signal);
  }

  #readText(method, text, signal, mistake) {
    return this.#run(signal, (handle, isAborted) => {
      if (mistake) throw mistake;
      if (isAborted) handle.unless(isAborted);
      return handle[method](text);
    });
  }

  /**
   * Runs a call. It reaches the module before this returns, so that calls take effect in their order.
   *
   * From here to the caller each promise is awaited once, and by nothing else: so V8 finds who called, for the stack of
   * an error.
   */
  #run(signal, call) {
    return abortable(signal, (isAborted) => this.#runNow(call, isAborted));
  }

  async #runNow(call, isAborted) {
    this.#checkOpen();
    const handle = this.#handle;
    let end;
    const running = new Promise((resolve) => {
      end = resolve;
    });
    this.#running.add(running);
    try {
      return await this.#instance.run((api) => call(handle, isAborted, api));
    } catch (error) {
      throw toScribeError(error);
    } finally {
      this.#running.delete(running);
      end();
    }
  }

  /** Once the store is closed, nothing else about a call counts. */
  #checkOpen() {
    if (!this.#handle) throw closed();
  }

  async #close() {
    try {
      await this.#run(undefined, (handle) => handle.close());
    } catch (error) {
      // A broken module has let go of everything.
      if (!this.#instance.isBroken) throw error;
    } finally {
      const handle = this.#handle;
      this.#handle = undefined;
      this.#live.close();
      await Promise.allSettled(this.#running);
      // What callers have of these calls settles some turns later.
      for (let turn = 0; turn < MOST_TURNS; turn += 1) await undefined;
      handle.free();
    }
  }
}

/**
 * Reads a query now, so that what the caller changes afterwards has no effect; a mistake shows at the first step.
 * @param {"fromSeq"} [number] A member that the module does not get as part of the query.
 */
function prepare(query, number) {
  try {
    const apart = new Map([["signal", undefined]]);
    if (number) apart.set(number, undefined);
    const text = encode(query, apart);
    const fromSeq = apart.get(number);
    if (fromSeq !== undefined && !(Number.isSafeInteger(fromSeq) && fromSeq >= 0)) {
      throw invalid(`\`${number}\` must be a whole number of at least 0, not ${reasonOf(fromSeq)}`);
    }
    return { text, project: JSON.parse(text)?.project, signal: asSignal(apart.get("signal")), fromSeq };
  } catch (mistake) {
    return { mistake };
  }
}

/** The options of an import as they are now: what the caller changes afterwards has no effect. */
function take(options) {
  try {
    // What is no object is refused where its members are checked.
    return tag(options) === "Object" ? { ...options } : options;
  } catch (error) {
    throw invalid(`the options object cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}
