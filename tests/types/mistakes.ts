// What must not compile: below each such comment stands a mistake that the types have to notice.

import * as api from "scribe-store";
import {
  ConflictError,
  deleteStore,
  type Entry,
  openStore,
  type Page,
  type Project,
  ScribeError,
  type ScribeErrorCode,
  type ScribeStore,
} from "scribe-store";

// @ts-expect-error: a name that is not exported
export const create = api.createStore;
// @ts-expect-error: a private type
export type Private = api.WasmModule;
// @ts-expect-error: a file that is not exported
export type Load = typeof import("scribe-store/dist/load.js");

export async function opening(): Promise<void> {
  // @ts-expect-error: an unknown option
  await openStore({ dbName: "x" });
  // @ts-expect-error: a name alone
  await openStore("x");
  // @ts-expect-error: an unknown backend
  await openStore({ backend: "opfs" });
  // @ts-expect-error: an unknown durability
  await openStore({ durability: "full" });
  // @ts-expect-error: a duration as a string
  await openStore({ blockedTimeoutMs: "5s" });
  // @ts-expect-error: `null` for the default
  await openStore({ cacheBytes: null });
  // @ts-expect-error: a number as a module
  await openStore({ wasm: 42 });
  // @ts-expect-error: an options object
  await deleteStore({ name: "x" });
}

export async function projects(store: ScribeStore, project: Project): Promise<void> {
  // @ts-expect-error: a missing member
  await store.upsertProject({ name: "p", repoRoot: "/p" });
  // @ts-expect-error: a member in snake case
  await store.upsertProject({ name: "p", repo_root: "/p", progressLogPath: "/p/log" });
  // @ts-expect-error: a record where a name is wanted
  await store.fetchProject(project);
  // @ts-expect-error: an identifier is no reference
  await store.fetchMetrics(1);
  // @ts-expect-error: part of a record is no reference
  await store.fetchMetrics({ id: 1 });
  // @ts-expect-error: `null` is no reference
  await store.fetchMetrics(null);
  // @ts-expect-error: records are read-only
  project.name = "q";
  // @ts-expect-error: the store's name is read-only
  store.name = "q";
  // @ts-expect-error: it may be missing
  (await store.fetchProject("p")).id;
}

export async function entries(store: ScribeStore, entry: Entry): Promise<void> {
  const { seq: _, ...fields } = entry;
  // @ts-expect-error: an unknown member
  await store.insertEntry({ ...fields, level: 3 });
  // @ts-expect-error: a time that is none
  await store.insertEntry({ ...fields, ts: null });
  // @ts-expect-error: a bigint as a time
  await store.insertEntry({ ...fields, ts: 1n });
  // @ts-expect-error: a list as metadata
  await store.insertEntry({ ...fields, meta: "text" });
  // @ts-expect-error: the hash is missing
  await store.insertEntry({ entryId: "1", project: "p", ts: 0, emoji: "", message: "", rawLine: "" });
  // @ts-expect-error: one entry where many are wanted
  await store.insertEntries(entry);
  // @ts-expect-error: an asynchronous source
  await store.insertEntries(store.iterateEntries({ project: "p" }));
  // @ts-expect-error: an unknown status
  await store.appendEntry({ project: "p", message: "m", status: "fatal" });
  // @ts-expect-error: the line is made by the store
  await store.appendEntry({ project: "p", message: "m", rawLine: "" });
  // @ts-expect-error: entries are read-only
  entry.message = "other";
  // @ts-expect-error: their metadata as well
  entry.meta.key = 1;
}

