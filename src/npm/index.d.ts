/// <reference lib="esnext.disposable" />

/**
 * scribe-store: the storage layer for AI agents that work in the browser.
 *
 * Every method returns a promise, may be called while others are pending, and rejects with a {@link ScribeError}.
 * @module
 */

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
/** A Date, milliseconds since the epoch, or a string: RFC 3339, "YYYY-MM-DD HH:MM:SS UTC", or a date. */
export type Timestamp = Date | number | string;
/** A project's name, or a record that this store returned. */
export type ProjectRef = string | Project;

// ---------------------------------------------------------------- opening

export interface OpenOptions {
  /** Database name. Default "scribe-store". */
  name?: string;
  /** "indexeddb" (default) or "memory" (nothing outlives the page). */
  backend?: "indexeddb" | "memory";
  /** What a resolved write means: handed to the operating system ("relaxed", default) or flushed ("strict"). */
  durability?: "relaxed" | "strict";
  /** Reject with code "blocked" when another tab holds an older version this long. Default 5000. */
  blockedTimeoutMs?: number;
  /** Upper bound on decoded log data kept in memory, in bytes. Default 64 MiB. */
  cacheBytes?: number;
  /** Where the WebAssembly module comes from, when the default (beside the script) does not fit. */
  wasm?: URL | string | Response | Promise<Response> | BufferSource | WebAssembly.Module;
}
/** Loads the module if need be, opens or creates the database, and brings its schema up to date. */
export function openStore(options?: OpenOptions): Promise<ScribeStore>;
/** Deletes a database. Resolves when it is gone; rejects with "blocked" while another tab holds it open. */
export function deleteStore(name?: string): Promise<void>;

// ---------------------------------------------------------------- records

export interface Project {
  readonly id: number;
  readonly name: string;
  readonly repoRoot: string;
  readonly progressLogPath: string;
  /** RFC 3339, UTC, six fractional digits, as every time that the store returns. */
  readonly createdAt: string;
  readonly updatedAt: string;
}
export interface NewProject { name: string; repoRoot: string; progressLogPath: string }

/** One line of a progress log. A read entry is a valid argument to insertEntry. */
export interface Entry {
  readonly entryId: string;
  readonly project: string;
  /** Insertion order within the project, from 1, never reused. */
  readonly seq: number;
  readonly ts: string;
  readonly emoji: string;
  readonly agent: string | null;
  readonly message: string;
  readonly meta: { readonly [key: string]: JsonValue };
  readonly rawLine: string;
  readonly sha256: string;
}
export interface NewEntry {
  entryId: string;
  project: ProjectRef;
  ts: Timestamp;
  emoji: string;
  agent?: string | null;
  message: string;
  meta?: { [key: string]: unknown } | null;
  rawLine: string;
  sha256: string;
}
/** What an agent knows; the store adds the identifier, the canonical line and its hash. */
export interface AppendEntry {
  project: ProjectRef;
  message: string;
  /** info ℹ️, success ✅, warn ⚠️, error ❌, bug 🐞, plan 🧭. Default "info"; `emoji` wins over it. */
  status?: "info" | "success" | "warn" | "error" | "bug" | "plan";
  emoji?: string;
  agent?: string | null;
  meta?: { [key: string]: unknown } | null;
  /** Default: now. */
  ts?: Timestamp;
  /** Default: a new UUIDv7. Pass one to make a retry harmless. */
  entryId?: string;
}
export interface ProjectMetrics {
  totalEntries: number; successCount: number; warnCount: number; errorCount: number;
  lastUpdate: string | null;
}

// ---------------------------------------------------------------- reading

export interface EntryFilters { agent?: string | null; emoji?: string | null }
export interface RecentOptions { project: ProjectRef; limit?: number; offset?: number; filters?: EntryFilters }
export interface QueryCriteria {
  project: ProjectRef;
  /** Inclusive. */
  start?: Timestamp | null;
  /** Inclusive; a date without a time covers that whole day. */
  end?: Timestamp | null;
  agents?: string[] | null;
  emojis?: string[] | null;
  message?: string | null;
  messageMode?: "substring" | "regex" | "exact";
  caseSensitive?: boolean;
  metaFilters?: { [key: string]: string | number | boolean | null } | null;
}
export interface QueryOptions extends QueryCriteria { limit?: number; offset?: number }
/** Either `page` (1-based) or `cursor` (from a page already read), not both. */
export interface PageOptions { page?: number; pageSize?: number; cursor?: string }

export interface Page<T> {
  readonly items: T[];
  readonly page: number;
  readonly pageSize: number;
  /** Exact: the number of matches on all pages together, from the same snapshot as `items`. */
  readonly totalCount: number;
  readonly totalPages: number;
  readonly hasNext: boolean;
  readonly hasPrev: boolean;
  /** Pass as `cursor` with the same query. Entries written later do not shift what it shows. */
  readonly nextCursor: string | null;
  readonly prevCursor: string | null;
}

// ---------------------------------------------------------------- documents and agents

