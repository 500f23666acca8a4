/// <reference lib="esnext.disposable" />

/**
 * The storage layer for AI agents that work in the browser: projects, their progress logs, and agents' sessions.
 *
 * Every method returns a promise, may be called while others are pending, and rejects with a {@link ScribeError}; but
 * a call whose `signal` was aborted rejects with the signal's reason.
 *
 * @example
 * ```js
 * import { openStore } from "scribe-store";
 *
 * const store = await openStore();
 * await store.upsertProject({ name: "site", repoRoot: "/site", progressLogPath: "/site/PROGRESS.md" });
 * await store.appendEntry({ project: "site", agent: "Ada", status: "success", message: "Built the page" });
 * const { items, totalCount } = await store.queryEntriesPaginated({ project: "site", message: "built" });
 * await store.close();
 * ```
 * @module
 */

import type {
  ByteStream,
  ImportOptions,
  ImportReport,
  StoreImportReport,
  TextSource,
} from "./interchange.js";
import type { StoreChange } from "./live.js";
import type { PruneOptions, PruneReport } from "./retention.js";
import type { SignalOptions } from "./signals.js";
import type { StorageState } from "./storage.js";
import type { EntrySummary, SummaryOptions } from "./summary.js";

export type {
  ByteStream,
  ImportOptions,
  ImportProgress,
  ImportReport,
  StoreImportReport,
  TextSource,
} from "./interchange.js";
export type { StoreChange } from "./live.js";
export type { PruneOptions, PruneReport } from "./retention.js";
export type { SignalOptions } from "./signals.js";
export type { StorageState } from "./storage.js";
export type { EntrySummary, SummaryBucket, SummaryOptions } from "./summary.js";

/** Any value that JSON can hold. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
/**
 * An instant of the years 1 to 9999: a `Date`; a number of milliseconds since the epoch, fractions allowed; or a
 * string, which is RFC 3339 with any offset, `YYYY-MM-DD HH:MM:SS UTC`, either without an offset (then UTC), or a
 * bare date (midnight UTC). It is kept to the microsecond; further digits of a string are cut off.
 */
export type Timestamp = Date | number | string;
/** A project's name, or a record that this store returned, which stands for the project with its `id`. */
export type ProjectRef = string | Project;

/** The type of a global class's instances; `never` where the environment's types lack it, as Node's lack some. */
type GlobalInstance<Name extends string> = typeof globalThis extends {
  [Key in Name]: { prototype: infer Instance };
}
  ? Instance
  : never;
/** `WebAssembly.Module`, where the environment's types know WebAssembly. */
type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module & object
  : never;

// ---------------------------------------------------------------- opening

/** Options of {@link openStore}. */
export interface OpenOptions {
  /** Database name, not empty. Default `"scribe-store"`. */
  name?: string;
  /**
   * Place of the data. `"indexeddb"` (default) outlives the page and is shared by all tabs of the origin;
   * `"memory"` is a new, empty store with each call, and nothing outlives the page.
   */
  backend?: "indexeddb" | "memory";
  /** Meaning of a resolved write: handed to the operating system (`"relaxed"`, default) or flushed (`"strict"`). */
  durability?: "relaxed" | "strict";
  /**
   * Longest wait, in whole milliseconds, once another tab turns out to hold an older version of the database open;
   * then opening rejects with `blocked`. Default 5000.
   */
  blockedTimeoutMs?: number;
  /** Upper bound on decoded log data kept in memory, in bytes. Default 64 MiB (67 108 864). */
  cacheBytes?: number;
  /**
   * Source of the WebAssembly module, where the default (beside the script) does not fit: an address, which is
   * fetched (in Node one of a file is read); a response, or a promise of one; the module's bytes; or the compiled
   * module (`WebAssembly.Module`). Without effect once a store was opened, since the module is loaded only once.
   *
   * @example
   * ```js
   * // With a bundler that gives the address of a file (here Vite).
   * import wasm from "scribe-store/scribe_store.wasm?url";
   *
   * const store = await openStore({ wasm });
   * ```
   */
  wasm?:
    | GlobalInstance<"URL">
    | string
    | GlobalInstance<"Response">
    | Promise<GlobalInstance<"Response">>
    | ArrayBuffer
    | ArrayBufferView
    | WasmModule;
}

/**
 * Opens a store: loads the WebAssembly module if need be, opens or creates the database, and brings its schema up
 * to date. Calls share one load; after a failed load the next call tries again. A database may be opened any number
 * of times, in any number of tabs.
 *
 * Rejects with `invalid_argument` for an unknown option or a wrong value; `unavailable` if the module cannot be
 * loaded, or there is no IndexedDB here, or it fails or does not answer; `blocked` if other tabs hold an older version
 * open for longer than `blockedTimeoutMs`; `too_new` if a newer release of the package wrote the database; `corrupt` if
 * the database is not one of this package; `quota_exceeded` if the disk is full.
 *
 * @example
 * ```js
 * const store = await openStore({ name: "my-agents", durability: "strict" });
 * ```
 */
export function openStore(options?: OpenOptions): Promise<ScribeStore>;

/**
 * Deletes a database, and resolves when it is gone, also if there was none. Stores that have it open, in this tab
 * and in others, are closed by that: their later calls reject with `closed`. Stores in memory are not affected.
 *
 * Rejects with `invalid_argument` unless the name is a string that is not empty; `blocked` if another tab holds the
 * database open for more than 5 seconds (it is deleted all the same once that tab lets go); `unavailable` if the
 * module cannot be loaded, or there is no IndexedDB here, or it fails or does not answer.
 *
 * @param name Default `"scribe-store"`.
 */
export function deleteStore(name?: string): Promise<void>;

// ---------------------------------------------------------------- records

