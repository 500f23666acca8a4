// How the time of a log is cut into bars.

import type { EntrySummary, QueryCriteria, ScribeStore } from "scribe-store";
import { kindOf } from "../entries/kind.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Widths of a bar that a person can think in. */
const WIDTHS = [
  1,
  10,
  100,
  SECOND,
  5 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
  28 * DAY,
  84 * DAY,
  364 * DAY,
  3640 * DAY,
];

/** Kinds that get a colour of their own; the others are one. */
const MOST_GROUPS = 8;

/** Bars over time. */
export interface Bars {
  bucketMs: number;
  totalCount: number;
  /** Emojis from the bottom up; `null` stands for all others. */
  groups: (string | null)[];
  /** Start of each bar in milliseconds, without gaps. */
  starts: number[];
  /** Counts of each group, by bar. */
  counts: number[][];
}

/** The width at which a span makes at most so many bars. */
export function widthFor(spanMs: number, most: number): number {
  return WIDTHS.find((width) => Math.floor(spanMs / width) + 2 <= most) ?? (WIDTHS.at(-1) as number);
}

/** Counts the entries of a query over time, in at most so many bars. */
export async function countOverTime(
  store: ScribeStore,
  query: QueryCriteria,
  most: number,
  signal: AbortSignal,
): Promise<Bars> {
  const days = await store.summarizeEntries({ ...query, bucket: "day", by: "emoji", signal });
  const [first, last] = [days.buckets[0], days.buckets.at(-1)];
  if (!first || !last) return { bucketMs: DAY, totalCount: 0, groups: [], starts: [], counts: [] };
  const width = widthFor(Date.parse(last.start) + DAY - Date.parse(first.start), most);
  if (width > DAY) return barsOf(days, width);
  // Within a few days, what the entries span decides: they may all be of one minute, or of one second of it.
  let summary = days;
  for (let finer = width; finer < summary.bucketMs; finer = widthFor(spanOf(summary), most)) {
    summary = await store.summarizeEntries({ ...query, bucket: finer, by: "emoji", signal });
  }
  return barsOf(summary, summary.bucketMs);
}

function spanOf({ buckets, bucketMs }: EntrySummary): number {
  const [first, last] = [buckets[0], buckets.at(-1)];
  return first && last ? Date.parse(last.start) + bucketMs - Date.parse(first.start) : 0;
}

/** Bars of a width that holds whole buckets, also where there is nothing. */
export function barsOf(summary: EntrySummary, width: number): Bars {
  const { buckets, totalCount } = summary;
  const at = (start: string) => Math.floor(Date.parse(start) / width);
  const first = buckets[0] ? at(buckets[0].start) : 0;
  const last = buckets.at(-1) ? at((buckets.at(-1) as { start: string }).start) : -1;
  const length = last - first + 1;
  const named = summary.groups.slice(0, MOST_GROUPS);
  const groups: (string | null)[] = [...named];
  if (summary.groups.length > named.length) groups.push(null);
  const counts = groups.map(() => new Array<number>(length).fill(0));
  for (const bucket of buckets) {
    const bar = at(bucket.start) - first;
    for (const [index, count] of bucket.counts.entries()) {
      const group = counts[Math.min(index, groups.length - 1)] as number[];
      group[bar] = (group[bar] ?? 0) + count;
    }
  }
  const starts = Array.from({ length }, (_, index) => (first + index) * width);
  return { bucketMs: width, totalCount, groups, starts, counts };
}

/** Colours for kinds that the explorer does not know. */
const MOST_COLOURS = 3;

/** What each group's colour is called: by its kind if that is known, else in turn, and as "other" for the rest. */
export function coloursOf(groups: Bars["groups"]): string[] {
  let unknown = 0;
  return groups.map((group) => {
    const name = group === null ? "rest" : kindOf(group).className;
    if (name !== "other") return name === "rest" ? "other" : name;
    unknown += 1;
    return `other-${((unknown - 1) % MOST_COLOURS) + 1}`;
  });
}

/** A width in words: "5 minutes". */
export function widthName(width: number): string {
  const units: [number, string][] = [
    [DAY, "day"],
    [HOUR, "hour"],
    [MINUTE, "minute"],
    [SECOND, "second"],
  ];
  const [size, unit] = units.find(([one]) => width >= one) ?? [1, "millisecond"];
  const count = width / size;
  return count === 1 ? unit : `${count} ${unit}s`;
}

/** When a bar is: "2026-03-02", "2026-03-02 12:00 to 14:00", with as many digits as its width needs. */
export function barName(start: number, width: number): string {
  const end = new Date(start + width).toISOString();
  const from = new Date(start).toISOString();
  if (width >= DAY) {
    const last = new Date(start + width - 1).toISOString().slice(0, 10);
    return width === DAY ? last : `${from.slice(0, 10)} to ${last}`;
  }
  const digits = width >= MINUTE ? 16 : width >= SECOND ? 19 : 23;
  return `${from.slice(0, 10)} ${from.slice(11, digits)} to ${end.slice(11, digits)}`;
}
