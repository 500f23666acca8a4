// The entries of a query, read page by page as they come into sight, and kept in step with what is written.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Entry, QueryCriteria, ScribeStore } from "scribe-store";
import { isAbort } from "../shared/format.ts";

/** Entries that are read at once. */
export const PAGE_SIZE = 100;

/** Pages that are kept. */
const MOST_PAGES = 60;

/** Pages that are read side by side. */
const MOST_REQUESTS = 2;

export class EntryList {
  /** Number of matches; `null` until it is known. */
  readonly total = signal<number | null>(null);
  /** What went wrong last; `null` if nothing did. */
  readonly error = signal<unknown>(null);
  /** Whether something is being read for the first time. */
  readonly busy: ReadonlySignal<boolean>;
  /** Changes whenever other entries can be shown. */
  readonly version = signal(0);

  readonly #busy = signal(true);
  readonly #store: ScribeStore;
  readonly #criteria: QueryCriteria;
  /** By how many rows what was in sight has moved down, when new entries came before it. */
  readonly #shifted: (rows: number) => void;
  #pages = new Map<number, Entry[]>();
  #requests = new Map<number, AbortController>();
  #wanted: number[] = [];
  #window = { first: 0, last: 0, anchored: false };
  #refreshing: AbortController | null = null;
  #again = false;
  #ended = false;

  constructor(store: ScribeStore, criteria: QueryCriteria, shifted: (rows: number) => void) {
    this.#store = store;
    this.#criteria = criteria;
    this.#shifted = shifted;
    this.busy = this.#busy;
  }

  /** The entry of a row, if it has been read. */
  at(row: number): Entry | undefined {
    const number = Math.floor(row / PAGE_SIZE);
    return this.#pages.get(number)?.[row - number * PAGE_SIZE];
  }

  /** The row of an entry, among those that have been read. */
  rowOf(entryId: string): number | undefined {
    for (const [number, items] of this.#pages) {
      const index = items.findIndex((entry) => entry.entryId === entryId);
      if (index >= 0) return number * PAGE_SIZE + index;
    }
    return undefined;
  }

  /**
   * Says which rows are in sight. Missing ones are read, and reads of others are dropped. `anchored`: new entries are
   * not to push away what is in sight.
   */
  show(first: number, last: number, anchored: boolean): void {
    const end =
      this.total.peek() === null ? last : Math.max(first, Math.min(last, (this.total.peek() ?? 0) - 1));
    this.#window = { first, last: end, anchored };
    this.#wanted = pagesOf(first, end);
    for (const number of this.#wanted) this.#touch(number);
    for (const [number, request] of this.#requests) {
      if (!this.#wanted.includes(number)) request.abort();
    }
    this.#readOn();
  }

  /** Reads what is in sight anew, and shows it all at once: nothing flickers, and nothing moves if anchored. */
  async refresh(): Promise<void> {
    if (this.#ended) return;
    if (this.#refreshing) {
      this.#again = true;
      return;
    }
    const mine = new AbortController();
    this.#refreshing = mine;
    try {
      do {
        this.#again = false;
        await this.#readWindow(mine.signal);
      } while (this.#again && !this.#ended);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#refreshing = null;
    }
  }

  /** Reads the page that holds a row, also if it is not in sight. */
  async load(row: number): Promise<Entry | undefined> {
    const number = Math.floor(row / PAGE_SIZE);
    if (!this.#pages.has(number)) {
      const page = await this.#read(number, new AbortController().signal);
      if (this.#ended || (this.total.value !== null && page.totalCount !== this.total.value))
        return undefined;
      this.total.value = page.totalCount;
      this.#keep(number, page.items);
    }
    return this.at(row);
  }

  /** Drops all that is under way. */
  end(): void {
    this.#ended = true;
    this.#refreshing?.abort();
    for (const request of this.#requests.values()) request.abort();
  }

  #readOn(): void {
    for (const number of this.#wanted) {
      if (this.#requests.size >= MOST_REQUESTS) return;
      if (this.#pages.has(number) || this.#requests.has(number)) continue;
      void this.#request(number);
    }
  }

  async #request(number: number): Promise<void> {
    const request = new AbortController();
    this.#requests.set(number, request);
    try {
      const page = await this.#read(number, request.signal);
      if (request.signal.aborted || this.#ended) return;
      const moved = this.total.value !== null && this.total.value !== page.totalCount;
      this.error.value = null;
      if (moved) {
        // Something was written since: what was read before stands in other rows by now.
        void this.refresh();
        return;
      }
      this.total.value = page.totalCount;
      this.#keep(number, page.items);
    } catch (error) {
      if (!request.signal.aborted) this.#fail(error);
    } finally {
      if (this.#requests.get(number) === request) this.#requests.delete(number);
      this.#busy.value = false;
      if (!this.#ended && this.error.value === null) this.#readOn();
    }
  }

  async #readWindow(signal: AbortSignal): Promise<void> {
    const { first, last, anchored } = this.#window;
    const before = this.total.value;
    const read = new Map<number, Entry[]>();
    let total: number | undefined;
    const fetchPages = async (from: number, to: number) => {
      for (const number of pagesOf(from, to)) {
        if (read.has(number)) continue;
        const page = await this.#read(number, signal);
        if (total !== undefined && page.totalCount !== total) {
          // Something was written in between: once more.
          read.clear();
          this.#again = true;
        }
        total = page.totalCount;
        read.set(number, page.items);
      }
    };
    await fetchPages(first, last);
    const rows = anchored && before !== null && total !== undefined ? Math.max(0, total - before) : 0;
    if (rows > 0) await fetchPages(first + rows, last + rows);
    if (signal.aborted || this.#ended || total === undefined) return;
    for (const request of this.#requests.values()) request.abort();
    this.#pages = read;
    this.error.value = null;
    this.total.value = total;
    if (rows > 0) {
      this.#window = { first: first + rows, last: last + rows, anchored };
      this.#shifted(rows);
    }
    this.version.value += 1;
  }

  #read(number: number, signal: AbortSignal) {
    return this.#store.queryEntriesPaginated({
      ...this.#criteria,
      page: number + 1,
      pageSize: PAGE_SIZE,
      signal,
    });
  }

  #keep(number: number, items: Entry[]): void {
    this.#pages.set(number, items);
    for (const old of this.#pages.keys()) {
      if (this.#pages.size <= MOST_PAGES) break;
      if (!this.#wanted.includes(old)) this.#pages.delete(old);
    }
    this.version.value += 1;
  }

  /** Makes a page the last one to be forgotten. */
  #touch(number: number): void {
    const items = this.#pages.get(number);
    if (!items) return;
    this.#pages.delete(number);
    this.#pages.set(number, items);
  }

  #fail(error: unknown): void {
    if (this.#ended || isAbort(error)) return;
    this.error.value = error;
    this.#busy.value = false;
  }
}

function pagesOf(first: number, last: number): number[] {
  const from = Math.floor(Math.max(0, first) / PAGE_SIZE);
  const to = Math.floor(Math.max(0, last) / PAGE_SIZE);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
