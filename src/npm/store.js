/**
 * The store, as callers hold it.
 * @module
 */

import { encode, encodeEach } from "./encode.js";
import { ScribeError, toScribeError } from "./errors.js";
import { streamOf } from "./stream.js";

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

  /** Loads what reads and writes logs as text. */
  #interchange;
  /** What that works with. */
  #core = {
    store: this,
    run: (call) => this.#run(call),
    invalid: (message, cause) => new ScribeError("invalid_argument", message, cause && { cause }),
  };

  constructor(instance, handle, interchange, name, backend) {
    this.#instance = instance;
    this.#handle = handle;
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
    return this.#call("upsertProject", project);
  }

  fetchProject(name) {
    return this.#call("fetchProject", { name });
  }

  listProjects() {
    return this.#run((handle) => handle.listProjects());
  }

  deleteProject(name) {
    return this.#call("deleteProject", { name });
  }

  fetchMetrics(project) {
    return this.#call("fetchMetrics", { project });
  }

  verifyProject(project) {
    return this.#call("verifyProject", { project });
  }

  insertEntry(entry) {
    return this.#call("insertEntry", entry);
  }

  insertEntries(entries) {
    return this.#run(async (handle, api) => {
      const batch = new api.EntryBatch();
      try {
        encodeEach(entries, (text) => batch.push(text));
        return await handle.insertEntries(batch);
      } finally {
        batch.free();
      }
    });
  }

  appendEntry(entry) {
    return this.#callForText("appendEntry", entry);
  }

  fetchEntry(entryId) {
    return this.#callForText("fetchEntry", { entryId });
  }

  fetchRecentEntries(options) {
    return this.#callForText("fetchRecentEntries", options);
  }

  fetchRecentEntriesPaginated(options) {
    return this.#callForText("fetchRecentEntriesPaginated", options);
  }

  countEntries(project, filters) {
    return this.#call("countEntries", { project, filters });
  }

  queryEntries(query) {
    return this.#callForText("queryEntries", query);
  }

  queryEntriesPaginated(query) {
    return this.#callForText("queryEntriesPaginated", query);
  }

  countQueryEntries(query) {
    return this.#call("countQueryEntries", query);
  }

  iterateEntries(query) {
    // Read now, so that what the caller changes afterwards has no effect; a mistake shows at the first step.
    let text;
    let mistake;
    try {
      text = encode(query);
    } catch (error) {
      mistake = error;
    }
    return this.#iterate(text, mistake);
  }

  async *#iterate(query, mistake) {
    if (mistake) throw mistake;
    for await (const entries of this.#batches(query)) yield* entries;
  }

  /** Yields entries some at a time, newest first. */
  async *#batches(query) {
    let place = null;
    do {
      const argument = `{"query":${query},"place":${JSON.stringify(place)}}`;
      const batch = JSON.parse(await this.#run((handle) => handle.iterateEntries(argument)));
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

  recordDocChange(project, change) {
    return this.#callForText("recordDocChange", { project, change });
  }

  listDocChanges(options) {
    return this.#callForText("listDocChanges", options);
  }

  recordAgentReportCard(project, card) {
    return this.#callForText("recordAgentReportCard", { project, card });
  }

  listAgentReportCards(options) {
    return this.#callForText("listAgentReportCards", options);
  }

  upsertAgentSession(agentId, sessionId, metadata) {
    return this.#callForText("upsertAgentSession", { agentId, sessionId, metadata });
  }

  fetchAgentSession(sessionId) {
    return this.#callForText("fetchAgentSession", { sessionId });
  }

  listAgentSessions(options = {}) {
    return this.#callForText("listAgentSessions", options);
  }

  heartbeatSession(sessionId) {
    return this.#call("heartbeatSession", { sessionId });
  }

  endSession(sessionId) {
    return this.#call("endSession", { sessionId });
  }

  expireSessions(idleMs) {
    return this.#call("expireSessions", { idleMs });
  }

  getAgentProject(agentId) {
    return this.#call("getAgentProject", { agentId });
  }

  setAgentProject(change) {
    return this.#call("setAgentProject", change);
  }

  listAgentEvents(options = {}) {
    return this.#call("listAgentEvents", options);
  }

  /** Calls a method of the module that gives an object. */
  #call(method, argument) {
    return this.#run((handle) => handle[method](encode(argument)));
  }

  /** Calls a method of the module that gives JSON text. */
  async #callForText(method, argument) {
    return JSON.parse(await this.#call(method, argument));
  }

  /** Runs a call. It reaches the module before this returns, so that calls take effect in their order. */
  #run(call) {
    const running = this.#runNow(call);
    this.#running.add(running);
    const forget = () => this.#running.delete(running);
    running.then(forget, forget);
    return running;
  }

  async #runNow(call) {
    const handle = this.#handle;
    if (!handle) throw new ScribeError("closed", "this store was closed");
    try {
      return await this.#instance.run((api) => call(handle, api));
    } catch (error) {
      throw toScribeError(error);
    }
  }

  async #close() {
    try {
      await this.#run((handle) => handle.close());
    } catch (error) {
      // A broken module has let go of everything.
      if (!this.#instance.isBroken) throw error;
    } finally {
      const handle = this.#handle;
      this.#handle = undefined;
      await Promise.allSettled(this.#running);
      handle.free();
    }
  }
}
