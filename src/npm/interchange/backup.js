/**
 * Backups of a whole store, as lines of JSON with checksums. The format is described in BACKUP.md.
 * @module
 */

import { parseJson } from "./json.js";
import { blocksOf, sizeOf, toSource } from "./lines.js";
import { allOf, cardsOf, PUT_BACK } from "./put-back.js";

const FORMAT = "scribe-store backup";
/** The version that is written, and the newest that is read. */
const VERSION = 1;

/** What the records of each kind are counted as. */
const COUNTS = {
  project: "projects",
  entry: "entries",
  docChange: "docChanges",
  reportCard: "reportCards",
  session: "sessions",
  agentProject: "agentProjects",
};

/** How many records are stored at once: as many entries as a segment holds. */
const RECORDS = 2000;
/** How many UTF-16 units of lines share a checksum, unless one line is longer. */
const CHUNK = 4 << 20;
/** How many may wait for their checksum. */
const MOST_UNCHECKED = 128 << 20;
/** What a line takes besides, so that lines without end and without anything in them do not fill the memory. */
const LINE = 64;

const noCounts = () => Object.fromEntries(Object.values(COUNTS).map((name) => [name, 0]));

/**
 * Yields the text of a backup.
 * @param {import("../interchange.js").Core} core
 * @param {string} options As JSON.
 * @param {AbortSignal} [signal]
 */
export async function* backupLines(core, options, signal) {
  if (options !== "{}") {
    throw core.fail(
      "invalid_argument",
      `the options object may have \`signal\` alone, not ${options.slice(0, 60)}`,
    );
  }
  // Before anything is written, for it may fail.
  const projects = await core.store.listProjects({ signal });
  const counts = noCounts();
  let previous = "";
  const close = async (text) => {
    previous = await core.run((_, api) => api.sha256(previous + text), signal);
    return `${text}${JSON.stringify({ sha256: previous })}\n`;
  };
  yield close(`${JSON.stringify({ format: FORMAT, version: VERSION })}\n`);
  for await (const { kind, records } of recordsOf(core, projects, signal)) {
    let text = "";
    for (const record of records) {
      text += `${JSON.stringify({ [kind]: record })}\n`;
      counts[COUNTS[kind]] += 1;
      if (text.length < CHUNK) continue;
      yield close(text);
      text = "";
    }
    if (text !== "") yield close(text);
  }
  yield close(`${JSON.stringify({ end: counts })}\n`);
}

/** Yields all records, some of one kind at a time: what others name comes before them. */
async function* recordsOf({ store, run, readOn }, projects, signal) {
  for (const { id, ...project } of projects) yield { kind: "project", records: [project] };
  for (const project of projects) {
    try {
      const query = { text: JSON.stringify({ project }), signal };
      for (let place = { ts: 0, seq: 0, lastSeq: 0 }; place.seq <= place.lastSeq; ) {
        const { entries, next } = await readOn(query, place, true);
        yield { kind: "entry", records: entries.map(({ seq, ...entry }) => entry) };
        place = next;
      }
      const changes = await allOf((page) => store.listDocChanges({ project, signal, ...page }));
      yield { kind: "docChange", records: changes.reverse().map(({ id, ...change }) => change) };
      yield { kind: "reportCard", records: await cardsOf(store, project, signal) };
    } catch (error) {
      // It was deleted meanwhile.
      if (error?.code !== "not_found") throw error;
    }
  }
  yield { kind: "session", records: await store.listAgentSessions({ signal }) };
  yield { kind: "agentProject", records: await run((handle) => handle.listAgentProjects(), signal) };
}

/**
 * Puts the records of a backup into the store.
 * @param {import("../interchange.js").Core} core
 * @param {unknown} source
 * @param {{ onProgress?: (progress: import("../interchange.js").ImportProgress) => void, signal?: AbortSignal }} options
 *   Checked.
 * @returns {Promise<import("../interchange.js").StoreImportReport>}
 */