/** A project: the owner of a progress log. */
export interface Project {
  /** Number of the project in this store, never given to another one. */
  readonly id: number;
  /** Name, unique in the store, exact and case-sensitive. */
  readonly name: string;
  /** Root of the project's files, as given. */
  readonly repoRoot: string;
  /** Path of the project's progress log, as given. */
  readonly progressLogPath: string;
  /** Time of creation: RFC 3339 in UTC with six fractional digits, as every time that the store returns. */
  readonly createdAt: string;
  /** Time of the last change of one of the paths; that of creation if there was none. */
  readonly updatedAt: string;
}

/** A project to create or change. */
export interface NewProject {
  /** Name, not empty. */
  name: string;
  /** Root of the project's files. */
  repoRoot: string;
  /** Path of the project's progress log. */
  progressLogPath: string;
}

/** One line of a progress log. A read entry is a valid argument to {@link ScribeStore.insertEntry}. */
export interface Entry {
  /** Identifier, unique in the whole store. */
  readonly entryId: string;
  /** Name of the project. */
  readonly project: string;
  /** Insertion order within the project, from 1, never reused. */
  readonly seq: number;
  /** Time of what happened, as `2026-01-31T08:15:00.000000Z`. */
  readonly ts: string;
  /** Kind of the entry. `✅`, `⚠️` and `❌` are counted by {@link ScribeStore.fetchMetrics}. */
  readonly emoji: string;
  /** Name of who wrote it; `null` if nobody is named. */
  readonly agent: string | null;
  /** Text of the entry. */
  readonly message: string;
  /** Metadata; `{}` if none was given. */
  readonly meta: { readonly [key: string]: JsonValue };
  /** Line of the log that the entry was or would be, as it was given. */
  readonly rawLine: string;
  /** SHA-256 of `rawLine`, as it was given; {@link ScribeStore.appendEntry} gives 64 lower-case hex digits. */
  readonly sha256: string;
}

/**
 * An entry that is complete, to be stored as it is. Strings come back exactly as given, but for lone surrogates,
 * which become U+FFFD.
 */
export interface NewEntry {
  /** Identifier, not empty; an entry whose identifier is in the store already is not inserted again. */
  entryId: string;
  /** Project that the entry belongs to. */
  project: ProjectRef;
  /** Time of what happened. */
  ts: Timestamp;
  /** Kind of the entry. */
  emoji: string;
  /** Name of who wrote it. Default `null`. */
  agent?: string | null;
  /** Text of the entry. */
  message: string;
  /**
   * Metadata, written by the rules of `JSON.stringify`: `undefined`, functions and symbols are left out of objects,
   * a `Date` becomes a string, a `Map` and an `Error` become `{}`. A cycle, a BigInt, NaN, an infinity, more than 125
   * levels of nesting, or more than 5,000,000 values are an `invalid_argument`. Key order is not kept. Default `{}`.
   */
  meta?: { [key: string]: unknown } | null;
  /** Line of the log, stored as given. */
  rawLine: string;
  /** Hash of the line, stored as given. */
  sha256: string;
}

/** What an agent knows; the store adds the identifier, the canonical line and its hash. */
export interface AppendEntry {
  /** Project that the entry belongs to. */
  project: ProjectRef;
  /** Text of the entry. */
  message: string;
  /**
   * Kind of the entry, for which an emoji stands: info `ℹ️`, success `✅`, warn `⚠️`, error `❌`, bug `🐞`,
   * plan `🧭`. Default `"info"`; `emoji` wins over it.
   */
  status?: "info" | "success" | "warn" | "error" | "bug" | "plan";
  /** Kind of the entry as an emoji. Default: that of `status`. */
  emoji?: string;
  /** Name of who wrote it. Default `null`, which the canonical line shows as `Scribe`. */
  agent?: string | null;
  /** Metadata, as in {@link NewEntry.meta}. Default `{}`. */
  meta?: { [key: string]: unknown } | null;
  /** Time of what happened. Default: now. */
  ts?: Timestamp;
  /** Identifier, not empty. Default: a new UUIDv7. Pass one to make a retry harmless. */
  entryId?: string;
}

/** Counts of a project's entries; always equal to a recount. */
export interface ProjectMetrics {
  /** Number of all entries. */
  totalEntries: number;
  /** Number of entries whose emoji is exactly `✅`. */
  successCount: number;
  /** Number of entries whose emoji is exactly `⚠️`. */
  warnCount: number;
  /** Number of entries whose emoji is exactly `❌`. */
  errorCount: number;
  /** Latest `ts` of any entry; `null` if there is none. */
  lastUpdate: string | null;
}

/** What {@link ScribeStore.verifyProject} found. */
export interface VerifyReport {
  /** Whether every entry is what was written, and its `sha256` the hash of its `rawLine`. */
  readonly ok: boolean;
  /**
   * `seq` of the first entry that the report proves: 1 unless {@link ScribeStore.pruneEntries} removed those before it.
   * Without entries it is that of the next one.
   */
  readonly fromSeq: number;
  /** Number of entries that were looked at. */
  readonly entries: number;
  /**
   * Head of the hash chain as recomputed, 64 hex digits; keep a copy elsewhere to notice a log that was cut off or
   * written anew. Removing old entries does not change it: what it was behind them is stored, and recomputing begins there.
   * It is 32 zero bytes before the entry with `seq` 1; then, entry by entry in the order of `seq`, the
   * SHA-256 of the head before and of `sha256`, `entryId`, `ts`, `emoji`, `agent`, `message`, `meta` (JSON with sorted
   * keys and no white space) and `rawLine`, each in UTF-8 behind its length in bytes (4 bytes, little-endian; no
   * agent: the length 0xFFFFFFFF).
   */
  readonly head: string;
  /** The first entry that is not as it should be; `null` if there is none. */
  readonly firstBad: {
    readonly seq: number;
    /** Its identifier; `null` if it is missing. */
    readonly entryId: string | null;
    /**
     * `line_hash`: `sha256` is not the hash of `rawLine`, which is also so if it was inserted like that. `chain`: the
     * head recomputed up to here is not the stored one. `missing`: there is no such entry, but there are later ones.
     */
    readonly reason: "line_hash" | "chain" | "missing";
  } | null;
}