export interface NewDocChange {
  doc: string; section?: string | null; action: string; agent?: string | null;
  metadata?: { [key: string]: unknown } | null; shaBefore: string; shaAfter: string;
}
export interface DocChange {
  readonly id: number; readonly project: string; readonly doc: string; readonly section: string | null;
  readonly action: string; readonly agent: string | null; readonly metadata: { readonly [key: string]: JsonValue };
  readonly shaBefore: string; readonly shaAfter: string; readonly createdAt: string;
}
export interface NewReportCard {
  filePath: string; agentName: string; stage?: string | null; overallGrade?: number | null;
  performanceLevel?: string | null; metadata?: { [key: string]: unknown } | null;
}
export interface ReportCard {
  readonly project: string; readonly filePath: string; readonly agentName: string; readonly stage: string | null;
  readonly overallGrade: number | null; readonly performanceLevel: string | null;
  readonly metadata: { readonly [key: string]: JsonValue }; readonly createdAt: string; readonly updatedAt: string;
}
export interface AgentSession {
  readonly sessionId: string; readonly agentId: string; readonly status: "active" | "expired";
  readonly startedAt: string; readonly lastActiveAt: string;
  readonly metadata: { readonly [key: string]: JsonValue } | null;
}
export interface AgentProject {
  readonly agentId: string; readonly projectName: string | null; readonly version: number;
  readonly updatedAt: string; readonly updatedBy: string; readonly sessionId: string;
}
export interface SetAgentProject {
  agentId: string; projectName: string | null;
  /** null: set whatever is there. 0: only if the agent has none yet. n: only if the version is n. */
  expectedVersion?: number | null;
  updatedBy: string; sessionId: string;
}
export type AgentEventType =
  | "session_started" | "session_ended"
  | "project_set" | "project_switched" | "project_cleared" | "conflict_detected";
export interface AgentEvent {
  readonly id: number; readonly agentId: string; readonly sessionId: string; readonly eventType: AgentEventType;
  readonly fromProject: string | null; readonly toProject: string | null;
  readonly expectedVersion: number | null; readonly actualVersion: number | null;
  readonly success: boolean; readonly createdAt: string;
}
// ---------------------------------------------------------------- the store

export interface ScribeStore {
  readonly name: string;
  readonly backend: "indexeddb" | "memory";

  /** Waits for writes under way, then releases the database. Later calls reject with "closed". */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;

  upsertProject(project: NewProject): Promise<Project>;
  fetchProject(name: string): Promise<Project | null>;
  listProjects(): Promise<Project[]>;
  /** Deletes the project and all that belongs to it. False if there is none. */
  deleteProject(name: string): Promise<boolean>;
  fetchMetrics(project: ProjectRef): Promise<ProjectMetrics>;

  /** True if inserted, false if the identifier is already in the store (then nothing changes). */
  insertEntry(entry: NewEntry): Promise<boolean>;
  /** All or nothing, in one transaction. */
  insertEntries(entries: Iterable<NewEntry>): Promise<{ inserted: number; duplicates: number }>;
  appendEntry(entry: AppendEntry): Promise<Entry>;
  fetchEntry(entryId: string): Promise<Entry | null>;

  fetchRecentEntries(options: RecentOptions): Promise<Entry[]>;
  fetchRecentEntriesPaginated(
    options: { project: ProjectRef; filters?: EntryFilters } & PageOptions): Promise<Page<Entry>>;
  countEntries(project: ProjectRef, filters?: EntryFilters): Promise<number>;

  queryEntries(query: QueryOptions): Promise<Entry[]>;
  queryEntriesPaginated(query: QueryCriteria & PageOptions): Promise<Page<Entry>>;
  countQueryEntries(query: QueryCriteria): Promise<number>;
  /** Newest first, over one snapshot, in constant memory. */
  iterateEntries(query: QueryCriteria): AsyncIterableIterator<Entry>;

  recordDocChange(project: ProjectRef, change: NewDocChange): Promise<DocChange>;
  listDocChanges(options: { project: ProjectRef; doc?: string; page?: number; pageSize?: number }): Promise<Page<DocChange>>;
  recordAgentReportCard(project: ProjectRef, card: NewReportCard): Promise<ReportCard>;
  listAgentReportCards(options: { project: ProjectRef; agentName?: string; page?: number; pageSize?: number }): Promise<Page<ReportCard>>;

  upsertAgentSession(agentId: string, sessionId: string, metadata?: { [key: string]: unknown } | null): Promise<AgentSession>;
  fetchAgentSession(sessionId: string): Promise<AgentSession | null>;
  listAgentSessions(options?: { agentId?: string; status?: "active" | "expired" }): Promise<AgentSession[]>;
  /** True if the session is active and was touched. */
  heartbeatSession(sessionId: string): Promise<boolean>;
  /** True if the session was active and is now expired. */
  endSession(sessionId: string): Promise<boolean>;
  /** Ends every active session without a sign of life for `idleMs`; returns their identifiers. */
  expireSessions(idleMs: number): Promise<string[]>;
  getAgentProject(agentId: string): Promise<AgentProject | null>;
  setAgentProject(change: SetAgentProject): Promise<AgentProject>;
  listAgentEvents(options?: { agentId?: string; eventType?: AgentEventType; limit?: number }): Promise<AgentEvent[]>;
}

// ---------------------------------------------------------------- errors

export type ScribeErrorCode =
  | "invalid_argument"   // fix the argument; the message names it
  | "not_found"          // the named project or session does not exist
  | "conflict"           // someone else wrote first: read again, retry
  | "invalid_cursor"     // start again from the first page
  | "closed"             // this handle was closed, or another tab upgraded or deleted the database
  | "blocked"            // another tab holds the database open
  | "too_new"            // written by a newer release: update the package
  | "quota_exceeded"     // free space, or ask for persistent storage
  | "unavailable"        // no IndexedDB here, or it failed: retry, then give up
  | "corrupt"            // stored data is not what was written
  | "internal";          // a bug in this package
export class ScribeError extends Error {
  readonly code: ScribeErrorCode;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
}
export class ConflictError extends ScribeError {
  readonly expectedVersion: number | null;
  readonly actualVersion: number | null;
}
export function isScribeError(value: unknown): value is ScribeError;
