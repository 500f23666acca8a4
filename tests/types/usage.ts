// What users write must compile, in every environment.

import {
  type AgentEventType,
  type AppendEntry,
  type ByteStream,
  ConflictError,
  deleteStore,
  type Entry,
  type EntryFilters,
  type EntrySummary,
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  isScribeError,
  type JsonValue,
  type NewEntry,
  type OpenOptions,
  openStore,
  type Page,
  type Project,
  type ProjectRef,
  type PruneReport,
  type QueryCriteria,
  ScribeError,
  type ScribeErrorCode,
  type ScribeStore,
  type TextSource,
  type Timestamp,
} from "scribe-store";

export const options: OpenOptions = {
  name: "log",
  backend: "indexeddb",
  durability: "strict",
  blockedTimeoutMs: 100,
  cacheBytes: 1 << 20,
};

export async function open(): Promise<ScribeStore> {
  await deleteStore();
  await deleteStore("log");
  await openStore();
  return openStore(options);
}

export async function disposal(): Promise<string> {
  await using store = await openStore({ backend: "memory" });
  const disposable: AsyncDisposable = store;
  await disposable[Symbol.asyncDispose]();
  return store.name;
}

export async function projects(store: ScribeStore): Promise<void> {
  const project: Project = await store.upsertProject({
    name: "p",
    repoRoot: "/p",
    progressLogPath: "/p/log",
  });
  const found: Project | null = await store.fetchProject(project.name);
  const refs: ProjectRef[] = ["p", project, ...(found ? [found] : [])];
  for (const ref of refs) await store.fetchMetrics(ref);
  const names: string[] = (await store.listProjects()).map(({ name }) => name);
  const gone: boolean = await store.deleteProject(names[0] ?? "p");
  void gone;
}

export async function entries(store: ScribeStore, project: Project): Promise<void> {
  const least: NewEntry = {
    entryId: "1",
    project,
    ts: 0,
    emoji: "✅",
    message: "m",
    rawLine: "",
    sha256: "",
  };
  const times: Timestamp[] = [new Date(), 1.5, "2026-01-01"];
  for (const ts of times) await store.insertEntry({ ...least, ts, agent: null, meta: null });
  await store.insertEntry({ ...least, meta: { at: new Date(), nested: { list: [1, "2", undefined] } } });

  // A read entry can be inserted as it is, and elsewhere.
  const read: Entry | null = await store.fetchEntry("1");
  if (read) {
    await store.insertEntry(read);
    await store.insertEntry({ ...read, project: "other", entryId: "2" });
    await store.insertEntries([read]);
  }

  function* generate(): Generator<NewEntry> {
    yield least;
  }
  const sources: Iterable<NewEntry>[] = [[least], new Set([least]), generate()];
  for (const source of sources) {
    const { inserted, duplicates } = await store.insertEntries(source);
    const sum: number = inserted + duplicates;
    void sum;
  }

  const appended: AppendEntry = { project: "p", message: "m" };
  await store.appendEntry(appended);
  await store.appendEntry({
    ...appended,
    status: "bug",
    emoji: "x",
    ts: new Date(),
    entryId: "3",
    agent: "a",
  });
}

