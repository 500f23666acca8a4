/**
 * Changes as they happen: those of a store itself, and those of every other store on the same database, in this page,
 * in workers, and in other tabs.
 *
 * Each store tells its own listeners of what it changed, and everybody else over a channel that the database's name
 * stands for. What a channel brings is never the store's own.
 * @module
 */

import { invalid, onlyMember } from "./encode.js";
import { closed } from "./errors.js";

/** How often a tail looks by itself, in milliseconds: a tab may have ended between its commit and its notice. */
const LOOK_MS = 5000;

function parse(change) {
  return JSON.parse(change);
}

function open(name) {
  return new BroadcastChannel(`scribe-store ${name}`);
}

/** Has everyone who uses a database look at it. */
export function alarm(name) {
  if (!globalThis.BroadcastChannel) return;
  const channel = open(name);
  channel.postMessage([]);
  channel.close();
}

/** The changes that a store makes and hears of. */
export class Live {
  /** The database's name; none if nobody else can use it. */
  #name;
  #channel;
  /** What this store changed, as texts, and nobody was told of yet. */
  #made = [];
  /** Each is called with lists of changes. An empty list means that something may have changed. */
  #listeners = new Set();
  /** How many of them look by themselves, now and then. */
  #tails = 0;
  #timer;
  /** Also when the page comes back into view: what it was told while it was frozen may be lost. */
  #look = () => this.#tell([]);
  #isClosed = false;

  constructor(name, backend) {
    if (backend === "indexeddb" && globalThis.BroadcastChannel) this.#name = name;
  }

  /** Takes note of a change, as text, that this store made. */
  made(change) {
    if (this.#made.push(change) > 1) return;
    queueMicrotask(() => {
      const changes = this.#made;
      this.#made = [];
      this.#open()?.postMessage(changes);
      if (this.#listeners.size > 0) this.#tell(changes.map(parse));
    });
  }

  /**
   * Calls a listener with every change, of a project if it is named, from now on.
   * @returns {() => void} Ends that.
   */
  subscribe(listener, options) {
    if (this.#isClosed) throw closed();
    if (typeof listener !== "function") throw invalid("`listener` must be a function");
    const project = onlyMember("project", options);
    if (project !== undefined && typeof project !== "string") throw invalid("`project` must be a string");
    let isSubscribed = true;
    const forget = this.#listen((changes) => {
      for (const change of changes) {
        if (!isSubscribed || (project !== undefined && change.project !== project)) continue;
        try {
          // A copy: nobody hears what another one made of it.
          listener({ ...change });
        } catch (error) {
          // Nobody else must suffer for it; it shows as an error that nobody caught.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    });
    return () => {
      isSubscribed = false;
      forget();
    };
  }

  /** Lets a tail hear of changes, and look by itself now and then. */
  follow(hear) {
    const forget = this.#listen(hear);
    if (this.#tails++ === 0) this.#startLooking();
    return () => {
      if (forget() && --this.#tails === 0) this.#stopLooking();
    };
  }

  /** Ends everything; those who wait look once more, and find the store closed. */
  close() {
    this.#isClosed = true;
    this.#tell([]);
    this.#listeners.clear();
    this.#channel?.close();
    this.#stopLooking();
  }

  #startLooking() {
    // In memory there is nobody else.
    if (this.#name === undefined) return;
    this.#timer = setInterval(this.#look, LOOK_MS);
    // Node would wait for it.
    this.#timer.unref?.();
    globalThis.document?.addEventListener("visibilitychange", this.#look);
  }

  #stopLooking() {
    clearInterval(this.#timer);
    globalThis.document?.removeEventListener("visibilitychange", this.#look);
  }

  #listen(listener) {
    this.#listeners.add(listener);
    const channel = this.#open();
    if (channel) channel.onmessage = ({ data }) => this.#tell(data.map(parse));
    return () => {
      const isGone = this.#listeners.delete(listener);
      if (this.#channel && this.#listeners.size === 0) this.#channel.onmessage = null;
      return isGone;
    };
  }

  #open() {
    if (this.#name !== undefined && !this.#isClosed) this.#channel ??= open(this.#name);
    // Node would wait for what may still come.
    this.#channel?.unref?.();
    return this.#isClosed ? undefined : this.#channel;
  }

  #tell(changes) {
    for (const listener of [...this.#listeners]) listener(changes);
  }
}
