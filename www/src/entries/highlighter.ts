// Marks for the messages in sight: texts are found at once, patterns by a worker that is ended if it takes too long.

import { type ReadonlySignal, signal } from "@preact/signals";
import { findText, type Needle, type Range } from "./highlight.ts";

/** A pattern that takes longer is not marked. */
const PATIENCE_MS = 3_000;

/** Longer messages are searched for patterns only so far. */
const MOST_UNITS = 20_000;

/** Messages whose marks are kept. */
const MOST_KEPT = 2_000;

export class Highlighter {
  /** Changes whenever more can be marked. */
  readonly version: ReadonlySignal<number>;

  readonly #version = signal(0);
  readonly #needle: Needle;
  readonly #found = new Map<string, Range[]>();
  #asked = new Set<string>();
  #worker: Worker | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #given = false;
  #ended = false;

  constructor(needle: Needle) {
    this.#needle = needle;
    this.version = this.#version;
  }

  /** The marks in a message, as far as they are known. */
  marks(message: string): readonly Range[] {
    if (this.#needle.text === "") return [];
    if (this.#needle.mode !== "regex") return findText(message, this.#needle);
    const known = this.#found.get(message);
    if (known) return known;
    if (!this.#ended) this.#ask(message);
    return [];
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** Gathers what is asked for in one rendering. */
  #ask(message: string): void {
    this.#asked.add(message);
    if (this.#given) return;
    this.#given = true;
    setTimeout(() => this.#send(), 0);
  }

  #send(): void {
    if (this.#ended) return;
    const messages = [...this.#asked];
    this.#asked = new Set();
    this.#worker ??= new Worker(new URL("./highlight-worker.ts", import.meta.url), { type: "module" });
    const worker = this.#worker;
    worker.onmessage = ({ data }: MessageEvent<{ ranges: Range[][] }>) => {
      clearTimeout(this.#timer);
      if (this.#found.size > MOST_KEPT) this.#found.clear();
      for (const [index, message] of messages.entries()) this.#found.set(message, data.ranges[index] ?? []);
      this.#given = false;
      this.#version.value += 1;
    };
    worker.postMessage({
      id: 0,
      needle: this.#needle,
      messages: messages.map((one) => one.slice(0, MOST_UNITS)),
    });
    this.#timer = setTimeout(() => this.end(), PATIENCE_MS);
  }
}