// ---------------------------------------------------------------- reading

/** Exact values that entries must have; both must hold. */
export interface EntryFilters {
  /** Agent's name. `null` or missing: any, or none. */
  agent?: string | null;
  /** Emoji. `null` or missing: any. */
  emoji?: string | null;
}

/** Options of {@link ScribeStore.fetchRecentEntries}. */
export interface RecentOptions extends SignalOptions {
  /** Project whose entries are wanted. */
  project: ProjectRef;
  /** Number of entries at most, a whole number of at least 0. Default 50. */
  limit?: number;
  /** Number of matching entries to leave out first, a whole number of at least 0. Default 0. */
  offset?: number;
  /** Values that entries must have. Default: any. */
  filters?: EntryFilters;
}

/** Criteria for entries. All that are given must hold together. */
export interface QueryCriteria {
  /** Project whose entries are wanted. */
  project: ProjectRef;
  /** Earliest time, inclusive. `null` or missing: no bound. */
  start?: Timestamp | null;
  /** Latest time, inclusive; a date without a time covers that whole day. `null` or missing: no bound. */
  end?: Timestamp | null;
  /** Agents' names, exactly, of which an entry must have one. `null`, empty or missing: any, or none. */
  agents?: string[] | null;
  /** Emojis, exactly, of which an entry must have one. `null`, empty or missing: any. */
  emojis?: string[] | null;
  /** Text that the message is compared with, as `messageMode` says. `null`, empty or missing: any message. */
  message?: string | null;
  /**
   * How messages are compared. `"substring"` (default): the message contains the text. `"exact"`: it is the text.
   * `"regex"`: the text is a regular expression that matches anywhere in the message; it is Unicode-aware, `.` does
   * not match a newline, look-around and back-references do not exist, and a search takes time linear in the
   * message's length.
   */
  messageMode?: "substring" | "regex" | "exact";
  /** Whether upper and lower case differ in messages. Default `false`. */
  caseSensitive?: boolean;
  /**
   * Values that an entry's metadata must have, by key; the type must be the same as well (`"1"` is not `1`). A key
   * is taken literally first. Only if the entry lacks it, and it contains dots, it is a path of member names and
   * array indexes: `"files.0.name"`. `null` matches an explicit `null`; a missing key matches nothing.
   *
   * @example
   * ```js
   * await store.queryEntries({ project: "site", metaFilters: { phase: "build", "result.code": 0 } });
   * ```
   */
  metaFilters?: { [key: string]: string | number | boolean | null } | null;
}

/** Options of {@link ScribeStore.queryEntries}. */
export interface QueryOptions extends QueryCriteria, SignalOptions {
  /** Number of entries at most, a whole number of at least 0. Default 50. */
  limit?: number;
  /** Number of matching entries to leave out first, a whole number of at least 0. Default 0. */
  offset?: number;
}

/** Choice of a page: by `page` or by `cursor` (from a page already read), not both. */
export interface PageOptions extends SignalOptions {
  /** Number of the page, from 1. Default 1. */
  page?: number;
  /** Number of items on a full page, 1 to 1000. Default 50, or with a cursor what its page had. */
  pageSize?: number;
  /** Cursor from `nextCursor` or `prevCursor` of a page of the same query. */
  cursor?: string;
}

/** One page of results, newest first. */
export interface Page<T> {
  /** Items on this page; none past the end. */
  readonly items: T[];
  /** Number of this page, from 1; on a cursor's page it counts on from where the cursor came from. */
  readonly page: number;
  /** Number of items on a full page. */
  readonly pageSize: number;
  /** Exact: the number of matches on all pages together, from the same snapshot as `items`. */
  readonly totalCount: number;
  /** Number of pages that `totalCount` makes; 0 without matches. */
  readonly totalPages: number;
  /** Whether there is a page after this one. */
  readonly hasNext: boolean;
  /** Whether there is a page before this one. */
  readonly hasPrev: boolean;
  /**
   * Cursor of the next page; `null` if there is none. Pass as `cursor` with the same query. Entries written later do
   * not shift what it shows. It holds across reloads, until entries of the project are removed. Pages of documents have
   * no cursors.
   */
  readonly nextCursor: string | null;
  /** Cursor of the page before; `null` if there is none. Otherwise as `nextCursor`. */
  readonly prevCursor: string | null;
}

// ---------------------------------------------------------------- documents and agents

/** A change of a document to record. */
export interface NewDocChange {
  /** Document's name or path. */
  doc: string;
  /** Section that was changed. Default `null`. */
  section?: string | null;
  /** What was done. */
  action: string;
  /** Name of who did it. Default `null`. */
  agent?: string | null;
  /** Metadata, as in {@link NewEntry.meta}. Default `{}`. */
  metadata?: { [key: string]: unknown } | null;
  /** Hash of the document before the change, stored as given. */
  shaBefore: string;
  /** Hash of the document after the change, stored as given. */
  shaAfter: string;
}

/** A recorded change of a document. */
export interface DocChange {
  /** Number of the change in this store, ascending, never reused. */
  readonly id: number;
  /** Name of the project. */
  readonly project: string;
  /** Document's name or path. */
  readonly doc: string;
  /** Section that was changed; `null` if none is named. */
  readonly section: string | null;
  /** What was done. */
  readonly action: string;
  /** Name of who did it; `null` if nobody is named. */
  readonly agent: string | null;
  /** Metadata; `{}` if none was given. */
  readonly metadata: { readonly [key: string]: JsonValue };
  /** Hash of the document before the change. */
  readonly shaBefore: string;
  /** Hash of the document after the change. */
  readonly shaAfter: string;
  /** Time of the record, as every time that the store returns. */
  readonly createdAt: string;
}

