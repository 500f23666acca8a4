// How numbers, times and errors read on the page.

const NUMBERS = new Intl.NumberFormat("en");

/** A count with its noun, as in "1 entry" or "1,204 entries". */
export function counted(count, one, many) {
  return `${NUMBERS.format(count)} ${count === 1 ? one : many}`;
}

export function number(count) {
  return NUMBERS.format(count);
}

/** A time as the store returns it, to the second: "2026-03-02 08:00:12". */
export function shortTime(time) {
  return `${time.slice(0, 10)} ${time.slice(11, 19)}`;
}

/** The same with all its digits: "2026-03-02 08:00:12.104233 UTC". */
export function fullTime(time) {
  return `${time.slice(0, 10)} ${time.slice(11, -1)} UTC`;
}

/** What a person can do about an error, by the code of the store's error. */
const ADVICE = {
  blocked: "Another tab holds the database open: close it, then try again.",
  closed: "The database was deleted or upgraded elsewhere: reload the page.",
  too_new: "The database was written by a newer release of this page: reload it.",
  quota_exceeded: "There is no space left: delete a project, or free space on this device.",
  unavailable: "The browser gives no access to its database; private windows often do not.",
  corrupt: "Stored data is not what was written. The rest of the log stays readable.",
};

/** An error as a sentence or two. */
export function explain(error) {
  const message = error instanceof Error ? error.message : String(error);
  const advice = ADVICE[error?.code];
  return advice ? `${advice} (${message})` : `Something went wrong: ${message}`;
}
