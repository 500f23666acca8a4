import type { QueryCriteria } from "./index.js";
import type { SignalOptions } from "./signals.js";

/** Options of {@link ScribeStore.summarizeEntries}. */
export interface SummaryOptions extends QueryCriteria, SignalOptions {
  /**
   * Length of a bucket: a name, or a whole number of milliseconds of at least 1. Buckets are aligned to the epoch in
   * UTC, so that a `"day"` is a day in UTC. One that would begin before the year 1 begins with it.
   */
  bucket: "minute" | "hour" | "day" | number;
  /** What the entries of each bucket are counted by. Default: nothing. */
  by?: "agent" | "emoji";
}

/** Exact counts of the entries that match, by time. */
export interface EntrySummary {
  /** Length of a bucket in milliseconds. */
  readonly bucketMs: number;
  /** Number of entries that match, in all buckets together. */
  readonly totalCount: number;
  /**
   * Values of what is counted `by`, most frequent first, then by code point; `null` for entries without an agent, before
   * others that are as frequent. Empty without `by`.
   */
  readonly groups: readonly (string | null)[];
  /** Buckets that have entries, oldest first; those that have none are left out. */
  readonly buckets: readonly SummaryBucket[];
}

/** The entries of one bucket, counted. */
export interface SummaryBucket {
  /** Time at which the bucket begins, as every time that the store returns. */
  readonly start: string;
  /** Number of entries. */
  readonly count: number;
  /** Number of entries of each group, in the order of {@link EntrySummary.groups}; empty without `by`. */
  readonly counts: readonly number[];
}