/** A report card to record: how an agent did on a file. */
export interface NewReportCard {
  /** File that the card is about; there is one card of each file in a project. */
  filePath: string;
  /** Agent's name. */
  agentName: string;
  /** Stage of the work. Default `null`. */
  stage?: string | null;
  /** Grade, any finite number. Default `null`. */
  overallGrade?: number | null;
  /** Grade in words. Default `null`. */
  performanceLevel?: string | null;
  /** Metadata, as in {@link NewEntry.meta}. Default `{}`. */
  metadata?: { [key: string]: unknown } | null;
}

/** A recorded report card. */
export interface ReportCard {
  /** Name of the project. */
  readonly project: string;
  /** File that the card is about. */
  readonly filePath: string;
  /** Agent's name. */
  readonly agentName: string;
  /** Stage of the work; `null` if none is named. */
  readonly stage: string | null;
  /** Grade; `null` if there is none. */
  readonly overallGrade: number | null;
  /** Grade in words; `null` if there is none. */
  readonly performanceLevel: string | null;
  /** Metadata; `{}` if none was given. */
  readonly metadata: { readonly [key: string]: JsonValue };
  /** Time of the file's first card. */
  readonly createdAt: string;
  /** Time of this card. */
  readonly updatedAt: string;
}

/** A session of an agent. */
export interface AgentSession {
  /** Identifier, unique in the whole store. */
  readonly sessionId: string;
  /** Agent whose session it is. */
  readonly agentId: string;
  /** Whether the session goes on, or was ended. */
  readonly status: "active" | "expired";
  /** Time of the first start. */
  readonly startedAt: string;
  /** Time of the last sign of life. */
  readonly lastActiveAt: string;
  /** Metadata; `null` if none was given. */
  readonly metadata: { readonly [key: string]: JsonValue } | null;
}

/** The current project of an agent. */
export interface AgentProject {
  /** Agent whose project it is. */
  readonly agentId: string;
  /** Name of the project; `null` if it was cleared, or deleted. */
  readonly projectName: string | null;
  /** Number of changes so far, from 1, that by deleting the project included; never repeats. */
  readonly version: number;
  /** Time of the last change. */
  readonly updatedAt: string;
  /** Name of who set it last. */
  readonly updatedBy: string;
  /** Session in which it was set last. */
  readonly sessionId: string;
}

/** A change of an agent's current project. */
export interface SetAgentProject {
  /** Agent whose project is set, not empty. */
  agentId: string;
  /** Name of an existing project; `null` to have none. */
  projectName: string | null;
  /**
   * Version on which the change is based. `null` or missing: set whatever is there. `0`: only if the agent has none
   * yet. `n`: only if the version is `n`.
   */
  expectedVersion?: number | null;
  /** Name of who sets it. */
  updatedBy: string;
  /** Session in which it is set; not checked. */
  sessionId: string;
}

/**
 * What an event tells of: a session began, or began again; it ended, also by expiry; an agent's project was set
 * (from none, or from the same), replaced by another one, or cleared; or a change of it was refused because of its
 * `expectedVersion`.
 */
export type AgentEventType =
  | "session_started"
  | "session_ended"
  | "project_set"
  | "project_switched"
  | "project_cleared"
  | "conflict_detected";

/** Something that happened to an agent's session or project, written in the same transaction. */
export interface AgentEvent {
  /** Number of the event in this store, ascending, never reused. */
  readonly id: number;
  /** Agent that it happened to. */
  readonly agentId: string;
  /** Session in which it happened. */
  readonly sessionId: string;
  /** What happened. */
  readonly eventType: AgentEventType;
  /** Project before; `null` if none, and for events of sessions. */
  readonly fromProject: string | null;
  /** Project after, or the one refused; `null` if none, and for events of sessions. */
  readonly toProject: string | null;
  /** Version that was expected; `null` if none was, and for events of sessions. */
  readonly expectedVersion: number | null;
  /** Version after the change, or the one found instead of the expected; `null` if none, and for sessions. */
  readonly actualVersion: number | null;
  /** Whether it took effect; `false` for `conflict_detected` alone. */
  readonly success: boolean;
  /** Time of the event. */
  readonly createdAt: string;
}

// ---------------------------------------------------------------- the store

/**
 * An open store.
 *
 * Writes are transactions: one that resolved is stored as a whole, and survives a reload and the end of the browser;
 * one that rejected left nothing. Writes of one store take effect in the order of the calls, awaited or not. A read
 * sees every write, in any tab, that resolved before the read was called.
 *
 * Every method rejects with `invalid_argument` for an argument of a wrong type, out of range, or with a member that
 * it does not know (a typo must not widen a result); with `closed` after {@link ScribeStore.close}, or when another
 * tab upgraded or deleted the database; with `unavailable` if the database failed; with `corrupt` if stored data is
 * not what was written; and, if it writes, with `quota_exceeded` if the disk is full. What else a method rejects
 * with stands beside it.
 */
export interface ScribeStore {
  /** Database name that the store was opened with. */
  readonly name: string;
  /** Place of the data that the store was opened with. */
  readonly backend: "indexeddb" | "memory";

  /**
   * Waits for writes under way, then releases the database. Calls made later reject with `closed`. Never rejects,
   * and may be called again.
   */
  close(): Promise<void>;
  /**
   * Closes the store at the end of an `await using` block, as {@link ScribeStore.close} does. Engines without
   * `Symbol.asyncDispose` have it under `Symbol.for("Symbol.asyncDispose")`, which polyfills use.
   *
   * @example
   * ```js
   * await using store = await openStore();
   * ```
   */
  [Symbol.asyncDispose](): Promise<void>;

