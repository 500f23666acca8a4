/**
 * Following a log: its entries in the order of `seq`, and those to come.
 * @module
 */

import { throwIfAborted } from "./signals.js";

/** Entries as they come. Whatever is heard of changes is only a reason to look: what there is, is read. */
export class Tail {
  static name = "Tail";

  #steps;
  #isEnded = false;
  /** Whether to look again, since something changed after the last look began. */
  #isBehind = false;
  /** Goes on at once. */
  #wake = () => {};

  /**
   * @param {(place: object | undefined) => Promise<object>} read Reads on from a place; it rejects once the signal
   *   aborted.
   * @param {import("./live.js").Live} live
   * @param {unknown} project The log's, as the caller named it.
   * @param {AbortSignal | undefined} signal
   */
  constructor(read, live, project, signal) {
    this.#steps = this.#follow(read, live, project, signal);
  }

  next() {
    return this.#steps.next();
  }

  return(value) {
    this.#isEnded = true;
    // The generator may be waiting, and would be told only after that.
    this.#wake();
    return this.#steps.return(value);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async *#follow(read, live, project, signal) {
    let place;
    const look = () => {
      this.#isBehind = true;
      this.#wake();
    };
    // A record stands for its project by the number, so that the name shows only with the first entry.
    let name = typeof project === "string" ? project : undefined;
    const concerns = (change) =>
      (change.project === name || name === undefined) &&
      (change.kind === "project" || change.lastSeq >= place?.seq);
    const forget = live.follow((changes) => {
      if (changes.length === 0 || changes.some(concerns)) look();
    });
    signal?.addEventListener("abort", look);
    try {
      while (!this.#isEnded) {
        // The first look began before this heard of changes.
        this.#isBehind = !place;
        const { entries, next } = await read(place);
        place = next;
        name ??= entries[0]?.project;
        for (const entry of entries) {
          throwIfAborted(signal);
          yield entry;
        }
        while (place.seq > place.lastSeq && !this.#isBehind && !this.#isEnded) {
          await new Promise((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      forget();
      signal?.removeEventListener("abort", look);
    }
  }
}
