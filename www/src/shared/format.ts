// How numbers, times and errors read.

import { isScribeError, type ScribeErrorCode } from "scribe-store";

const NUMBERS = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export function number(count: number): string {
  return NUMBERS.format(count);
}

/** A count in few characters: "12.3K". */
export function shortNumber(count: number): string {
  return count < 10_000 ? NUMBERS.format(count) : SHORT.format(count);
}

/** A count with its noun, as in "1 entry" or "1,204 entries". */
export function counted(count: number, one: string, many: string): string {
  return `${NUMBERS.format(count)} ${count === 1 ? one : many}`;
}

export function entries(count: number): string {
  return counted(count, "entry", "entries");
}

/** A share in per cent: "0 %", "<1 %", "12 %"; only all is "100 %". */
export function share(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0\u202f%";
  const percent = (100 * part) / whole;
  if (percent < 1) return "<1\u202f%";
  return `${percent === 100 ? 100 : Math.min(99, Math.round(percent))}\u202f%`;
}

/** A number of bytes: "512 B", "7.8 MiB". */
export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A time as the store returns it, to the second: "2026-03-02 08:00:12". */
export function shortTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)}`;
}

/** The same with all its digits: "2026-03-02 08:00:12.104233 UTC". */
export function fullTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, -1)} UTC`;
}

const AGO: [number, Intl.RelativeTimeFormatUnit][] = [
  [31_557_600_000, "year"],
  [2_629_800_000, "month"],
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
];
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const SHORT_RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "narrow" });

/** How long ago a time is: "3 minutes ago", or short "3m ago". */
export function ago(time: string, short = false): string {
  const now = Date.now();
  const difference = Date.parse(time) - now;
  const [size, unit] = AGO.find(([one]) => Math.abs(difference) >= one) ?? [0, "second"];
  return size === 0
    ? "just now"
    : (short ? SHORT_RELATIVE : RELATIVE).format(Math.round(difference / size), unit);
}

/** What a person can do about an error, by the code of the store's error. */
const ADVICE: Partial<Record<ScribeErrorCode, string>> = {
  blocked: "Another tab holds the database open: close it, then try again.",
  closed: "The database was deleted or upgraded elsewhere: reload the page.",
  too_new: "The database was written by a newer release of this page: reload it.",
  quota_exceeded: "There is no space left: delete or prune a project, or free space on this device.",
  unavailable: "The browser gives no access to its database; private windows often do not.",
  corrupt: "Stored data is not what was written. The rest of the log stays readable.",
};

/** An error as a sentence or two. */
export function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const advice = isScribeError(error) ? ADVICE[error.code] : undefined;
  return advice ? `${advice} (${message})` : message;
}

/** Whether an error only says that nobody waits for the answer any more. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
