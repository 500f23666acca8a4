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
   * @param {AbortSignal | undefined} signal
   */
  constructor(read, live, signal) {
    this.#steps = this.#follow(read, live, signal);
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

  async *#follow(read, live, signal) {
    let place;
    const look = () => {
      this.#isBehind = true;
      this.#wake();
    };
    const hear = (changes) => {
      if (changes.length === 0 || changes.some((change) => concerns(change, place))) look();
    };
    const forget = live.follow(hear);
    signal?.addEventListener("abort", look);
    try {
      while (!this.#isEnded) {
        // The first look began before this heard of changes.
        this.#isBehind = !place;
        place = await read(place);
        for (const entry of place.entries) {
          throwIfAborted(signal);
          yield entry;
        }
        while (place.isAll && !this.#isBehind && !this.#isEnded) {
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

/** Tells whether there may be more behind a place since a change. */
function concerns(change, place) {
  if (!place || change.project !== place.project) return !place;
  return change.kind === "entries" ? change.lastSeq >= place.nextSeq : change.kind === "project";
}
