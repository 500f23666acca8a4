// What the tab does until its browser is killed, and how it reads afterwards what is there.

import { openStore } from "/dist/index.js";
import {
  APPENDS,
  appended,
  bulkProject,
  doomedAgent,
  doomedProject,
  inserted,
  MERGED_ROWS,
  MERGES,
  mergedProject,
  ROWS,
  TAIL,
  toAppend,
} from "./entries.mjs";

/** How long a cycle only appends. */
const ONLY_APPENDING_MS = 300;

const store = await openStore({ name: "kills" });
const pathsOf = (name) => ({ name, repoRoot: `/${name}`, progressLogPath: "/log" });

/**
 * Appends one by one all the time; meanwhile, cycle by cycle, pauses, inserts in bulk, and deletes a project. Reports
 * what begins and what is done. Ends with the browser.
 */
async function work({ round }) {
  for (const name of [APPENDS, bulkProject(round), mergedProject(round)])
    await store.upsertProject(pathsOf(name));
  await Promise.all([appendForEver(round), goThroughCycles(round)]);
}

async function appendForEver(round) {
  for (let index = 0; ; index += 1) {
    const entry = await store.appendEntry(toAppend(APPENDS, round, index));
    globalThis.report({ done: "an append", entry });
  }
}

async function goThroughCycles(round) {
  for (let cycle = 0; ; cycle += 1) {
    await phase("append", cycle, () => new Promise((resolve) => setTimeout(resolve, ONLY_APPENDING_MS)));
    const entries = await withHashes(bulkProject(round), cycle);
    await phase("insert", cycle, () => store.insertEntries(entries));
    await phase("merge", cycle, await merges(round, cycle));
    await phase("prepare", cycle, await preparation(round, cycle));
    await phase("delete", cycle, () => store.deleteProject(doomedProject(round, cycle)));
  }
}

async function phase(name, cycle, body) {
  globalThis.report({ begins: name, cycle });
  const started = performance.now();
  const result = await body();
  globalThis.report({ done: name, cycle, ms: performance.now() - started, result });
}

/** Inserts that are sealed at once, and merged with what the one before has left of a segment. */
async function merges(round, cycle) {
  const project = mergedProject(round);
  const inserts = [];
  for (let index = 0; index < MERGES; index += 1) {
    inserts.push(await withHashes(project, cycle * MERGES + index, MERGED_ROWS));
  }
  return async () => {
    for (const entries of inserts) await store.insertEntries(entries);
  };
}

/** What fills a project that is to be deleted: segments, a tail, documents, and an agent that works on it. */
async function preparation(round, cycle) {
  const project = doomedProject(round, cycle);
  const entries = await withHashes(project, cycle);
  return async () => {
    await store.upsertProject(pathsOf(project));
    await store.insertEntries(entries);
    for (let index = 0; index < TAIL; index += 1) await store.appendEntry(toAppend(project, round, index));
    await store.recordDocChange(project, { doc: "d", action: "edit", shaBefore: "1", shaAfter: "2" });
    await store.recordAgentReportCard(project, { filePath: "/f", agentName: "a" });
    const change = { projectName: project, expectedVersion: 0, updatedBy: "u", sessionId: "s" };
    await store.setAgentProject({ agentId: doomedAgent(round, cycle), ...change });
  };
}

function withHashes(project, cycle, rows = ROWS) {
  const entries = Array.from({ length: rows }, (_, index) => inserted(project, cycle, index));
  return Promise.all(entries.map(async (entry) => ({ ...entry, sha256: await sha256(entry.rawLine) })));
}

async function sha256(text) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---------------------------------------------------------------- afterwards

/** Reads what a round has left, of so many of its cycles. */
async function readRound({ round, cycles }) {
  const numbers = Array.from({ length: cycles }, (_, cycle) => cycle);
  return {
    appends: await entriesOf({ project: APPENDS, agents: [`round ${round}`] }),
    inserts: await entriesOf({ project: bulkProject(round) }),
    merged: await entriesOf({ project: mergedProject(round) }),
    doomed: await Promise.all(numbers.map((cycle) => readDoomed(round, cycle))),
  };
}

/** Reads what is left of a project that was to be deleted, by its name and by the identifiers of its entries. */
async function readDoomed(round, cycle) {
  const project = doomedProject(round, cycle);
  const ids = [
    ...[0, ROWS >> 1, ROWS - 1].map((index) => inserted(project, cycle, index).entryId),
    appended(project, round, TAIL - 1).entryId,
  ];
  const found = await Promise.all(ids.map((id) => store.fetchEntry(id)));
  const isThere = (await store.fetchProject(project)) !== null;
  return {
    isThere,
    foundById: found.filter((entry) => entry !== null).length,
    entries: isThere ? await entriesOf({ project }) : [],
    changes: isThere ? (await store.listDocChanges({ project })).totalCount : 0,
    cards: isThere ? (await store.listAgentReportCards({ project })).totalCount : 0,
    current: await store.getAgentProject(doomedAgent(round, cycle)),
  };
}

/** Every entry that matches, by `seq`. */
async function entriesOf(query) {
  const entries = [];
  for await (const entry of store.iterateEntries(query)) entries.push(entry);
  return entries.sort((one, other) => one.seq - other.seq);
}

/** Has every project verified and counted. */
async function verifyAll() {
  const found = [];
  for (const { name } of await store.listProjects()) {
    found.push({
      name,
      report: await store.verifyProject(name),
      metrics: await store.fetchMetrics(name),
      counted: await store.countEntries(name),
    });
  }
  return found;
}

/** Appends one entry, and reads it in two ways. */
async function goOn({ round }) {
  const told = await store.appendEntry({
    project: APPENDS,
    message: `The store goes on after round ${round}`,
  });
  const [newest] = await store.fetchRecentEntries({ project: APPENDS, limit: 1 });
  return { told, newest, found: await store.fetchEntry(told.entryId) };
}

const TASKS = { work, readRound, verifyAll, goOn };

/** Performs a task, and resolves to what comes of it, as JSON; the test calls this. */
globalThis.ask = async (task, options) => JSON.stringify((await TASKS[task](options)) ?? null);