  /**
   * Creates a project, or changes the paths of the one with that name, and resolves to its record. `id` and
   * `createdAt` stay; `updatedAt` changes only if a path does.
   */
  upsertProject(project: NewProject): Promise<Project>;
  /** Fetches the project with exactly this name; `null` if there is none. */
  fetchProject(name: string, options?: SignalOptions): Promise<Project | null>;
  /** Lists all projects, sorted by name, by Unicode code point. */
  listProjects(options?: SignalOptions): Promise<Project[]>;
  /**
   * Deletes a project with its entries, document changes and report cards, in one transaction; `false` if there is
   * none. Agents whose current project it was get `projectName: null` and the next version. Sessions and events
   * stay.
   */
  deleteProject(name: string): Promise<boolean>;
  /** Counts a project's entries. Rejects with `not_found` if the project does not exist. */
  fetchMetrics(project: ProjectRef, options?: SignalOptions): Promise<ProjectMetrics>;
  /**
   * Reads a project's whole log as it is stored, and recomputes every hash: that of each line, and the chain over all
   * entries. What was changed behind the store's back shows, as far as it still can be read; what fails its checksum
   * rejects with `corrupt`. Takes time in proportion to the log. Rejects with `not_found` if the project does not
   * exist.
   */
  verifyProject(project: ProjectRef, options?: SignalOptions): Promise<VerifyReport>;

  /**
   * Removes a project's oldest entries, in one transaction, and frees their space: so a log does not grow for ever. At
   * least one of `before` and `keepNewest` must be given; with both, an entry goes only if both let it.
   *
   * A log is a hash chain in the order of `seq`, so it is cut at its beginning: entries go from the lowest `seq` on, up
   * to the first one that is to be kept. Where entries were inserted in the order of their times, that is all that may go.
   * A newer entry that was inserted early holds back older ones behind it; `remaining` counts them too.
   *
   * {@link ScribeStore.verifyProject} goes on to prove what is left, and metrics count it. A `seq` is never used
   * again; an `entryId` that was removed is free again, so that such an entry can be inserted, at the end of the
   * log. Cursors from before are refused with `invalid_cursor`; an iteration under way goes on with what is left.
   * Other tabs see the same at their next call. Releases of the package from before this method refuse such a log with
   * `too_new`.
   *
   * Rejects with `not_found` if the project does not exist.
   *
   * @example
   * ```js
   * const month = 30 * 24 * 60 * 60 * 1000;
   * // What is older than a month, but always the newest 1000.
   * await store.pruneEntries({ project: "site", before: Date.now() - month, keepNewest: 1000 });
   * ```
   */
  pruneEntries(options: PruneOptions): Promise<PruneReport>;

  /**
   * Inserts an entry: `true` if inserted, `false` if the identifier is already in the store, in whatever project
   * (then nothing changes). `seq` of a read entry is ignored.
   *
   * Rejects with `not_found` if the project does not exist.
   */
  insertEntry(entry: NewEntry): Promise<boolean>;
  /**
   * Inserts entries, all or nothing, in one transaction. Resolves to how many were inserted, and how many were
   * duplicates: already in the store, or earlier in the call. The iterable is read before the method returns.
   *
   * With a `signal` that aborts before the commit nothing is inserted, and the promise rejects with its reason; after
   * that the signal has no effect any more.
   *
   * Rejects with `invalid_argument`, whose message names the index as `entries[7]`, for an element that is no entry,
   * and if the iterable throws; with `not_found` if a project does not exist.
   *
   * @example
   * ```js
   * const { inserted, duplicates } = await store.insertEntries(lines.map((line) => JSON.parse(line)));
   * ```
   */
  insertEntries(
    entries: Iterable<NewEntry>,
    options?: SignalOptions,
  ): Promise<{ inserted: number; duplicates: number }>;
  /**
   * Completes an entry, inserts it, and resolves to it as stored; with an `entryId` that is in the store already, to
   * the entry that was there. The canonical line, of which `sha256` is the hash, is
   * `[emoji] [YYYY-MM-DD HH:MM:SS UTC] [Agent: name] [Project: name] [ID: entryId] message | key=value; key=value`,
   * with the keys sorted, and newlines and `|` as spaces.
   *
   * Rejects with `not_found` if the project does not exist.
   *
   * @example
   * ```js
   * await store.appendEntry({
   *   project: "site",
   *   agent: "Ada",
   *   status: "warn",
   *   message: "A link is dead",
   *   meta: { page: "/about", status: 404 },
   * });
   * ```
   */
  appendEntry(entry: AppendEntry): Promise<Entry>;
  /** Fetches the entry with an identifier, in whatever project; `null` if there is none. */
  fetchEntry(entryId: string, options?: SignalOptions): Promise<Entry | null>;

  /**
   * Fetches the newest entries of a project: by `ts`, newest first, and of equal instants the later inserted first,
   * which is the order of all entries that the store returns.
   *
   * Rejects with `not_found` if the project does not exist.
   */
  fetchRecentEntries(options: RecentOptions): Promise<Entry[]>;
  /**
   * Fetches a page of the newest entries of a project.
   *
   * Rejects with `not_found` if the project does not exist; with `invalid_cursor` for a cursor that is damaged, or of
   * another query, page size or format version; with `invalid_argument` for `page` and `cursor` together.
   */
  fetchRecentEntriesPaginated(
    options: { project: ProjectRef; filters?: EntryFilters } & PageOptions,
  ): Promise<Page<Entry>>;
  /** Counts a project's entries that have the given values. Rejects with `not_found` if it does not exist. */
  countEntries(project: ProjectRef, filters?: EntryFilters, options?: SignalOptions): Promise<number>;

