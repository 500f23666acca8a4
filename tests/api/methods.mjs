// Every method of a store, with arguments that it takes, for cases about all of them.

import { anEntry } from "./world.mjs";

const query = () => ({ project: "p" });

/** The backup of a store in which nothing is. */
const EMPTY_BACKUP = `{"format":"scribe-store backup","version":1}
{"sha256":"5bb128f1a63c9bcb618e97bc73eb12432e894130d3f3bd437ee54761571caf14"}
{"end":{"projects":0,"entries":0,"docChanges":0,"reportCards":0,"sessions":0,"agentProjects":0}}
{"sha256":"42561eeb3f53761ea5d54d9cb71d040754639df9ee8e317e79ed35e8f68dacdd"}
`;

/**
 * How a method is called.
 *
 * @typedef {object} Method
 * @property {() => unknown[]} args Arguments that a store with the projects "p" and "q" takes.
 * @property {number} [members] Which of them is an object whose members are known by name.
 */

/** @type {Record<string, Method>} */
export const METHODS = {
  upsertProject: { args: () => [{ name: "p", repoRoot: "/p", progressLogPath: "/p/log" }], members: 0 },
  fetchProject: { args: () => ["p"] },
  listProjects: { args: () => [] },
  deleteProject: { args: () => ["q"] },
  fetchMetrics: { args: () => ["p"] },
  verifyProject: { args: () => ["p"] },
  pruneEntries: { args: () => [{ ...query(), keepNewest: 1e6 }], members: 0 },
  insertEntry: { args: () => [anEntry()], members: 0 },
  insertEntries: { args: () => [[anEntry()]] },
  appendEntry: { args: () => [{ project: "p", message: "m" }], members: 0 },
  fetchEntry: { args: () => ["entry"] },
  fetchRecentEntries: { args: () => [query()], members: 0 },
  fetchRecentEntriesPaginated: { args: () => [query()], members: 0 },
  countEntries: { args: () => ["p", {}], members: 1 },
  queryEntries: { args: () => [query()], members: 0 },
  queryEntriesPaginated: { args: () => [query()], members: 0 },
  countQueryEntries: { args: () => [query()], members: 0 },
  summarizeEntries: { args: () => [{ ...query(), bucket: "day" }], members: 0 },
  iterateEntries: { args: () => [query()], members: 0 },
  exportJsonl: { args: () => [query()], members: 0 },
  importJsonl: { args: () => ["", {}], members: 1 },
  exportProgressLog: { args: () => [query()], members: 0 },
  importProgressLog: { args: () => ["", query()], members: 1 },
  tail: { args: () => [query()], members: 0 },
  storage: { args: () => [] },
  requestPersistence: { args: () => [] },
  exportStore: { args: () => [{}], members: 0 },
  importStore: { args: () => [EMPTY_BACKUP, {}], members: 1 },
  recordDocChange: {
    args: () => ["p", { doc: "d", action: "a", shaBefore: "", shaAfter: "" }],
    members: 1,
  },
  listDocChanges: { args: () => [query()], members: 0 },
  recordAgentReportCard: { args: () => ["p", { filePath: "f", agentName: "a" }], members: 1 },
  listAgentReportCards: { args: () => [query()], members: 0 },
  upsertAgentSession: { args: () => ["a", "s", {}] },
  fetchAgentSession: { args: () => ["s"] },
  listAgentSessions: { args: () => [{}], members: 0 },
  heartbeatSession: { args: () => ["s"] },
  endSession: { args: () => ["s"] },
  expireSessions: { args: () => [1e9] },
  getAgentProject: { args: () => ["a"] },
  setAgentProject: {
    args: () => [{ agentId: "a", projectName: null, updatedBy: "u", sessionId: "s" }],
    members: 0,
  },
  listAgentEvents: { args: () => [{}], members: 0 },
};

/** Where the methods that can be ended early have their options. @type {Record<string, number>} */
export const SIGNALS = {
  fetchProject: 1,
  listProjects: 0,
  fetchMetrics: 1,
  verifyProject: 1,
  insertEntries: 1,
  fetchEntry: 1,
  fetchRecentEntries: 0,
  fetchRecentEntriesPaginated: 0,
  countEntries: 2,
  queryEntries: 0,
  queryEntriesPaginated: 0,
  countQueryEntries: 0,
  iterateEntries: 0,
  exportJsonl: 0,
  importJsonl: 1,
  exportProgressLog: 0,
  importProgressLog: 1,
  exportStore: 0,
  importStore: 1,
  tail: 0,
  storage: 0,
  listDocChanges: 0,
  listAgentReportCards: 0,
  fetchAgentSession: 1,
  listAgentSessions: 0,
  getAgentProject: 1,
  listAgentEvents: 0,
};

/** Calls a method; of an iteration, makes the first step; of a stream, reads the first piece. */
export function callMethod(store, name, args) {
  const result = store[name](...args);
  if (name.startsWith("export")) return firstOf(result.getReader());
  return name === "iterateEntries" || name === "tail" ? result.next() : result;
}

async function firstOf(reader) {
  const piece = await reader.read();
  await reader.cancel();
  return piece;
}

/** The arguments of a method, with members on top of those of its object. */
export function argsWith(name, members) {
  const { args, members: place } = METHODS[name];
  return args().map((argument, index) => (index === place ? { ...argument, ...members } : argument));
}

/** The names of the methods that take an object whose members are known by name. */
export const METHODS_WITH_MEMBERS = Object.keys(METHODS).filter(
  (name) => METHODS[name].members !== undefined,
);
