// What a call may come to: a result as the types document it, or an error with a documented code.

import { ok } from "../api/assertions.mjs";
import { isA } from "../api/shapes.mjs";

const whole = (value, promise) => ok(Number.isInteger(value) && value >= 0, `${promise} is a whole number`);
const boolean = (value, promise) => ok(typeof value === "boolean", `${promise} is a boolean`);
const record = (shape) => (value, promise) => isA(value, shape, promise);
const orNull = (check) => (value, promise) => value === null || check(value, promise);
const list = (check) => (value, promise) => {
  ok(Array.isArray(value), `${promise} is an array`);
  for (const item of value) check(item, `an element of ${promise}`);
};
const page = (check) => (value, promise) => {
  isA(value, "page", promise);
  list(check)(value.items, `the items of ${promise}`);
  ok(value.items.length <= value.pageSize, `${promise} is not too full`);
  ok(value.items.length <= value.totalCount, `the total of ${promise} is not too small`);
  for (const number of [value.page, value.pageSize, value.totalCount, value.totalPages])
    whole(number, promise);
};
const string = (value, promise) => ok(typeof value === "string", `${promise} is a string`);
const object = (value, promise) => ok(typeof value === "object" && value !== null, `${promise} is an object`);
const bytes = (value, promise) => ok(value instanceof Uint8Array, `${promise} is bytes`);
const nothing = (value, promise) => ok(value === undefined, `${promise} is undefined`);

/** What each method resolves to, and with what it may reject besides `invalid_argument`. */
const METHODS = {
  close: [nothing],
  upsertProject: [record("project")],
  fetchProject: [orNull(record("project"))],
  listProjects: [list(record("project"))],
  deleteProject: [boolean],
  fetchMetrics: [record("metrics"), "not_found"],
  verifyProject: [isReport, "not_found"],
  insertEntry: [boolean, "not_found"],
  insertEntries: [record("inserted"), "not_found"],
  appendEntry: [record("entry"), "not_found"],
  fetchEntry: [orNull(record("entry"))],
  fetchRecentEntries: [list(record("entry")), "not_found"],
  fetchRecentEntriesPaginated: [page(record("entry")), "not_found", "invalid_cursor"],
  countEntries: [whole, "not_found"],
  queryEntries: [list(record("entry")), "not_found"],
  queryEntriesPaginated: [page(record("entry")), "not_found", "invalid_cursor"],
  countQueryEntries: [whole, "not_found"],
  iterateEntries: [list(record("entry")), "not_found"],
  recordDocChange: [record("docChange"), "not_found"],
  listDocChanges: [page(record("docChange")), "not_found"],
  recordAgentReportCard: [record("reportCard"), "not_found"],
  listAgentReportCards: [page(record("reportCard")), "not_found"],
  upsertAgentSession: [record("session"), "conflict"],
  fetchAgentSession: [orNull(record("session"))],
  listAgentSessions: [list(record("session"))],
  heartbeatSession: [boolean],
  endSession: [boolean],
  expireSessions: [list(string)],
  getAgentProject: [orNull(record("agentProject"))],
  setAgentProject: [record("agentProject"), "not_found", "conflict"],
  listAgentEvents: [list(record("event"))],
  summarizeEntries: [isSummary, "not_found"],
  pruneEntries: [isPruned, "not_found"],
  exportJsonl: [list(bytes), "not_found"],
  exportProgressLog: [list(bytes), "not_found"],
  exportStore: [list(bytes)],
  importJsonl: [isImport, "not_found"],
  importProgressLog: [isImport, "not_found"],
  importStore: [object, "corrupt", "too_new"],
  storage: [object],
  requestPersistence: [boolean],
};

/** Codes with which any method may reject that is not known here. */
const ANY = ["not_found", "conflict", "invalid_cursor", "unavailable"];

/** Whether it is known here what a method resolves to. */
export function isKnown(name) {
  return Object.hasOwn(METHODS, name);
}

function isReport(report, promise) {
  ok(Object.keys(report).sort().join() === "entries,firstBad,fromSeq,head,ok", `${promise} has its members`);
  ok(typeof report.ok === "boolean" && report.ok === (report.firstBad === null), `${promise} is of one mind`);
  whole(report.entries, promise);
  ok(/^[0-9a-f]{64}$/.test(report.head), `${promise} has a head`);
}

function isSummary({ bucketMs, totalCount, groups, buckets }, promise) {
  ok(bucketMs > 0, `${promise} has buckets of some length`);
  let sum = 0;
  for (const { count, counts } of buckets) {
    sum += count;
    ok(count > 0 && counts.length === groups.length, `a bucket of ${promise} has its groups`);
    const inGroups = counts.reduce((one, other) => one + other, 0);
    ok(groups.length === 0 || inGroups === count, `the groups of ${promise} add up`);
  }
  ok(sum === totalCount, `the buckets of ${promise} add up`);
}

function isPruned({ removed, remaining, firstSeq }, promise) {
  for (const number of [removed, remaining]) whole(number, promise);
  ok((firstSeq === null) === (remaining === 0), `${promise} says where the log begins, if there is any`);
}

function isImport({ lines, inserted, duplicates, skipped, rejected, errors }, promise) {
  ok(lines === inserted + duplicates + skipped + rejected, `each line of ${promise} counts once`);
  ok(errors.length <= rejected, `the errors of ${promise} are of lines that were rejected`);
}

/** Checks a result of a method. */
export function checkResult(name, value) {
  METHODS[name]?.[0](value, `what ${name} resolves to`);
}

/**
 * Whether an import was ended by what the caller's own `onProgress` throws, which is passed on as it is.
 *
 * @param {string | symbol} name The method's name.
 * @param {unknown} onProgress
 * @param {unknown} error What the call rejected with.
 */
export function isOfCallback(name, onProgress, error) {
  if (typeof name !== "string" || !name.startsWith("import") || typeof onProgress !== "function")
    return false;
  try {
    onProgress();
    return false;
  } catch (thrown) {
    return thrown instanceof Error && error instanceof Error && String(thrown) === String(error);
  }
}

/**
 * Checks what a call rejected with.
 *
 * @param {typeof import("scribe-store")} api
 * @param {string} name The method's name.
 * @param {unknown} error
 * @param {string[]} [more] Further codes that are in order.
 */
export function checkError(api, name, error, more = []) {
  ok(
    error instanceof api.ScribeError && api.isScribeError(error),
    `${name} rejects with a ScribeError: ${error}`,
  );
  const codes = METHODS[name] ? METHODS[name].slice(1) : ANY;
  const isKnown = ["invalid_argument", ...codes, ...more].includes(error.code);
  ok(isKnown, `${name} may reject with ${error.code}: ${error.message}`);
  ok(typeof error.message === "string" && error.message.length > 10, `${name} says what is wrong`);
  ok(error.message.length < 1100, `${name} does not repeat a long argument`);
  ok(error.retryable === (error.code === "unavailable"), `${name} tells whether it helps to call again`);
  if (error.code === "conflict") {
    ok(error instanceof api.ConflictError, "a conflict is a ConflictError");
    for (const version of [error.expectedVersion, error.actualVersion]) {
      ok(version === null || Number.isInteger(version), "a conflict has versions");
    }
  }
}
