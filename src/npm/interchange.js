/**
 * Logs as text, and backups: what the store's methods for them do. Loaded when one of them is called for the first
 * time, for most pages never call any.
 * @module
 */

import { restore } from "./interchange/backup.js";
import { importEntries } from "./interchange/import.js";
import { parseJson } from "./interchange/json.js";
import { readLogLine } from "./interchange/progress-log.js";

export { backupLines } from "./interchange/backup.js";
export { jsonLines, logLines } from "./interchange/export.js";

/**
 * What this works with. It imports nothing of what is loaded before it: it is a script of its own.
 *
 * @typedef {object} Core
 * @property {import("./index.js").ScribeStore} store
 * @property {<T>(
 *   call: (handle: object, api: object, isAborted?: () => boolean) => T | Promise<T>,
 *   signal?: AbortSignal,
 * ) => Promise<T>} run Calls the module.
 * @property {(code: string, message: string, cause?: unknown) => Error} fail Makes an error.
 * @property {(query: object, place: object | null, follows: boolean) => Promise<{ entries: object[], next: object }>} readOn
 *   Reads some entries of an iteration, or of a log that is followed, from a place on.
 * @property {typeof import("./errors.js").reasonOf} reasonOf
 * @property {typeof import("./signals.js").abortable} abortable
 * @property {typeof import("./signals.js").signalOf} signalOf
 * @property {typeof import("./signals.js").throwIfAborted} throwIfAborted
 */

/** What each option must be. */
const OPTIONS = {
  project: () => true,
  strict: (value) => typeof value === "boolean",
  onProgress: (value) => typeof value === "function",
  signal: () => true,
};

/**
 * Imports entries from lines of JSON.
 * @param {Core} core
 * @param {unknown} source
 * @param {import("./interchange.js").ImportOptions} [options]
 * @returns {Promise<import("./interchange.js").ImportReport>}
 */
export async function importJsonLines(core, source, options = {}) {
  checkOptions(options, core);
  const invalid = (message) => core.fail("invalid_argument", message);
  const project = options.project === undefined ? undefined : await find(core.store, options);
  const read = (line) => {
    const entry = parse(line, invalid);
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
      throw invalid("it is no JSON object");
    }
    const name = project?.name ?? entry.project;
    if (typeof name !== "string" || name === "") throw invalid("`project` must be a project's name");
    const { entryId, ts, seq } = entry;
    if ("rawLine" in entry || "sha256" in entry) {
      if (project) entry.project = project.ref;
      return { entryId: entryId ?? null, project: name, ts, seq, write: () => JSON.stringify(entry) };
    }
    if (ts === undefined) throw invalid("`ts` is missing");
    const write = (api, entryId) => {
      const whole = api.completeEntry(JSON.stringify({ ...entry, seq: undefined, project: name, entryId }));
      return project ? JSON.stringify({ ...JSON.parse(whole), project: project.ref }) : whole;
    };
    return { entryId, project: name, ts, seq, write };
  };
  return importEntries(core, read, source, options);
}

function parse(line, invalid) {
  try {
    return parseJson(line);
  } catch (error) {
    throw invalid(`it is not JSON: ${error.message}`);
  }
}

/** Imports entries from lines of a progress log. As {@link importJsonLines}. */
export async function importLogLines(core, source, options) {
  checkOptions(options, core);
  const project = await find(core.store, options);
  const read = (line) => {
    const entry = readLogLine(line);
    if (!entry) return undefined;
    const write = (api, entryId) => {
      const sha256 = api.sha256(line);
      return JSON.stringify({ ...entry, entryId, project: project.ref, rawLine: line, sha256 });
    };
    return { entryId: entry.entryId, project: project.name, ts: entry.ts, write };
  };
  return importEntries(core, read, source, options);
}

/**
 * Puts the records of a backup into the store.
 * @param {Core} core
 * @param {unknown} source
 * @param {object} [options]
 * @returns {Promise<import("./interchange.js").StoreImportReport>}
 */
export async function importBackup(core, source, options = {}) {
  checkOptions(options, core, ["onProgress", "signal"]);
  return restore(core, source, options);
}

/** Checks the options of an import. */
function checkOptions(options, { fail, signalOf, throwIfAborted }, known = Object.keys(OPTIONS)) {
  const invalid = (message) => fail("invalid_argument", message);
  if (Object.prototype.toString.call(options) !== "[object Object]") {
    throw invalid("the options object must be an object");
  }
  for (const [key, value] of Object.entries(options)) {
    if (!known.includes(key)) throw invalid(`the options object has no member ${JSON.stringify(key)}`);
    if (value !== undefined && !OPTIONS[key](value)) throw invalid(`\`${key}\` is of a wrong type`);
  }
  throwIfAborted(signalOf(options));
}

/** Finds a project, and what it is called. */
async function find(store, { project: ref, signal }) {
  await store.fetchMetrics(ref, { signal });
  if (typeof ref === "string") return { name: ref, ref };
  const found = (await store.listProjects({ signal })).find(({ id }) => id === ref.id);
  return { name: found?.name ?? "", ref: { id: ref.id } };
}
