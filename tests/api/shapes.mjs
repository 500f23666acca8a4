// The shapes of results, as the types document them.

import { equal, ok } from "./assertions.mjs";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** The documented members of each record, with what each may be. */
const SHAPES = {
  project: {
    id: "number",
    name: "string",
    repoRoot: "string",
    progressLogPath: "string",
    createdAt: "time",
    updatedAt: "time",
  },
  metrics: {
    totalEntries: "number",
    successCount: "number",
    warnCount: "number",
    errorCount: "number",
    lastUpdate: "time|null",
  },
  inserted: { inserted: "number", duplicates: "number" },
  entry: {
    entryId: "string",
    project: "string",
    seq: "number",
    ts: "time",
    emoji: "string",
    agent: "string|null",
    message: "string",
    meta: "object",
    rawLine: "string",
    sha256: "string",
  },
  page: {
    items: "array",
    page: "number",
    pageSize: "number",
    totalCount: "number",
    totalPages: "number",
    hasNext: "boolean",
    hasPrev: "boolean",
    nextCursor: "string|null",
    prevCursor: "string|null",
  },
  docChange: {
    id: "number",
    project: "string",
    doc: "string",
    section: "string|null",
    action: "string",
    agent: "string|null",
    metadata: "object",
    shaBefore: "string",
    shaAfter: "string",
    createdAt: "time",
  },
  reportCard: {
    project: "string",
    filePath: "string",
    agentName: "string",
    stage: "string|null",
    overallGrade: "number|null",
    performanceLevel: "string|null",
    metadata: "object",
    createdAt: "time",
    updatedAt: "time",
  },
  session: {
    sessionId: "string",
    agentId: "string",
    status: "string",
    startedAt: "time",
    lastActiveAt: "time",
    metadata: "object|null",
  },
  agentProject: {
    agentId: "string",
    projectName: "string|null",
    version: "number",
    updatedAt: "time",
    updatedBy: "string",
    sessionId: "string",
  },
  event: {
    id: "number",
    agentId: "string",
    sessionId: "string",
    eventType: "string",
    fromProject: "string|null",
    toProject: "string|null",
    expectedVersion: "number|null",
    actualVersion: "number|null",
    success: "boolean",
    createdAt: "time",
  },
};

function kindOf(value) {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["array"];
  if (typeof value === "string" && TIME.test(value)) return ["time", "string"];
  return [typeof value];
}

/**
 * Checks that a record is a plain object with exactly the documented members.
 *
 * @param {unknown} record
 * @param {keyof typeof SHAPES} shape
 * @param {string} promise
 */
export function isA(record, shape, promise) {
  const wanted = SHAPES[shape];
  equal(Object.getPrototypeOf(record), Object.prototype, `${promise} is a plain object`);
  equal(Reflect.ownKeys(record).sort(), Object.keys(wanted).sort(), `${promise} has the documented members`);
  for (const [key, kinds] of Object.entries(wanted)) {
    const { value, enumerable } = Object.getOwnPropertyDescriptor(record, key);
    ok(enumerable, `${key} of ${promise} is enumerable`);
    const fits = kindOf(value).some((kind) => kinds.split("|").includes(kind));
    ok(fits, `${key} of ${promise}, which is ${JSON.stringify(value)}, is of the type ${kinds}`);
  }
}
