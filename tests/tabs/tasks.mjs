// What a tab or a worker does with the store that it shares with others.

import { openStore } from "/dist/index.js";
import { Follower } from "./follow.mjs";
import { Watch } from "./watch.mjs";

/** The kinds of entries that are written, in turn. */
const STATUSES = ["info", "success", "warn", "error", "plan"];

/** Two handles on the one store, each with a connection and a memory of its own. */
const stores = [];

/** Opens the store unless it is open, and makes the project if it is not there. */
async function open({ database, project }) {
  if (stores.length > 0) return;
  for (let handle = 0; handle < 2; handle += 1) stores.push(await openStore({ name: database }));
  await stores[0].upsertProject({ name: project, repoRoot: "/", progressLogPath: "/log" });
}

/**
 * Appends entries, and watches meanwhile that no read goes back.
 *
 * @param {object} options
 * @param {string} options.project
 * @param {string} options.writer Whose entries these are.
 * @param {string[]} options.writers All that write at the same time.
 * @param {number} options.count
 * @param {number} options.burst How many calls are made at once, before any of them is awaited.
 * @returns {Promise<{ told: object[], looks: number, ms: number }>} The entries as the store told that they were
 *   written, in the order of the calls; how often it was read; and how long the writing took.
 */
async function append({ project, writer, writers, count, burst }) {
  const watch = new Watch(stores, { project, writer, writers });
  const watching = watch.start();
  const started = performance.now();
  try {
    for (let first = 0; first < count; first += burst) {
      const length = Math.min(burst, count - first);
      const calls = Array.from({ length }, (_, index) =>
        stores[0].appendEntry(anEntry(project, writer, first + index)),
      );
      watch.wasTold(await Promise.all(calls));
      if (watch.failed) break;
    }
  } finally {
    watch.stop();
  }
  const ms = performance.now() - started;
  await watching;
  return { told: watch.told, looks: watch.looks, ms };
}

function anEntry(project, writer, index) {
  return {
    project,
    agent: writer,
    message: `${writer} writes entry ${index}`,
    status: STATUSES[index % STATUSES.length],
    meta: { index, text: "é".repeat(index % 50), writer },
  };
}

/** Reads all there is, and has the store count and verify it. */
async function read({ project }) {
  const [, store] = stores;
  const entries = [];
  for await (const entry of store.iterateEntries({ project })) entries.push(entry);
  return {
    entries,
    metrics: await store.fetchMetrics(project),
    report: await store.verifyProject(project),
  };
}

/** Counts what is stored of the log: parts of segments, and rows that are not sealed yet. */
async function sealed({ database }) {
  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const raw = await settled(indexedDB.open(database));
  const tables = raw.transaction(["segments", "tail"]);
  const [parts, tail] = await Promise.all(
    ["segments", "tail"].map((table) => settled(tables.objectStore(table).count())),
  );
  raw.close();
  return { parts, tail };
}

/**
 * Races with others to set an agent's project, round after round, with both handles at once.
 *
 * A round begins when the call of the round before is done, and not before its time, which all have in common. So its
 * expectation can only fail because someone else was first.
 *
 * @param {{ project: string, agentId: string, rounds: number, startAt: number, gapMs: number }} options
 * @returns {Promise<{ code: string, version: number | null }[][]>} Of each round, what came of each handle's call.
 */
async function race({ project, agentId, rounds, startAt, gapMs }) {
  const outcomes = [];
  for (let round = 0; round < rounds; round += 1) {
    await instant(startAt + round * gapMs);
    const change = { agentId, projectName: project, updatedBy: agentId, sessionId: "s" };
    const calls = stores.map((store) => store.setAgentProject({ ...change, expectedVersion: round }));
    outcomes.push((await Promise.allSettled(calls)).map(outcomeOf));
  }
  return outcomes;
}

function outcomeOf({ value, reason }) {
  return value
    ? { code: "set", version: value.version }
    : { code: reason.code ?? String(reason), version: reason.actualVersion ?? null };
}

/** Waits for an instant; the last milliseconds busily, since timers are late. */
async function instant(time) {
  const early = time - Date.now() - 5;
  if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
  while (Date.now() < time);
}

/** What follows the log, through each handle. */
let followers = [];

/** Begins to follow the log, from its next entry on. */
async function follow({ project }) {
  followers = stores.map((store) => new Follower(store, project));
}

/** Waits until all have seen so many entries, and tells what each saw. */
function followed({ count }) {
  return Promise.all(followers.map((follower) => follower.end(count)));
}

/** Reads what became of a race. */
async function afterRace({ agentId }) {
  const [store] = stores;
  return {
    current: await store.getAgentProject(agentId),
    events: await store.listAgentEvents({ agentId, limit: 10_000 }),
  };
}

/** Everything that the test can ask for. */
export const TASKS = { open, append, read, sealed, race, afterRace, follow, followed };

/** Performs a task by its name. A service worker that had nothing to do may have been ended and begin anew. */
export async function perform(task, options) {
  await open(options);
  return TASKS[task](options);
}
