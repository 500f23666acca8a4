// Records that something damaged: one of every kind, in every way. Whatever is read then is as it was, or the call
// rejects and names the place. That this holds for each record and each byte is tested natively.

import { AssertionError, equal, ok } from "../assertions.mjs";
import { readRaw, writeRaw } from "../raw.mjs";
import { textOf } from "../streams.mjs";
import { collect } from "../world.mjs";

/** How many entries each project is given in bulk. Those of "p" fill a segment. */
const COUNTS = { p: 600, q: 50 };

/** Where a record has its format and its checksum, which is over what is before and what is behind it. */
const FORMAT_AT = 1;
const CHECKSUM_AT = 3;
const FIELDS_AT = 7;

/** The CRC-32 of ISO 3309. */
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
  }
  return ~crc >>> 0;
}

/** The checksum that a record should have. */
function checksumOf(record) {
  return crc32([...record.subarray(0, CHECKSUM_AT), ...record.subarray(FIELDS_AT)]);
}

/** What stands in a record's place, by what became of it. */
const DAMAGES = {
  flipped: (value) => value.map((byte, at) => (at === value.length - 1 ? byte ^ 4 : byte)),
  "cut in half": (value) => value.slice(0, value.length / 2),
  empty: () => new Uint8Array(),
  missing: () => undefined,
  "of another type": () => "text",
  newer: (value) => {
    const newer = value.slice();
    newer[FORMAT_AT] = 0xff;
    new DataView(newer.buffer).setUint32(CHECKSUM_AT, checksumOf(newer), true);
    return newer;
  },
};

/** Without such a record, these calls answer as if it had never been: nothing tells of it. */
const UNTOLD = {
  identifiers: ["the tail's entry"],
  fingerprints: ["an entry"],
  doc_changes: ["changes of p"],
  report_cards: ["cards of p"],
  sessions: ["the session", "sessions"],
  agent_projects: ["the agent's project"],
  agent_events: [],
};

/** The tables whose first record belongs to the project "p", and what of the rest needs them. */
const OF_P = ["projects", "project_names", "heads", "segments", "tail", "doc_changes", "report_cards"];

/** Everything that can be read, by what it is. */
const READS = {
  projects: (store) => store.listProjects(),
  ...reads("p"),
  ...reads("q"),
  "an entry": (store) => store.fetchEntry("p-7"),
  "the tail's entry": (store) => store.fetchEntry(`p-${COUNTS.p}`),
  sessions: (store) => store.listAgentSessions(),
  "the session": (store) => store.fetchAgentSession("s"),
  "the agent's project": (store) => store.getAgentProject("a"),
  events: (store) => store.listAgentEvents(),
};

function reads(project) {
  const query = (more) => ({ project, ...more });
  return {
    [`project ${project}`]: (store) => store.fetchProject(project),
    [`metrics of ${project}`]: (store) => store.fetchMetrics(project),
    [`a page of ${project}`]: (store) => store.queryEntriesPaginated(query({ page: 2, pageSize: 5 })),
    [`entries of ${project}`]: (store) => collect(store.iterateEntries(query())),
    [`a search in ${project}`]: (store) => store.countQueryEntries(query({ message: "AGE 1" })),
    [`a pattern in ${project}`]: (store) =>
      store.countQueryEntries(query({ message: "e \\d$", messageMode: "regex" })),
    [`metadata of ${project}`]: (store) => store.queryEntries(query({ metaFilters: { n: 7 } })),
    [`a summary of ${project}`]: (store) => store.summarizeEntries(query({ bucket: "hour", by: "emoji" })),
    [`an export of ${project}`]: (store) => textOf(store.exportJsonl(query())),
    [`the chain of ${project}`]: (store) => store.verifyProject(project),
    [`changes of ${project}`]: (store) => store.listDocChanges(query()),
    [`cards of ${project}`]: (store) => store.listAgentReportCards(query()),
  };
}

async function fill(store) {
  for (const [project, count] of Object.entries(COUNTS)) {
    const entry = (n) => ({
      entryId: `${project}-${n}`,
      ts: new Date(1_700_000_000_000 + 1000 * n),
      message: `message ${n}`,
      agent: ["Ann", "Bob"][n % 2],
      meta: { n },
    });
    const lines = Array.from({ length: count }, (_, n) => JSON.stringify(entry(n)));
    await store.importJsonl(lines.join("\n"), { project });
    for (const n of [count, count + 1]) await store.appendEntry({ ...entry(n), project });
    await store.recordDocChange(project, { doc: "d", action: "a", shaBefore: "", shaAfter: "" });
    await store.recordAgentReportCard(project, { filePath: "f", agentName: "a" });
  }
  await store.upsertAgentSession("a", "s", {});
  await store.setAgentProject({ agentId: "a", projectName: "p", updatedBy: "u", sessionId: "s" });
}