  /**
   * Fetches the entries that match, newest first.
   *
   * Rejects with `not_found` if the project does not exist; with `invalid_argument`, which names the position in
   * UTF-16 code units, for a regular expression that cannot be compiled, uses look-around or back-references, or would
   * become more than 10,000 instructions, or 2,000 branches.
   *
   * @example
   * ```js
   * const failures = await store.queryEntries({
   *   project: "site",
   *   emojis: ["❌", "⚠️"],
   *   start: "2026-01-01",
   *   end: "2026-01-31",
   *   message: "time(d )?out",
   *   messageMode: "regex",
   * });
   * ```
   */
  queryEntries(query: QueryOptions): Promise<Entry[]>;
  /**
   * Fetches a page of the entries that match, newest first, with their exact total.
   *
   * Rejects as {@link ScribeStore.queryEntries}; also with `invalid_cursor` for a cursor that is damaged, or of
   * another query, page size or format version, and with `invalid_argument` for `page` and `cursor` together.
   *
   * @example
   * ```js
   * const query = { project: "site", agents: ["Ada"], pageSize: 20 };
   * let page = await store.queryEntriesPaginated(query);
   * while (page.nextCursor) {
   *   page = await store.queryEntriesPaginated({ ...query, cursor: page.nextCursor });
   * }
   * ```
   */
  queryEntriesPaginated(query: QueryCriteria & PageOptions): Promise<Page<Entry>>;
  /** Counts the entries that match. Rejects as {@link ScribeStore.queryEntries}. */
  countQueryEntries(query: QueryCriteria & SignalOptions): Promise<number>;
  /**
   * Iterates over the entries that match, newest first, over the snapshot of the first step, in constant memory. It
   * may be left at any time.
   *
   * Its steps reject, the first one also for a wrong query, as {@link ScribeStore.queryEntries}; with `not_found`
   * also if the project is deleted meanwhile.
   *
   * @example
   * ```js
   * for await (const entry of store.iterateEntries({ project: "site" })) {
   *   console.log(entry.rawLine);
   * }
   * ```
   */
  iterateEntries(query: QueryCriteria & SignalOptions): AsyncIterableIterator<Entry>;

  // -------------------------------------------------------------- logs as text

  /**
   * Exports the entries that match as lines of JSON, each an {@link Entry}, newest first, over the snapshot of the
   * first read, in constant memory.
   *
   * The stream fails, also for a wrong query, as the steps of {@link ScribeStore.iterateEntries} do; with the reason
   * of `signal` once that is aborted; and with `unavailable` if the script for exports cannot be loaded, as in service
   * workers, where `scribe-store/inline` is the entry to import. A reader and `pipeTo` tell of it; what `Response` makes
   * of a stream that fails is an error of the browser's own.
   *
   * @example
   * ```js
   * const file = await new Response(store.exportJsonl({ project: "site" })).blob();
   * ```
   */
  exportJsonl(query: QueryCriteria & SignalOptions): ByteStream;
  /**
   * Imports entries from lines of JSON, each a {@link NewEntry} as {@link ScribeStore.exportJsonl} writes it. Importing
   * the same again changes nothing, for an entry whose identifier is in the store is not inserted.
   *
   * A line without `rawLine` and `sha256` is one of an {@link AppendEntry}, which must have `ts`: it gets the canonical
   * line and, unless it has one, an identifier that is always the same for the same line of the same project. So equal
   * lines are one entry, unless they follow one another with the same `ts`.
   *
   * Lines may end in LF or CRLF, and blank ones are skipped. Those that cannot be stored (they are no JSON object or not
   * UTF-8, lack a member or have an unknown one, or name a project that does not exist) are left out and reported.
   * Lines are stored in chunks of some thousands, each as a whole in one transaction; if the import rejects, the chunks
   * that were stored stay, and the import may simply be done again. What comes newest first is inserted in the
   * order of time within each chunk, so that entries of equal times keep theirs.
   *
   * Rejects with `not_found` if `options.project` does not exist; with `invalid_argument` that names the first bad line
   * if `options.strict`, or if the source cannot be read, of which the error is the `cause`; with the reason of
   * `options.signal` once that is aborted; and with `unavailable` as {@link ScribeStore.exportJsonl} fails.
   *
   * @example
   * ```js
   * const response = await fetch("/log.jsonl");
   * const { inserted, errors } = await store.importJsonl(response.body, { project: "site" });
   * for (const { line, message } of errors) console.warn(`line ${line}: ${message}`);
   * ```
   */
  importJsonl(source: TextSource, options?: ImportOptions): Promise<ImportReport>;
  /**
   * Exports the entries that match as lines of a progress log, oldest first, in constant memory: `rawLine` as it is
   * stored if it is one line that {@link ScribeStore.importProgressLog} reads, otherwise the canonical line that
   * {@link ScribeStore.appendEntry} describes. It shows the entries of the first read.
   *
   * The stream fails as that of {@link ScribeStore.exportJsonl}.
   *
   * @example
   * ```js
   * const log = await new Response(store.exportProgressLog({ project: "site", start: "2026-01-01" })).text();
   * ```
   */
  exportProgressLog(query: QueryCriteria & SignalOptions): ByteStream;
  /**
   * Imports entries from the lines of a progress log, such as a Markdown file, into `options.project`, whatever project
   * they name. An entry is a line
   * `[emoji] [time] [Agent: name] [Project: name] [ID: entryId] message | key=value; key=value`, of which `[ID: entryId]`
   * and what begins with ` | ` may be missing; it may be an item of a list, indented or not. The time is of the forms
   * that {@link Timestamp} names for strings. Other lines are skipped.
   *
   * `rawLine` is the line as it stands, without its end, and `sha256` its hash. Metadata begins at the first ` | ` with a
   * `key=` behind it; its values are strings, but for arrays and objects, which are JSON. A line without
   * identifier gets one as described at {@link ScribeStore.importJsonl}, so that importing the same again changes
   * nothing; an entry that was written with another identifier is not recognised by such a line.
   *
   * Stores, reports and rejects as {@link ScribeStore.importJsonl}.
   *
   * @example
   * ```js
   * const [file] = input.files;
   * const { inserted, skipped } = await store.importProgressLog(file, { project: "site" });
   * ```
   */
  importProgressLog(
    source: TextSource,
    options: ImportOptions & { project: ProjectRef },
  ): Promise<ImportReport>;

