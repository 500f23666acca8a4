import type { ProjectRef, Timestamp } from "./index.js";

/** Options of {@link ScribeStore.pruneEntries}: `before` or `keepNewest`, or both. */
export interface PruneOptions {
  /** Project whose entries are removed. */
  project: ProjectRef;
  /** Entries from this time on are kept. A date without a time is its midnight in UTC. */
  before?: Timestamp;
  /** Number of newest entries to keep, a whole number of at least 0. */
  keepNewest?: number;
}

/** What {@link ScribeStore.pruneEntries} did. */
export interface PruneReport {
  /** Number of entries that this call removed. */
  readonly removed: number;
  /** Number of entries that are left, those among them that are only held back. */
  readonly remaining: number;
  /** `seq` of the first entry that is left; `null` if none is. */
  readonly firstSeq: number | null;
}