export async function restore(core, source, { onProgress, signal }) {
  const report = { ...noCounts(), duplicates: 0 };
  const seen = noCounts();
  const text = toSource(source, core);
  // A store that cannot be used says so also if there is nothing to put into it.
  await core.store.listProjects({ signal });
  let [number, bytes, characters, previous, isComplete] = [0, 0, 0, "", false];
  /** Lines whose checksum is still to come. */
  let unchecked = [];
  /** Records that were checked, all of one kind, as JSON. */
  let [kind, records, size] = [undefined, [], 0];
  const corrupt = (what) => core.fail("corrupt", `the backup is damaged at line ${number}: ${what}`);

  /** Reads a record. Whoever makes a backup by other means may give anything a checksum that fits. */
  const parse = (record) => {
    let fields;
    try {
      fields = parseJson(record)[kind];
    } catch {
      // It is none.
    }
    if (Object(fields) !== fields) throw corrupt(`a record of the kind ${kind} is no JSON object`);
    return fields;
  };

  const flush = async () => {
    if (records.length === 0) return;
    try {
      if (kind === "entry") {
        const counts = await core.run(
          (handle, api, isAborted) => insert(handle, api, isAborted, records),
          signal,
        );
        report.entries += counts.inserted;
        report.duplicates += counts.duplicates;
      } else {
        report[COUNTS[kind]] += await PUT_BACK[kind](core, records.map(parse), signal);
      }
    } catch (error) {
      throw error?.code === "invalid_argument" ? corrupt(error.message) : error;
    }
    [records, size] = [[], 0];
    const { entries: inserted, duplicates } = report;
    onProgress?.({ lines: number, bytes, totalBytes: sizeOf(text), inserted, duplicates, rejected: 0 });
  };

  /** Checks the lines since the last checksum, and only then takes them. */
  const check = async (line) => {
    const lines = unchecked.map((one) => `${one}\n`).join("");
    previous = await core.run((_, api) => api.sha256(previous + lines), signal);
    if (line !== JSON.stringify({ sha256: previous })) throw corrupt("the checksum is another one");
    for (const one of unchecked) {
      const found = kindOf(one);
      if (found === "format") continue;
      if (found === "end") {
        isComplete = true;
        if (one !== JSON.stringify({ end: seen })) throw corrupt("records are missing");
        continue;
      }
      if (isComplete || !Object.keys(COUNTS).includes(found))
        throw corrupt("there is something else than a record");
      if (found !== kind || records.length >= RECORDS || size > CHUNK) await flush();
      kind = found;
      seen[COUNTS[kind]] += 1;
      size += one.length;
      records.push(kind === "entry" ? one.slice('{"entry":'.length, -1) : one);
    }
    unchecked = [];
    characters = 0;
  };

  for await (const block of blocksOf(text, core, signal)) {
    for (const line of block.lines) {
      number += 1;
      if (number === 1) checkHeader(line, core.fail);
      if (line === undefined) throw corrupt("it is not UTF-8");
      if (kindOf(line) === "sha256") await check(line);
      else unchecked.push(line);
      characters += line.length + LINE;
      if (characters > MOST_UNCHECKED) throw corrupt("there is no checksum");
    }
    bytes = block.bytes;
  }
  if (!isComplete || unchecked.length > 0) throw corrupt("it was cut off there");
  await flush();
  return report;
}

function checkHeader(line, fail) {
  let header;
  try {
    header = JSON.parse(line);
  } catch {
    // It is none.
  }
  if (header?.format !== FORMAT)
    throw fail("corrupt", "the source is no backup of a store, or is damaged at line 1");
  if (header.version > VERSION) {
    throw fail("too_new", `the backup has format ${header.version}, and this release reads up to ${VERSION}`);
  }
}

/** What a line is: the name of its first member. */
function kindOf(line) {
  return /^\{"(\w+)":/.exec(line)?.[1] ?? "";
}

async function insert(handle, api, isAborted, entries) {
  const batch = new api.EntryBatch();
  try {
    batch.push(`[${entries.join(",")}]`);
    if (isAborted) handle.unless(isAborted);
    return await handle.insertEntries(batch);
  } finally {
    batch.free();
  }
}