export async function reading(store: ScribeStore, page: Page<Entry>): Promise<void> {
  // @ts-expect-error: a project is needed
  await store.fetchRecentEntries({});
  // @ts-expect-error: an unknown option
  await store.fetchRecentEntries({ project: "p", agents: ["a"] });
  // @ts-expect-error: an unknown filter
  await store.fetchRecentEntries({ project: "p", filters: { status: "success" } });
  // @ts-expect-error: a page as a string
  await store.fetchRecentEntriesPaginated({ project: "p", page: "2" });
  // @ts-expect-error: criteria that this method does not know
  await store.fetchRecentEntriesPaginated({ project: "p", message: "x" });
  // @ts-expect-error: an options object
  await store.countEntries({ project: "p", filters: {} });
  // @ts-expect-error: an unknown mode
  await store.queryEntries({ project: "p", message: "x", messageMode: "fuzzy" });
  // @ts-expect-error: a regular expression of JavaScript
  await store.queryEntries({ project: "p", message: /x/, messageMode: "regex" });
  // @ts-expect-error: one agent where a list is wanted
  await store.queryEntries({ project: "p", agents: "a" });
  // @ts-expect-error: a set where a list is wanted
  await store.queryEntries({ project: "p", agents: new Set(["a"]) });
  // @ts-expect-error: an object as a value
  await store.queryEntries({ project: "p", metaFilters: { a: { b: 1 } } });
  // @ts-expect-error: pages belong to another method
  await store.queryEntries({ project: "p", page: 1 });
  // @ts-expect-error: windows belong to another method
  await store.queryEntriesPaginated({ project: "p", limit: 1 });
  // @ts-expect-error: `null` as a cursor
  await store.queryEntriesPaginated({ project: "p", cursor: page.nextCursor });
  // @ts-expect-error: counting knows no window
  await store.countQueryEntries({ project: "p", limit: 1 });
  // @ts-expect-error: a bucket is needed
  await store.summarizeEntries({ project: "p" });
  // @ts-expect-error: an unknown length
  await store.summarizeEntries({ project: "p", bucket: "week" });
  // @ts-expect-error: counting by something unknown
  await store.summarizeEntries({ project: "p", bucket: "day", by: "message" });
  // @ts-expect-error: summaries are read-only
  (await store.summarizeEntries({ project: "p", bucket: 1 })).buckets[0].counts[0] = 1;
  // @ts-expect-error: nothing is removed by default
  await store.pruneEntries("p");
  // @ts-expect-error: a time that is none
  await store.pruneEntries({ project: "p", before: null });
  // @ts-expect-error: criteria do not choose what is removed
  await store.pruneEntries({ project: "p", agents: ["a"], keepNewest: 1 });
  // @ts-expect-error: an iteration is no list
  for (const entry of store.iterateEntries({ project: "p" })) void entry;
  // @ts-expect-error: pages are read-only
  page.page = 2;
}

export async function documentsAndAgents(store: ScribeStore): Promise<void> {
  // @ts-expect-error: hashes are missing
  await store.recordDocChange("p", { doc: "d", action: "edit" });
  // @ts-expect-error: pages of documents have no cursors
  await store.listDocChanges({ project: "p", cursor: "c" });
  // @ts-expect-error: a grade in words
  await store.recordAgentReportCard("p", { filePath: "f", agentName: "a", overallGrade: "A" });
  // @ts-expect-error: an unknown state
  await store.listAgentSessions({ status: "idle" });
  // @ts-expect-error: a project must be named, or `null`
  await store.setAgentProject({ agentId: "a", updatedBy: "u", sessionId: "s" });
  // @ts-expect-error: a record where a name is wanted
  await store.setAgentProject({ agentId: "a", projectName: {}, updatedBy: "u", sessionId: "s" });
  // @ts-expect-error: an unknown type of events
  await store.listAgentEvents({ eventType: "project_lost" });
  // @ts-expect-error: a method of a later release
  await store.mergeProjects("p", "q");
}

export function errors(error: ScribeError): void {
  // @ts-expect-error: users do not make errors
  new ScribeError();
  // @ts-expect-error: nor these
  new ConflictError();
  // @ts-expect-error: an unknown code
  const code: ScribeErrorCode = "timeout";
  // @ts-expect-error: the code is read-only
  error.code = "closed";
  // @ts-expect-error: only conflicts have versions
  error.expectedVersion;
  void code;
}

export async function interchange(store: ScribeStore): Promise<void> {
  // @ts-expect-error: a source of the wrong type
  await store.importJsonl(42);
  // @ts-expect-error: an unknown option
  await store.importJsonl("", { limit: 1 });
  // @ts-expect-error: no project
  await store.importProgressLog("", {});
  // @ts-expect-error: no options
  await store.importProgressLog("");
  // @ts-expect-error: a page of an export
  store.exportJsonl({ project: "p", page: 1 });
}
