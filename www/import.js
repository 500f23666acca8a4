// Importing a log: one JSON object per line, with the members of the package's `NewEntry`.

import { linesOf } from "./lines.js";

/** Lines that are stored together: few enough that the page stays responsive. */
const BATCH = 1000;

/** Bad lines that are kept with their reason; the rest is only counted. */
const BAD_LINES_KEPT = 100;

const TEXTS = ["entryId", "project", "emoji", "message", "rawLine", "sha256"];
const MAY_BE_MISSING = ["agent", "meta", "seq"];
const KNOWN = new Set([...TEXTS, "ts", ...MAY_BE_MISSING]);

/**
 * @typedef {object} ImportReport
 * @property {number} inserted
 * @property {number} duplicates Entries that the store has already, or that the file names twice.
 * @property {number} badCount
 * @property {{ line: number, reason: string }[]} badLines The first of them.
 * @property {string[]} projects The projects that were named, in their order in the file.
 * @property {number} created How many of them are new.
 */

/**
 * Imports a log. Importing it again is harmless.
 *
 * @param {import("./scribe-store/index.js").ScribeStore} store
 * @param {Blob} file
 * @param {object} options
 * @param {string} options.name The file's name, which becomes the log of the projects that are created.
 * @param {(report: ImportReport) => void} options.onProgress Called after every batch.
 * @returns {Promise<ImportReport>}
 * @throws The store's error, if it can store no more; what was counted until then is stored. It is also given as
 *   the error's `report`.
 */
export async function importLog(store, file, { name, onProgress }) {
  const known = new Set((await store.listProjects()).map((project) => project.name));
  /** @type {ImportReport} */
  const report = { inserted: 0, duplicates: 0, badCount: 0, badLines: [], projects: [], created: 0 };
  const named = new Set();
  const bad = (line, reason) => {
    report.badCount += 1;
    if (report.badLines.length < BAD_LINES_KEPT) report.badLines.push({ line, reason });
  };

  const storeBatch = async (batch) => {
    for (const { entry } of batch) {
      if (named.has(entry.project)) continue;
      if (!known.has(entry.project)) {
        await store.upsertProject({ name: entry.project, repoRoot: "", progressLogPath: name });
        known.add(entry.project);
        report.created += 1;
      }
      named.add(entry.project);
      report.projects.push(entry.project);
    }
    let rest = batch;
    while (rest.length > 0) {
      try {
        const { inserted, duplicates } = await store.insertEntries(rest.map(({ entry }) => entry));
        report.inserted += inserted;
        report.duplicates += duplicates;
        break;
      } catch (error) {
        // Nothing of the batch is stored: the entry that the store names is left out, and the others go again.
        const found = error?.code === "invalid_argument" && /^entries\[(\d+)\]:? /.exec(error.message);
        const culprit = found ? rest[Number(found[1])] : undefined;
        if (!culprit) throw error;
        bad(culprit.line, error.message.slice(found[0].length));
        rest = rest.filter((one) => one !== culprit);
      }
    }
    report.badLines.sort((a, b) => a.line - b.line);
    onProgress(report);
  };

  try {
    let batch = [];
    for await (const { number, text, problem } of linesOf(file)) {
      const read = problem === undefined ? readEntry(text) : { reason: problem };
      if (read.entry) batch.push({ line: number, entry: read.entry });
      else bad(number, read.reason);
      if (batch.length === BATCH) {
        await storeBatch(batch);
        batch = [];
      }
    }
    await storeBatch(batch);
  } catch (error) {
    if (error instanceof Error) error.report = report;
    throw error;
  }
  return report;
}

/** What a line holds: an entry, as far as can be told without the store, or the reason why it is none. */
function readEntry(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { reason: `not JSON: ${error.message}` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { reason: "not a JSON object" };
  }
  for (const key of TEXTS) {
    if (!Object.hasOwn(value, key)) return { reason: `\`${key}\` is missing` };
    if (typeof value[key] !== "string") return { reason: `\`${key}\` is not a string` };
  }
  for (const key of ["entryId", "project"]) {
    if (value[key] === "") return { reason: `\`${key}\` is empty` };
  }
  if (!Object.hasOwn(value, "ts")) return { reason: "`ts` is missing" };
  const unknown = Object.keys(value).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) return { reason: `no entry has the member ${JSON.stringify(unknown)}` };
  return { entry: value };
}