  /**
   * Exports the whole store as a backup: lines of JSON with checksums, logs in constant memory. It has projects, entries,
   * document changes, report cards, sessions and agents' current projects; not the event log. Each project's log is that
   * of the moment when its turn comes, so that a backup made while others write may hold more of one than of another.
   *
   * The stream fails as that of {@link ScribeStore.exportJsonl}; with `invalid_argument` for an option other than
   * `signal`; and with `corrupt` if stored data is not what was written: then there is no last line.
   *
   * @example
   * ```js
   * const backup = await new Response(store.exportStore()).blob();
   * ```
   */
  exportStore(options?: SignalOptions): ByteStream;
  /**
   * Puts a backup's records into the store as they were, with their times and versions. What is in the store stays, and
   * importing the same again changes nothing: an entry or a document change that is there is not added; a project keeps
   * its `id`, and the paths that changed last; of two report cards of a file and two states of a session the later one
   * stays; of two current projects of an agent the one with the higher version. No events are written. In an empty store
   * everything comes back but numbers of projects, document changes and events, and the `seq` of entries if some had
   * been removed.
   *
   * Lines are stored in chunks, each in one transaction, and none before its checksum fits.
   *
   * Rejects with `corrupt` if the source is no backup, is damaged, or was cut off; with `too_new` if a newer release
   * wrote it in a format that this one does not know; and with the reason of `options.signal` once that is aborted. What
   * was stored by then stays, and the import may simply be done again. Otherwise as {@link ScribeStore.importJsonl}.
   *
   * @example
   * ```js
   * const [file] = input.files;
   * const { projects, entries } = await store.importStore(file);
   * ```
   */
  importStore(
    source: TextSource,
    options?: Pick<ImportOptions, "onProgress" | "signal">,
  ): Promise<StoreImportReport>;

  // -------------------------------------------------------------- documents and agents

  /**
   * Counts the entries that match by time, from one snapshot, and by agent or emoji if `by` says so: what a timeline or a
   * heat map shows. Without `message` and `metaFilters` it reads little or nothing of the entries.
   *
   * Rejects with `not_found` if the project does not exist; with `invalid_argument` for a pattern that is not valid, and
   * if `bucket` is so short that the result would have more than 1,000,000 counts (buckets, times groups and one).
   *
   * @example
   * ```js
   * const { groups, buckets } = await store.summarizeEntries({ project: "site", bucket: "day", by: "agent" });
   * for (const { start, counts } of buckets) {
   *   console.log(start.slice(0, 10), groups.map((agent, index) => `${agent}: ${counts[index]}`).join(", "));
   * }
   * ```
   */
  summarizeEntries(query: SummaryOptions): Promise<EntrySummary>;

  /**
   * Records a change of a document, and resolves to it as stored. The newest 500 of a project are kept.
   *
   * Rejects with `not_found` if the project does not exist.
   */
  recordDocChange(project: ProjectRef, change: NewDocChange): Promise<DocChange>;
  /**
   * Lists a page of a project's document changes, newest first; of one document, if `doc` is given. Its cursors are
   * always `null`.
   *
   * Rejects with `not_found` if the project does not exist.
   */
  listDocChanges(
    options: {
      project: ProjectRef;
      doc?: string;
      page?: number;
      pageSize?: number;
    } & SignalOptions,
  ): Promise<Page<DocChange>>;
  /**
   * Records a report card, and resolves to it as stored. A second one of the same file replaces all of the first but
   * `createdAt`.
   *
   * Rejects with `not_found` if the project does not exist.
   */
  recordAgentReportCard(project: ProjectRef, card: NewReportCard): Promise<ReportCard>;
  /**
   * Lists a page of a project's report cards, by `updatedAt`, newest first, then by `filePath`; of one agent, if
   * `agentName` is given. Its cursors are always `null`.
   *
   * Rejects with `not_found` if the project does not exist.
   */
  listAgentReportCards(
    options: {
      project: ProjectRef;
      agentName?: string;
      page?: number;
      pageSize?: number;
    } & SignalOptions,
  ): Promise<Page<ReportCard>>;

  /**
   * Creates an active session, or makes it active again, touches it and replaces its metadata. `startedAt` stays.
   *
   * Rejects with `conflict` if the session is another agent's.
   *
   * @param agentId Agent whose session it is, not empty.
   * @param sessionId Identifier, not empty.
   * @param metadata As in {@link NewEntry.meta}. Default `null`.
   */
  upsertAgentSession(
    agentId: string,
    sessionId: string,
    metadata?: { [key: string]: unknown } | null,
  ): Promise<AgentSession>;
  /** Fetches a session; `null` if there is none. */
  fetchAgentSession(sessionId: string, options?: SignalOptions): Promise<AgentSession | null>;
  /** Lists sessions, of one agent or in one state if these are given; the latest sign of life first. */
  listAgentSessions(
    options?: { agentId?: string; status?: "active" | "expired" } & SignalOptions,
  ): Promise<AgentSession[]>;
  /** Touches a session if it is active: `true` if it is and was touched, `false` otherwise, also if it is unknown. */
  heartbeatSession(sessionId: string): Promise<boolean>;
  /** Ends a session: `true` if it was active and is now expired, `false` otherwise, also if it is unknown. */
  endSession(sessionId: string): Promise<boolean>;
  /**
   * Ends every active session without a sign of life for `idleMs`; resolves to their identifiers.
   *
   * @param idleMs Milliseconds, at least 0.
   */
  expireSessions(idleMs: number): Promise<string[]>;
  /** Gets an agent's current project; `null` if none was ever set. */
  getAgentProject(agentId: string, options?: SignalOptions): Promise<AgentProject | null>;
  /**
   * Sets an agent's current project, and resolves to it as stored. Of racing calls with the same `expectedVersion`,
   * in any number of tabs, exactly one succeeds.
   *
   * Rejects with `conflict`, as a {@link ConflictError} with both versions, if `expectedVersion` is not the version;
   * with `not_found` if the project does not exist.
   *
   * @example
   * ```js
   * const current = await store.getAgentProject("ada");
   * try {
   *   await store.setAgentProject({
   *     agentId: "ada",
   *     projectName: "site",
   *     expectedVersion: current?.version ?? 0,
   *     updatedBy: "ada",
   *     sessionId: "s-1",
   *   });
   * } catch (error) {
   *   if (!(error instanceof ConflictError)) throw error;
   *   console.log(`another tab was faster: version ${error.actualVersion}`);
   * }
   * ```
   */
  setAgentProject(change: SetAgentProject): Promise<AgentProject>;
  /**
   * Lists events, newest first; of one agent or of one type if these are given. `limit` is a whole number of at
   * least 0, by default 50.
   */
  listAgentEvents(
    options?: {
      agentId?: string;
      eventType?: AgentEventType;
      limit?: number;
    } & SignalOptions,
  ): Promise<AgentEvent[]>;