export async function reading(store: ScribeStore): Promise<void> {
  const filters: EntryFilters = { agent: null, emoji: "✅" };
  await store.fetchRecentEntries({ project: "p", limit: 5, offset: 5, filters });
  await store.fetchRecentEntriesPaginated({ project: "p", filters, page: 2, pageSize: 10 });
  const count: number = await store.countEntries("p", filters);
  await store.countEntries("p");

  const criteria: QueryCriteria = {
    project: "p",
    start: new Date(0),
    end: null,
    agents: ["a"],
    emojis: null,
    message: "x",
    messageMode: "regex",
    caseSensitive: true,
    metaFilters: { a: 1, "b.c": "x", d: null, e: true },
  };
  await store.queryEntries({ ...criteria, limit: count });
  const page: Page<Entry> = await store.queryEntriesPaginated({ ...criteria, page: 1 });
  if (page.nextCursor !== null) await store.queryEntriesPaginated({ ...criteria, cursor: page.nextCursor });
  for await (const entry of store.iterateEntries(criteria)) {
    const value: JsonValue | undefined = entry.meta.key;
    void value;
  }
  const summary: EntrySummary = await store.summarizeEntries({ ...criteria, bucket: "day", by: "agent" });
  await store.summarizeEntries({ project: "p", bucket: 90_000 });
  const groups: readonly (string | null)[] = summary.groups;
  for (const { start, count, counts } of summary.buckets) {
    const line: [string, number, readonly number[]] = [start, count, counts];
    void line;
  }
  void groups;
  const pruned: PruneReport = await store.pruneEntries({ project: "p", before: new Date(0), keepNewest: 5 });
  const first: number | null = pruned.firstSeq;
  await store.pruneEntries({ project: "p", keepNewest: first ?? 0 });
  const from: number = (await store.verifyProject("p")).fromSeq;
  void from;
  const step: IteratorResult<Entry, unknown> = await store.iterateEntries(criteria).next();
  void step;
}

export async function interchange(store: ScribeStore, project: Project): Promise<void> {
  const source: TextSource = "";
  const options: ImportOptions = {
    project,
    strict: true,
    onProgress: ({ bytes, totalBytes }: ImportProgress) => void (bytes / (totalBytes ?? bytes)),
  };
  const report: ImportReport = await store.importJsonl(source, options);
  const [first] = report.errors;
  const line: number | undefined = first?.line;
  void line;
  await store.importJsonl(source);
  await store.importProgressLog(source, { project: "p" });
  const streams: ByteStream[] = [
    store.exportJsonl({ project, agents: ["a"] }),
    store.exportProgressLog({ project: "p", start: 0 }),
  ];
  for (const stream of streams) {
    const { done } = await stream.getReader().read();
    void done;
  }
}

export async function documentsAndAgents(store: ScribeStore): Promise<void> {
  await store.recordDocChange("p", { doc: "d", action: "edit", shaBefore: "", shaAfter: "", section: null });
  await store.listDocChanges({ project: "p", doc: "d", page: 1, pageSize: 10 });
  await store.recordAgentReportCard("p", { filePath: "f", agentName: "a", overallGrade: 0.5, metadata: {} });
  await store.listAgentReportCards({ project: "p", agentName: "a" });
  await store.upsertAgentSession("a", "s");
  await store.upsertAgentSession("a", "s", { pid: 1 });
  await store.listAgentSessions();
  await store.listAgentSessions({ agentId: "a", status: "active" });
  const ended: string[] = await store.expireSessions(60_000);
  const touched: boolean = (await store.heartbeatSession("s")) || (await store.endSession(ended[0] ?? "s"));
  void touched;
  const current = await store.getAgentProject("a");
  await store.setAgentProject({ agentId: "a", projectName: null, updatedBy: "u", sessionId: "s" });
  await store.setAgentProject({
    agentId: "a",
    projectName: "p",
    expectedVersion: current?.version ?? 0,
    updatedBy: "u",
    sessionId: "s",
  });
  const type: AgentEventType = "project_switched";
  await store.listAgentEvents({ agentId: "a", eventType: type, limit: 5 });
}

export function describe(error: unknown): string {
  if (error instanceof ConflictError) {
    const versions: (number | null)[] = [error.expectedVersion, error.actualVersion];
    return `${error.name} ${versions}`;
  }
  if (error instanceof ScribeError) return error.message;
  if (!isScribeError(error)) return String(error);
  const { code, retryable, cause }: { code: ScribeErrorCode; retryable: boolean; cause?: unknown } = error;
  return `${remedy(code)} ${retryable} ${cause}`;
}

/** The codes are all of these: a new one would not compile. */
function remedy(code: ScribeErrorCode): string {
  switch (code) {
    case "invalid_argument":
    case "not_found":
    case "conflict":
    case "invalid_cursor":
    case "closed":
    case "blocked":
    case "too_new":
    case "quota_exceeded":
    case "unavailable":
    case "corrupt":
    case "internal":
      return code;
  }
}