/** One record of every table, and one of every part of a segment. */
function oneOfEach(records) {
  const found = new Map();
  for (const record of records) {
    const part = record.table === "segments" ? ` ${new Uint8Array(record.key).at(-1)}` : "";
    const name = record.table + part;
    if (!found.has(name)) found.set(name, record);
  }
  return found;
}

/** Reads everything; of what rejects, the error. */
async function readAll(world) {
  const store = await world.open();
  const answers = {};
  for (const [what, read] of Object.entries(READS)) {
    answers[what] = await read(store).catch((error) => ({ error }));
  }
  await store.close();
  return answers;
}

/** Checks what came of a call while a record was damaged. Tells whether that was told. */
function check(what, answer, whole, { table }, damage, promise) {
  if (answer?.error) {
    const { code, message } = answer.error;
    equal(code, damage === "newer" ? "too_new" : "corrupt", `${promise}: the code of "${message}"`);
    ok(!(OF_P.includes(table) && what.endsWith(" q")), `${promise}: the other project is readable`);
    if (OF_P.includes(table))
      ok(/"p"|(value in|of) \w+|project 1/.test(message), `${promise}: "${message}" names the place`);
    return true;
  }
  if (what.startsWith("the chain") && answer.ok === false) return true;
  if (damage === "missing" && UNTOLD[table]?.includes(what)) return false;
  try {
    equal(answer, whole, promise);
  } catch (error) {
    throw error instanceof AssertionError ? new AssertionError(`a wrong answer, ${error.message}`) : error;
  }
  return false;
}

export const casesInWindowOnIndexedDb = {
  "7.6 a damaged record is told of, wherever it is needed": async (world) => {
    const store = await world.openWithProjects();
    await fill(store);
    await store.close();
    const whole = await readAll(world);
    for (const [what, answer] of Object.entries(whole)) ok(!answer?.error, `${what} can be read`);
    ok(whole["the chain of p"].ok && whole["the chain of q"].ok, "both chains are whole");
    const records = oneOfEach(await readRaw(world.name));
    ok(records.size >= 15, `there is one of each: ${[...records.keys()]}`);
    for (const [name, record] of records) {
      const { value } = record;
      const checksum = new DataView(value.buffer, value.byteOffset).getUint32(CHECKSUM_AT, true);
      equal(checksum, checksumOf(value), `the checksum of ${name}`);
      for (const [damage, make] of Object.entries(DAMAGES)) {
        await writeRaw(world.name, record, make(value));
        const answers = await readAll(world);
        let told = 0;
        for (const [what, answer] of Object.entries(answers)) {
          const promise = `${what}, ${name} ${damage}`;
          if (check(what, answer, whole[what], record, damage, promise)) told += 1;
        }
        // What is counted is needed to write alone, and what is missing may be among what nothing tells of.
        const isTold =
          told > 0 || record.table === "counters" || (damage === "missing" && record.table in UNTOLD);
        ok(isTold, `${name} ${damage}: something tells of it`);
      }
      await writeRaw(world.name, record, value);
    }
    equal(await readAll(world), whole, "put back, all is as it was");
  },

  "7.6 a project whose log is damaged can be deleted, and made anew": async (world) => {
    const store = await world.openWithProjects();
    await fill(store);
    const chain = await store.verifyProject("q");
    await store.close();
    const records = oneOfEach(await readRaw(world.name));
    for (const name of ["heads", "tail", "segments 0"]) {
      const record = records.get(name);
      await writeRaw(world.name, record, DAMAGES.flipped(record.value));
    }
    const again = await world.open();
    equal(await again.deleteProject("p"), true, "it is deleted");
    await again.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    const { entryId } = await again.appendEntry({ project: "p", message: "anew" });
    const [found] = await again.fetchRecentEntries({ project: "p" });
    equal([found.entryId, found.seq], [entryId, 1], "its log begins anew");
    equal(await again.countEntries("q"), COUNTS.q + 2, "the other project has its entries");
    equal(await again.verifyProject("q"), chain, "and its chain");
  },
};