  // -------------------------------------------------------------- live

  /**
   * Calls a listener with every change of the database from now on, whoever makes it: this store, another one in this
   * page, a worker, another tab. A change is told once, and not before it can be read; duplicates, and whatever else
   * changed nothing, are not told. Changes of one store come in their order. A store in memory tells of its own alone.
   *
   * It tells what is new, and keeps no record: what another tab changed while this page was frozen, or right before it
   * was killed, may never be told. What has to see every entry uses {@link ScribeStore.tail}.
   *
   * What a listener throws is reported as an uncaught error, and hinders nobody else. Closing the store ends all
   * subscriptions; to subscribe to a closed one throws `closed`, as a wrong argument throws `invalid_argument`.
   *
   * @param options With `project`, a name: only changes that carry it.
   * @returns A function that ends the subscription. It may be called at any time, and again.
   *
   * @example
   * ```js
   * const unsubscribe = store.subscribe((change) => console.log(change.kind, change.project), { project: "site" });
   * ```
   */
  subscribe(listener: (change: StoreChange) => void, options?: { project?: string }): () => void;
  /**
   * Follows a project's log: yields the entries that match in the order of `seq`, first those from `fromSeq` on, then
   * each that is inserted, by whatever tab, for ever. None is left out but those that {@link ScribeStore.pruneEntries}
   * removed before they were reached, none comes twice. Without `fromSeq` it begins with the first entry whose insertion
   * is called after this method.
   *
   * It ends when it is left, by `break` or `return()`, also while a step waits. Otherwise a step rejects: with the
   * signal's reason; with `closed` when the store is closed, or another tab deletes or upgrades the database; with
   * `not_found` when the project is deleted, or does not exist; the first one for a wrong query as
   * {@link ScribeStore.queryEntries}.
   *
   * Entries of other tabs are noticed at once, and 5 seconds later at most if the tab was killed as it wrote.
   *
   * @example
   * ```js
   * for await (const entry of store.tail({ project: "site", emojis: ["❌"] })) {
   *   alert(entry.message);
   * }
   * ```
   */
  tail(query: QueryCriteria & { fromSeq?: number } & SignalOptions): AsyncIterableIterator<Entry>;

  // -------------------------------------------------------------- storage

  /** Measures this store, and asks the browser about the room that its origin has. Reads the whole database once. */
  storage(options?: SignalOptions): Promise<StorageState>;
  /**
   * Asks the browser to keep what the origin stores until the user removes it; resolves to whether it does. Some
   * browsers ask the user. `false` in workers, and where there is no such thing.
   */
  requestPersistence(): Promise<boolean>;
}

// ---------------------------------------------------------------- errors

/** What went wrong, seen from what the caller can do about it. */
export type ScribeErrorCode =
  /** Fix the argument; the message names it. */
  | "invalid_argument"
  /** The named project or session does not exist. */
  | "not_found"
  /** Someone else wrote first: read again, retry. */
  | "conflict"
  /** Start again from the first page. */
  | "invalid_cursor"
  /** This handle was closed, or another tab upgraded or deleted the database: open the store again. */
  | "closed"
  /** Another tab holds the database open: have it closed, then retry. */
  | "blocked"
  /** Written by a newer release: update the package. */
  | "too_new"
  /** Free space, or ask for persistent storage. */
  | "quota_exceeded"
  /** No IndexedDB here, or it failed or did not answer, or the module could not be loaded: retry, then give up. */
  | "unavailable"
  /** Stored data is not what was written; the message names the place, and the rest stays readable. */
  | "corrupt"
  /** A bug in this package. If its module broke down, every call rejects so: open the store again. */
  | "internal";

/**
 * The error that everything in this package rejects with, but for calls whose `signal` was aborted. `message` is a whole phrase that names the offending
 * value; `cause` is what caused the error, if there is something. It is not made by users.
 */
export class ScribeError extends Error {
  protected constructor();
  /** Kind of the error, for programs to decide by. */
  readonly code: ScribeErrorCode;
  /** Whether the same call may succeed later: with `blocked`, `quota_exceeded` and `unavailable`. */
  readonly retryable: boolean;
  /** What `JSON.stringify` writes of it: also the message, which other errors lose. */
  toJSON(): { name: string; message: string; code: ScribeErrorCode; retryable: boolean };
}

/** The error with the code `conflict`: someone else wrote first. It is not made by users. */
export class ConflictError extends ScribeError {
  private constructor();
  /** Version that the call expected; `null` where the conflict is not about versions. */
  readonly expectedVersion: number | null;
  /** Version that was there; `null` if there was none, or the conflict is not about versions. */
  readonly actualVersion: number | null;
}

/**
 * Tells whether a value is an error of this package, also one of another copy of the package in the same page, of
 * whose classes it is not an instance.
 *
 * @example
 * ```js
 * try {
 *   await store.appendEntry({ project: "site", message: "Done" });
 * } catch (error) {
 *   if (isScribeError(error) && error.retryable) retryLater();
 *   else throw error;
 * }
 * ```
 */
export function isScribeError(value: unknown): value is ScribeError;

// biome-ignore lint/complexity/noUselessEmptyExport: without it, what is not marked `export` would be exported too.
export {};
