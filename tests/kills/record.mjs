// What a round's tab has reported until its browser was killed.

/** The record of one round. */
export class Record {
  /** @type {number} */
  round;
  /** The entries that the tab was told are appended, in order. */
  appends = [];
  /** By phase: the cycles that began, and those that were done. */
  begun = { append: 0, insert: 0, merge: 0, prepare: 0, delete: 0 };
  done = { append: 0, insert: 0, merge: 0, prepare: 0, delete: 0 };
  /** By phase: how long it took in the first cycle. */
  ms = {};
  #waiting;

  constructor(round) {
    this.round = round;
  }

  /** Takes a report of the tab. */
  take({ begins, done, cycle, ms, entry }) {
    if (entry) this.appends.push(entry);
    else if (done) {
      this.done[done] = cycle + 1;
      this.ms[done] ??= ms;
    } else {
      this.begun[begins] = cycle + 1;
      if (this.#waiting?.phase === begins && this.#waiting.cycle === cycle) this.#waiting.resolve();
    }
  }

  /** Waits until a phase of a cycle begins. */
  begins(phase, cycle) {
    return new Promise((resolve) => {
      this.#waiting = { phase, cycle, resolve };
    });
  }

  /** How many cycles began, with whatever phase. */
  get cycles() {
    return this.begun.append;
  }
}
