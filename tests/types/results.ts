// What the store returns has exactly these types: a member that is added, lost or changed is noticed here.

import type * as api from "scribe-store";
import type {
  AgentEvent,
  AgentProject,
  AgentSession,
  DocChange,
  Entry,
  EntrySummary,
  ImportProgress,
  ImportReport,
  JsonValue,
  Page,
  Project,
  ProjectMetrics,
  PruneReport,
  ReportCard,
  ScribeStore,
  SummaryBucket,
} from "scribe-store";

/** True only for the very same type, `readonly` and optional members included. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** One type instead of an intersection, so that it can be compared. */
type Flat<T> = { [Key in keyof T]: T[Key] };
type Meta = { readonly [key: string]: JsonValue };

function same<A, B>(_: Same<Flat<A>, B>): void {}

same<
  Project,
  {
    readonly id: number;
    readonly name: string;
    readonly repoRoot: string;
    readonly progressLogPath: string;
    readonly createdAt: string;
    readonly updatedAt: string;
  }
>(true);
same<
  Entry,
  {
    readonly entryId: string;
    readonly project: string;
    readonly seq: number;
    readonly ts: string;
    readonly emoji: string;
    readonly agent: string | null;
    readonly message: string;
    readonly meta: Meta;
    readonly rawLine: string;
    readonly sha256: string;
  }
>(true);
same<
  ProjectMetrics,
  {
    totalEntries: number;
    successCount: number;
    warnCount: number;
    errorCount: number;
    lastUpdate: string | null;
  }
>(true);
same<
  Page<Entry>,
  {
    readonly items: Entry[];
    readonly page: number;
    readonly pageSize: number;
    readonly totalCount: number;
    readonly totalPages: number;
    readonly hasNext: boolean;
    readonly hasPrev: boolean;
    readonly nextCursor: string | null;
    readonly prevCursor: string | null;
  }
>(true);
same<
  EntrySummary,
  {
    readonly bucketMs: number;
    readonly totalCount: number;
    readonly groups: readonly (string | null)[];
    readonly buckets: readonly SummaryBucket[];
  }
>(true);
same<SummaryBucket, { readonly start: string; readonly count: number; readonly counts: readonly number[] }>(
  true,
);
same<PruneReport, { readonly removed: number; readonly remaining: number; readonly firstSeq: number | null }>(
  true,
);
same<
  DocChange,
  {
    readonly id: number;
    readonly project: string;
    readonly doc: string;
    readonly section: string | null;
    readonly action: string;
    readonly agent: string | null;
    readonly metadata: Meta;
    readonly shaBefore: string;
    readonly shaAfter: string;
    readonly createdAt: string;
  }
>(true);
same<
  ReportCard,
  {
    readonly project: string;
    readonly filePath: string;
    readonly agentName: string;
    readonly stage: string | null;
    readonly overallGrade: number | null;
    readonly performanceLevel: string | null;
    readonly metadata: Meta;
    readonly createdAt: string;
    readonly updatedAt: string;
  }
>(true);
same<
  AgentSession,
  {
    readonly sessionId: string;
    readonly agentId: string;
    readonly status: "active" | "expired";
    readonly startedAt: string;
    readonly lastActiveAt: string;
    readonly metadata: Meta | null;
  }
>(true);
same<
  AgentProject,
  {
    readonly agentId: string;
    readonly projectName: string | null;
    readonly version: number;
    readonly updatedAt: string;
    readonly updatedBy: string;
    readonly sessionId: string;
  }
>(true);
same<
  AgentEvent,
  {
    readonly id: number;
    readonly agentId: string;
    readonly sessionId: string;
    readonly eventType:
      | "session_started"
      | "session_ended"
      | "project_set"
      | "project_switched"
      | "project_cleared"
      | "conflict_detected";
    readonly fromProject: string | null;
    readonly toProject: string | null;
    readonly expectedVersion: number | null;
    readonly actualVersion: number | null;
    readonly success: boolean;
    readonly createdAt: string;
  }
>(true);

same<
  ImportReport,
  {
    readonly lines: number;
    readonly inserted: number;
    readonly duplicates: number;
    readonly skipped: number;
    readonly rejected: number;
    readonly errors: readonly { readonly line: number; readonly message: string }[];
  }
>(true);
same<
  ImportProgress,
  {
    readonly lines: number;
    readonly bytes: number;
    readonly totalBytes: number | null;
    readonly inserted: number;
    readonly duplicates: number;
    readonly rejected: number;
  }
>(true);

/** The methods, by name: those of the storage interface, and closing. */
type Method = Exclude<keyof ScribeStore, "name" | "backend" | symbol>;
same<
  { [Key in Method]: true },
  {
    close: true;
    upsertProject: true;
    fetchProject: true;
    listProjects: true;
    deleteProject: true;
    fetchMetrics: true;
    verifyProject: true;
    pruneEntries: true;
    subscribe: true;
    tail: true;
    storage: true;
    requestPersistence: true;
    insertEntry: true;
    insertEntries: true;
    appendEntry: true;
    fetchEntry: true;
    fetchRecentEntries: true;
    fetchRecentEntriesPaginated: true;
    countEntries: true;
    queryEntries: true;
    queryEntriesPaginated: true;
    countQueryEntries: true;
    iterateEntries: true;
    exportJsonl: true;
    importJsonl: true;
    exportProgressLog: true;
    importProgressLog: true;
    exportStore: true;
    importStore: true;
    summarizeEntries: true;
    recordDocChange: true;
    listDocChanges: true;
    recordAgentReportCard: true;
    listAgentReportCards: true;
    upsertAgentSession: true;
    fetchAgentSession: true;
    listAgentSessions: true;
    heartbeatSession: true;
    endSession: true;
    expireSessions: true;
    getAgentProject: true;
    setAgentProject: true;
    listAgentEvents: true;
  }
>(true);

/** The values that the package exports; types leave no trace here. */
same<
  { [Key in keyof typeof api]: true },
  {
    openStore: true;
    deleteStore: true;
    ScribeError: true;
    ConflictError: true;
    isScribeError: true;
  }
>(true);
