/**
 * Importing entries from lines of text, in chunks that are stored whole.
 * @module
 */

import { blocksOf, sizeOf, toSource } from "./lines.js";

/** How many entries are stored at once: as many as a segment holds. */
const ENTRIES = 2000;
/** How many at most, where many happened at the same time. */
const MOST_ENTRIES = 10 * ENTRIES;
/** How many UTF-16 units of lines are stored at once. */
const CHARACTERS = 4 << 20;
/** How many bad lines are reported one by one. */
const ERRORS = 100;

/**
 * What a line holds, before it is checked.
 *
 * @typedef {object} Item
 * @property {string} [entryId]
 * @property {string} project Name of its project.
 * @property {unknown} ts
 * @property {unknown} [seq]
 * @property {(api: object, entryId?: string) => string} write Writes the entry as JSON, with this identifier if it
 *   lacks one.
 */

/**
 * Imports entries.
 *
 * @param {import("../interchange.js").Core} core
 * @param {(line: string) => Item | undefined} read Reads a line; nothing, if it is not meant to be an entry. It throws
 *   if it is a bad one.
 * @param {unknown} source
 * @param {import("../interchange.js").ImportOptions} options Checked.
 * @returns {Promise<import("../interchange.js").ImportReport>}
 */
export async function importEntries(core, read, source, { project, strict, onProgress, signal }) {
  const { run } = core;
  const invalid = (message) => core.fail("invalid_argument", message);
  const report = { lines: 0, inserted: 0, duplicates: 0, skipped: 0, rejected: 0, errors: [] };
  /** Whether there are projects of these names; not asked where the caller names one. */
  const exists = new Map();
  const text = toSource(source, core);
  let [items, bad, characters, bytes] = [[], [], 0, 0];
  let repeats = { ts: undefined, counts: new Map() };

  /** How often a line came before, among those of the same time. */
  const countBefore = (line, ts) => {
    if (repeats.ts !== ts) repeats = { ts, counts: new Map() };
    const count = repeats.counts.get(line) ?? 0;
    repeats.counts.set(line, count + 1);
    return count;
  };

  /** Reads the next line; nothing, if it holds no entry. */
  const next = (line, number) => {
    try {
      if (line === undefined) throw invalid("it is not UTF-8, or longer than 64 MiB");
      const item = line.trim() === "" ? undefined : read(line);
      if (!item) report.skipped += 1;
      else if (item.entryId === undefined) item.before = countBefore(line, String(item.ts));
      return item && { ...item, number, line };
    } catch (error) {
      bad.push({ line: number, message: messageOf(error) });
      return undefined;
    }
  };

  /** Whether a chunk ends before an item. What happened at the same time is stored together, if it can be. */
  const isFull = (item) =>
    characters > CHARACTERS ||
    items.length >= MOST_ENTRIES ||
    bad.length >= ENTRIES ||
    (items.length >= ENTRIES && item !== undefined && item.ts !== items.at(-1).ts);

  const store = async () => {
    const names = project ? [] : new Set(items.map((item) => item.project));
    for (const name of names) {
      if (exists.has(name)) continue;
      const argument = JSON.stringify({ name });
      exists.set(name, (await run((handle) => handle.fetchProject(argument), signal)) !== null);
    }
    const found = [...bad];
    const counts = await run(async (handle, api, isAborted) => {
      const batch = new api.EntryBatch();
      try {
        for (const item of inOrder(items)) {
          try {
            if (exists.get(item.project) === false) {
              throw invalid(`project ${JSON.stringify(item.project)} does not exist`);
            }
            const entryId = item.entryId === undefined ? identifier(api, item) : item.entryId;
            batch.push(`[${item.write(api, entryId)}]`);
          } catch (error) {
            found.push({ line: item.number, message: messageOf(error) });
          }
        }
        found.sort((one, other) => one.line - other.line);
        if (strict && found.length > 0) throw invalid(`line ${found[0].line}: ${found[0].message}`);
        if (isAborted) handle.unless(isAborted);
        return await handle.insertEntries(batch);
      } finally {
        batch.free();
      }
    }, signal);
    return { ...counts, found };
  };

  const flush = async () => {
    let stored;
    for (let attempts = 1; stored === undefined; attempts += 1) {
      try {
        stored = await store();
      } catch (error) {
        // A project was deleted meanwhile: which one shows when they are looked for again.
        if (error?.code !== "not_found" || project || attempts === 3) throw error;
        exists.clear();
      }
    }
    report.inserted += stored.inserted;
    report.duplicates += stored.duplicates;
    report.rejected += stored.found.length;
    report.errors.push(...stored.found.slice(0, ERRORS - report.errors.length));
    [items, bad, characters] = [[], [], 0];
    const { lines, inserted, duplicates, rejected } = report;
    onProgress?.({ lines, bytes, totalBytes: sizeOf(text), inserted, duplicates, rejected });
  };

  for await (const block of blocksOf(text, core, signal)) {
    for (const line of block.lines) {
      report.lines += 1;
      const item = next(line, report.lines);
      if (isFull(item)) await flush();
      if (item) items.push(item);
      characters += line?.length ?? 0;
      if (strict && bad.length > 0) await flush();
    }
    bytes = block.bytes;
  }
  await flush();
  return report;
}

/** Puts entries that come newest first into the order in which they happened, so that equal times stay in theirs. */
function inOrder(items) {
  if (items.length < 2 || !isLater(items[0], items.at(-1))) return items;
  const seen = new Set();
  const [firsts, repeats] = [[], []];
  for (const item of items) {
    (item.entryId !== undefined && seen.has(item.entryId) ? repeats : firsts).push(item);
    seen.add(item.entryId);
  }
  // Of one identifier the first line counts.
  return [...firsts.reverse(), ...repeats];
}

function isLater(one, other) {
  return one.ts === other.ts ? one.seq > other.seq : one.ts > other.ts;
}

/** The identifier of a line that has none: the same for the same line of the same project. A UUID of version 8. */
function identifier(api, { project, line, before }) {
  const hex = api.sha256(`${project}\n${before}\n${line}`);
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-8$3-8$4-$5");
}

function messageOf(error) {
  return error.message.replace(/^entries\[\d+\]: /, "");
}
