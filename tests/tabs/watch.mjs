// Watches a store while this tab and others write: what was told, here or there, is found, and no read goes back.

import { equal, ok } from "../api/assertions.mjs";

const PAUSE_MS = 100;

/** How many of the newest entries a look is at. */
const NEWEST = 50;

/** Every so many looks, all entries of this writer are read. */
const THOROUGH = 10;

/** The watch of one writer. */
export class Watch {
  /** The entries that this writer was told are written, in the order of its calls. */
  told = [];
  /** How often was looked. */
  looks = 0;
  /** Whether a look found what must not be. */
  failed = false;
  #stores;
  #project;
  #writer;
  /** By writer: how many entries it is known to have, because it said so or because they were read. */
  #known;
  #total = 0;
  #newest = [];
  #stopped = false;
  #channel;

  /**
   * @param {import("scribe-store").ScribeStore[]} stores Handles to read with, in turn.
   * @param {{ project: string, writer: string, writers: string[] }} options
   */
  constructor(stores, { project, writer, writers }) {
    this.#stores = stores;
    this.#project = project;
    this.#writer = writer;
    this.#known = new Map(writers.map((name) => [name, 0]));
    this.#channel = new BroadcastChannel(`told of ${project}`);
    this.#channel.onmessage = ({ data }) => this.#learn(data.writer, data.count);
  }

  /** Notes entries that the store told are written, and tells the other tabs of them. */
  wasTold(entries) {
    this.told.push(...entries);
    const count = this.told.length;
    this.#learn(this.#writer, count);
    if (!this.failed) this.#channel.postMessage({ writer: this.#writer, count });
  }

  /** Looks again and again until it is stopped; rejects as soon as a look finds what must not be. */
  async start() {
    try {
      while (!this.#stopped) {
        await this.#look();
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      await this.#look();
    } catch (error) {
      this.failed = true;
      throw error;
    } finally {
      this.#channel.close();
    }
  }

  stop() {
    this.#stopped = true;
  }

  #learn(writer, count) {
    this.#known.set(writer, Math.max(count, this.#known.get(writer)));
  }

  async #look() {
    const store = this.#stores[this.looks % this.#stores.length];
    this.looks += 1;
    // As it is before the reads are called.
    const known = new Map(this.#known);
    const told = this.told.length;
    await Promise.all([
      this.#lookAtCounts(store, known),
      this.#lookAtNewest(store),
      this.#lookForLast(store, this.told.at(-1)),
      this.looks % THOROUGH === 0 && this.#lookForAll(store, told),
    ]);
  }

  /** Every writer's entries only become more, and so do all together. */
  async #lookAtCounts(store, known) {
    const sum = [...known.values()].reduce((one, other) => one + other, 0);
    const least = Math.max(sum, this.#total);
    const reads = [...known].map(async ([writer, count]) => {
      const found = await store.countEntries(this.#project, { agent: writer });
      ok(found >= count, `of ${writer}'s entries, ${count} are known: ${found} found`);
      this.#learn(writer, found);
    });
    const { totalEntries } = await store.fetchMetrics(this.#project);
    ok(totalEntries >= least, `of all entries, ${least} are known: metrics count ${totalEntries}`);
    this.#total = totalEntries;
    await Promise.all(reads);
  }

  /** The newest entries are in order, and as new as those that were read before, or newer. */
  async #lookAtNewest(store) {
    const newest = await store.fetchRecentEntries({ project: this.#project, limit: NEWEST });
    for (const [index, entry] of newest.slice(1).entries()) {
      ok(isNewer(newest[index], entry), `${show(newest[index])} stands before ${show(entry)}`);
    }
    for (const [index, before] of this.#newest.entries()) {
      const now = newest[index];
      const holds = now && (now.entryId === before.entryId || isNewer(now, before));
      ok(holds, `the ${index + 1}. newest entry was ${show(before)}, is ${now && show(now)}`);
    }
    this.#newest = newest;
  }

  /** The entry that this writer was told of last is there as it was told. */
  async #lookForLast(store, last) {
    if (last) equal(await store.fetchEntry(last.entryId), last, `${show(last)}, which was written last`);
  }

  /** All entries that this writer was told of are there. */
  async #lookForAll(store, told) {
    const options = { project: this.#project, limit: 1_000_000, filters: { agent: this.#writer } };
    const found = new Set((await store.fetchRecentEntries(options)).map(({ entryId }) => entryId));
    const lost = this.told.slice(0, told).filter(({ entryId }) => !found.has(entryId));
    equal(lost, [], "what was told is found");
  }
}

function isNewer(one, other) {
  return one.ts > other.ts || (one.ts === other.ts && one.seq > other.seq);
}

function show({ seq, ts, message }) {
  return `"${message}" (${seq}, ${ts})`;
}
