/**
 * Logs as text: what the methods take and give that export and import them.
 * @module
 */

import type { ProjectRef } from "./index.js";
import type { SignalOptions } from "./signals.js";

/** The type of a global class's instances; `never` where the environment's types lack it. */
type GlobalInstance<Name extends string> = typeof globalThis extends {
  [Key in Name]: { prototype: infer Instance };
}
  ? Instance
  : never;

/** A stream to read, as far as it is used here. Every `ReadableStream` of bytes or strings is one. */
interface Readable {
  getReader(): {
    read(): Promise<{ done: boolean; value?: ArrayBufferView | string | undefined }>;
    cancel(reason?: unknown): Promise<void>;
    releaseLock(): void;
  };
}

/**
 * A text to read: a stream of bytes, which are UTF-8, or of strings; a `Blob`, of which a `File` is one; or the text
 * itself. A stream is cancelled if it is not read to its end.
 */
export type TextSource = Readable | GlobalInstance<"Blob"> | string;

/**
 * A stream of bytes: `ReadableStream<Uint8Array>`, where the environment's types know it. Nothing is read ahead, so
 * that it takes as little memory as what it is read into leaves it; cancelling it ends the work.
 */
export type ByteStream = [GlobalInstance<"Response">] extends [never]
  ? Readable
  : NonNullable<GlobalInstance<"Response">["body"]>;

/** Options of an import. A signal ends it with its reason; chunks that are stored by then stay. */
export interface ImportOptions extends SignalOptions {
  /**
   * Project that all entries go to, whatever their lines say. Default for lines of JSON: the project that each line
   * names, which must exist.
   */
  project?: ProjectRef;
  /** Whether a bad line ends the import. Default `false`: it is left out and reported. */
  strict?: boolean;
  /** Called after each chunk of lines that was stored, and at the end. What it throws ends the import. */
  onProgress?: (progress: ImportProgress) => void;
}

/** How far an import is. */
export interface ImportProgress {
  /** Number of lines dealt with so far. */
  readonly lines: number;
  /** Number of bytes dealt with so far. */
  readonly bytes: number;
  /** Number of bytes of the source; `null` for a stream, which does not tell. */
  readonly totalBytes: number | null;
  /** Number of entries inserted. */
  readonly inserted: number;
  /** Number of entries that were in the store already, or earlier in the source. */
  readonly duplicates: number;
  /** Number of bad lines. */
  readonly rejected: number;
}

/** What became of the lines of a source. Each counts once: it was inserted, a duplicate, skipped or rejected. */
export interface ImportReport {
  /** Number of lines. */
  readonly lines: number;
  /** Number of entries inserted. */
  readonly inserted: number;
  /** Number of entries that were in the store already, or earlier in the source. */
  readonly duplicates: number;
  /** Number of lines that are not meant to be entries: blank ones and, in a progress log, headings and the like. */
  readonly skipped: number;
  /** Number of bad lines. */
  readonly rejected: number;
  /** The first 100 bad lines, by their number from 1, and what is wrong with them. */
  readonly errors: readonly { readonly line: number; readonly message: string }[];
}

/** What an import of a backup changed. What was there already, or newer, does not count. */
export interface StoreImportReport {
  /** Number of projects created, or whose paths changed. */
  readonly projects: number;
  /** Number of entries inserted. */
  readonly entries: number;
  /** Number of entries that were in the store already. */
  readonly duplicates: number;
  /** Number of document changes added. */
  readonly docChanges: number;
  /** Number of report cards added or replaced. */
  readonly reportCards: number;
  /** Number of sessions added or replaced. */
  readonly sessions: number;
  /** Number of agents whose current project was set. */
  readonly agentProjects: number;
}

// biome-ignore lint/complexity/noUselessEmptyExport: without it, what is not marked `export` would be exported too.
export {};
