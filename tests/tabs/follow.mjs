// Follows a log through one handle, as a tail and as a subscription, while others write.

/** How long changes may take to arrive once everything is written. */
const PATIENCE_MS = 60_000;

export class Follower {
  #store;
  #project;
  #tail;
  /** What the tail yielded. */
  #entries = [];
  #reading;
  /** The ranges of `seq` that the subscription told of. */
  #ranges = [];
  /** Reads that were made when a change was told. */
  #reads = [];
  #unsubscribe;

  constructor(store, project) {
    this.#store = store;
    this.#project = project;
    this.#unsubscribe = store.subscribe((change) => this.#hear(change), { project });
    this.#tail = store.tail({ project });
    this.#reading = this.#read();
  }

  /**
   * Waits until so many entries were seen, and ends.
   *
   * @param {number} count
   * @returns {Promise<{ seen: [number, string][], ranges: [number, number][], tooEarly: string[] }>} What the tail
   *   yielded, each entry's `seq` and identifier; what the subscription told of; and changes that could not be read
   *   when they were told.
   */
  async end(count) {
    const told = () => this.#ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
    const deadline = Date.now() + PATIENCE_MS;
    while ((this.#entries.length < count || told() < count) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // What comes too often comes a little later.
    await new Promise((resolve) => setTimeout(resolve, 200));
    this.#unsubscribe();
    await this.#tail.return();
    await this.#reading;
    const tooEarly = (await Promise.all(this.#reads)).filter(Boolean);
    return { seen: this.#entries, ranges: this.#ranges, tooEarly };
  }

  async #read() {
    for await (const { seq, entryId } of this.#tail) this.#entries.push([seq, entryId]);
  }

  #hear(change) {
    if (change.kind !== "entries") return;
    this.#ranges.push([change.firstSeq, change.lastSeq]);
    if (this.#ranges.length % 20 === 1) this.#reads.push(this.#lookFor(change));
  }

  /** Tells of a change if what it is about cannot be read. */
  async #lookFor({ lastSeq }) {
    const count = await this.#store.countEntries(this.#project);
    return count < lastSeq ? `entry ${lastSeq} was told when there were ${count}` : undefined;
  }
}
