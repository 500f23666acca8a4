/**
 * The store, as callers hold it.
 * @module
 */

import { encode, encodeEach } from "./encode.js";
import { closed, ScribeError, toScribeError } from "./errors.js";
import { abortable, onlySignalOf, signalOf, throwIfAborted } from "./signals.js";
import { persist, room } from "./storage.js";
import { streamOf } from "./stream.js";
import { Tail } from "./tail.js";

// Engines without explicit resource management have no such symbol; polyfills register this one.
const asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");

export class Store {
  // Minifiers rename classes.
  static name = "Store";

  #instance;
  /** The module's side of the store; gone once it is closed. */
  #handle;
  /** Calls under way: the module's side must outlive them. */
  #running = new Set();
  #closing;
  #live;

  /** Loads what reads and writes logs as text. */
  #interchange;
  /** What that works with. */
  #core = {
    store: this,
    run: (call) => this.#run(undefined, call),
    invalid: (message, cause) => new ScribeError("invalid_argument", message, cause && { cause }),
  };

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

  verifyProject(project, options) {
    return this.#read("verifyProject", { project }, options);
  }

  insertEntry(entry) {
    return this.#write("insertEntry", entry);
  }

  async insertEntries(entries, options) {
    return this.#run(onlySignalOf(options), async (handle, isAborted, api) => {
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
    return parsed(this.#write("appendEntry", entry));
  }

  fetchEntry(entryId, options) {
    return parsed(this.#read("fetchEntry", { entryId }, options));
  }

  fetchRecentEntries(options) {
    return parsed(this.#read("fetchRecentEntries", options));
  }

  fetchRecentEntriesPaginated(options) {
    return parsed(this.#read("fetchRecentEntriesPaginated", options));
  }

  countEntries(project, filters, options) {
    return this.#read("countEntries", { project, filters }, options);
  }

  queryEntries(query) {
    return parsed(this.#read("queryEntries", query));
  }

  queryEntriesPaginated(query) {
    return parsed(this.#read("queryEntriesPaginated", query));
  }

  countQueryEntries(query) {
    return this.#read("countQueryEntries", query);
  }

  summarizeEntries(query) {
    return parsed(this.#read("summarizeEntries", query));
  }

  iterateEntries(query) {
    return this.#iterate(prepare(query));
  }

  async *#iterate({ text, signal, mistake }) {
    if (mistake) throw mistake;
    for await (const entries of this.#batches(text, signal)) {
      for (const entry of entries) {
        throwIfAborted(signal);
        yield entry;
      }
    }
  }

  /** Yields entries some at a time, newest first. */
  async *#batches(text, signal) {
    let place = null;
    do {
      const argument = `{"query":${text},"place":${JSON.stringify(place)}}`;
      const batch = JSON.parse(await this.#readText("iterateEntries", argument, signal));
      yield batch.entries;
      place = batch.next;
    } while (place);
  }

  exportJsonl(query) {
    return this.#export(query, (interchange, text) => interchange.jsonLines(this.#batches(text)));
  }

  importJsonl(source, options) {
    return this.#import("importJsonLines", source, options);
  }

  exportProgressLog(query) {
    return this.#export(query, (interchange, text) => interchange.logLines(this.#core, text));
  }

  importProgressLog(source, options) {
    return this.#import("importLogLines", source, options);
  }

  /** Makes a stream, given what makes texts of an argument that was written as JSON. */
  #export(argument, write) {
    // Read now, as for an iteration.
    let text;
    let mistake;
    try {
      text = encode(argument, "signal");
    } catch (error) {
      mistake = error;
    }
    const texts = async function* (load) {
      if (mistake) throw mistake;
      yield* write(await load(), text);
    };
    return streamOf(texts(this.#interchange), argument?.signal);
  }

  async #import(name, source, options) {
    const interchange = await this.#interchange();
    return interchange[name](this.#core, source, options);
  }

  tail(query) {
    const { text, signal, mistake } = prepare(query);
    const read = async (place) => {
      if (mistake) throw mistake;
      const rest = place ? `,"projectId":${place.projectId},"nextSeq":${place.nextSeq}` : "";
      return JSON.parse(await this.#readText("tail", `{"query":${text}${rest}}`, signal));
    };
    // What is inserted from now on counts, whenever the first step is made.
    const first = read();
    first.catch(() => {});
    return new Tail((place) => (place ? read(place) : first), this.#live, signal);
  }

  subscribe(listener, options) {
    return this.#live.subscribe(listener, options);
  }

  recordDocChange(project, change) {
    return parsed(this.#write("recordDocChange", { project, change }));
  }

  listDocChanges(options) {
    return parsed(this.#read("listDocChanges", options));
  }

  recordAgentReportCard(project, card) {
    return parsed(this.#write("recordAgentReportCard", { project, card }));
  }

  listAgentReportCards(options) {
    return parsed(this.#read("listAgentReportCards", options));
  }

  upsertAgentSession(agentId, sessionId, metadata) {
    return parsed(this.#write("upsertAgentSession", { agentId, sessionId, metadata }));
  }

  fetchAgentSession(sessionId, options) {
    return parsed(this.#read("fetchAgentSession", { sessionId }, options));
  }

  listAgentSessions(options = {}) {
    return parsed(this.#read("listAgentSessions", options));
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
    if (!this.#handle) throw closed();
    return persist();
  }

  /** Calls a method of the module that writes. */
  #write(method, argument) {
    return this.#run(undefined, (handle) => handle[method](encode(argument)));
  }

  /** Calls a method of the module that reads. The options, unless they are the argument, may have a signal alone. */
  async #read(method, argument, options = argument) {
    const text = encode(argument, "signal");
    const signal = options === argument ? signalOf(options) : onlySignalOf(options);
    return this.#readText(method, text, signal);
  }

  #readText(method, text, signal) {
    return this.#run(signal, (handle, isAborted) => {
      if (isAborted) handle.unless(isAborted);
      return handle[method](text);
    });
  }

  /** Runs a call. It reaches the module before this returns, so that calls take effect in their order. */
  #run(signal, call) {
    return abortable(signal, (isAborted) => {
      const running = this.#runNow(call, isAborted);
      this.#running.add(running);
      const forget = () => this.#running.delete(running);
      running.then(forget, forget);
      return running;
    });
  }

  async #runNow(call, isAborted) {
    const handle = this.#handle;
    if (!handle) throw closed();
    try {
      return await this.#instance.run((api) => call(handle, isAborted, api));
    } catch (error) {
      throw toScribeError(error);
    }
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
      handle.free();
    }
  }
}

/** Reads a result that comes as JSON text. */
async function parsed(text) {
  return JSON.parse(await text);
}

/** Reads an argument now, so that what the caller changes afterwards has no effect; a mistake shows at the first step. */
function prepare(query) {
  try {
    return { text: encode(query, "signal"), signal: signalOf(query) };
  } catch (mistake) {
    return { mistake };
  }
}
