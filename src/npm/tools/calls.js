/**
 * What each tool does. A call gets the store, the agent, the signal that ends it, and input that was checked. Calls
 * that write leave the signal alone.
 * @module
 */

import { checkNumber, invalid, refusal } from "./check.js";
import { listed, shortTime, statusOf, whole } from "./results.js";
import { DEFAULT_ENTRIES, DEFAULT_PROJECTS, EMOJIS, MOST } from "./schemas.js";

export const CALLS = { set_project, get_project, list_projects, append_entry, read_recent, query_entries };

async function set_project({ store, agent }, { project, root, log_path }) {
  let created = false;
  if (root !== null && (await store.fetchProject(project)) === null) {
    const progressLogPath = log_path ?? `${root.replace(/\/$/, "")}/PROGRESS_LOG.md`;
    await store.upsertProject({ name: project, repoRoot: root, progressLogPath });
    created = true;
  }
  const version = await agent.setProject(project);
  const { totalEntries, lastUpdate } = await store.fetchMetrics(project);
  return { project, version, created, entries: totalEntries, last_entry_at: shortTime(lastUpdate) };
}

async function get_project({ store, agent, signal }, { project: named }) {
  const current = await agent.project();
  const project = named ?? current.project;
  const found = project === null ? null : await store.fetchProject(project, { signal });
  if (project !== null && found === null) {
    throw refusal(
      "not_found",
      `project ${JSON.stringify(project)} does not exist; list_projects names those there are`,
    );
  }
  const metrics = found && (await store.fetchMetrics(found, { signal }));
  return {
    project,
    is_current: project !== null && project === current.project,
    version: current.version,
    root: found?.repoRoot ?? null,
    log_path: found?.progressLogPath ?? null,
    entries: metrics && {
      total: metrics.totalEntries,
      success: metrics.successCount,
      warn: metrics.warnCount,
      error: metrics.errorCount,
    },
    last_entry_at: shortTime(metrics?.lastUpdate),
  };
}

async function list_projects({ store, agent, signal }, { limit, cursor }) {
  const most = checkNumber("limit", limit, { most: MOST, normal: DEFAULT_PROJECTS });
  const current = await agent.project();
  const all = await store.listProjects({ signal });
  // The cursor is the last name of the page before, which may have been deleted since.
  const start = cursor === null ? 0 : all.findIndex(({ name }) => isBehind(name, cursor));
  const page = start < 0 ? [] : all.slice(start, start + most);
  const more = start >= 0 && start + most < all.length;
  return {
    projects: page.map(({ name, repoRoot }) => ({
      project: name,
      root: repoRoot,
      is_current: name === current.project,
    })),
    total: all.length,
    next: more ? page.at(-1).name : null,
  };
}

async function append_entry({ store, agent }, { message, status, project: named, meta }) {
  const fields = fromPairs(meta);
  const project = await agent.projectToWriteTo(named);
  const entry = await store.appendEntry({
    project,
    agent: agent.id,
    message,
    status: status ?? "info",
    meta: fields,
  });
  return {
    id: entry.entryId,
    project: entry.project,
    time: shortTime(entry.ts),
    status: statusOf(entry.emoji),
  };
}

async function read_recent({ store, agent, signal }, { project: named, limit, cursor }) {
  const window = pageOf(limit, cursor);
  const project = await agent.projectFor(named);
  return pageOfEntries(project, await store.fetchRecentEntriesPaginated({ project, ...window, signal }));
}

async function query_entries(context, input) {
  if (input.entry_id !== null) return oneEntry(context, input);
  const window = pageOf(input.limit, input.cursor);
  const metaFilters = fromPairs(input.meta);
  const emojis = input.statuses?.map((status) => emojiOf(status));
  const project = await context.agent.projectFor(input.project);
  const page = await context.store.queryEntriesPaginated({
    project,
    message: input.message,
    messageMode: input.message_mode ?? "substring",
    caseSensitive: input.case_sensitive ?? false,
    agents: input.agents,
    emojis,
    start: input.start,
    end: input.end,
    metaFilters,
    ...window,
    signal: context.signal,
  });
  return pageOfEntries(project, page);
}

/** What narrows a search. */
const CRITERIA = ["message", "statuses", "agents", "start", "end", "meta"];

/** One entry, whole. Criteria would have no effect, which nobody would notice. */
async function oneEntry({ store, signal }, input) {
  const { entry_id, project, cursor } = input;
  const other = CRITERIA.find((name) => input[name]?.length > 0);
  if (other) throw invalid(`/${other}: expected null, because entry_id names the one entry that is wanted`);
  if (cursor !== null && !/^\d{1,15}$/.test(cursor)) {
    throw refusal("invalid_cursor", "the cursor is not one of a long entry: call again with cursor null");
  }
  const entry = await store.fetchEntry(entry_id, { signal });
  if (entry === null || (project !== null && entry.project !== project)) {
    const where = project === null ? "" : ` in project ${JSON.stringify(project)}`;
    throw refusal("not_found", `there is no entry ${JSON.stringify(entry_id)}${where}`);
  }
  const piece = whole(entry, Number(cursor ?? 0));
  return { project: entry.project, entries: [piece.entry], total: 1, next: piece.next };
}

function pageOfEntries(project, { items, totalCount, nextCursor }) {
  return { project, entries: items.map(listed), total: totalCount, next: nextCursor };
}

/** A cursor brings the size of its pages along. */
function pageOf(limit, cursor) {
  const pageSize = checkNumber("limit", limit, { most: MOST, normal: DEFAULT_ENTRIES });
  if (cursor === null) return { pageSize };
  return limit === null ? { cursor } : { cursor, pageSize };
}

/** What strict schemas have instead of objects with any key. */
function fromPairs(pairs) {
  const keys = new Set();
  for (const [index, { key }] of (pairs ?? []).entries()) {
    if (keys.has(key)) throw invalid(`/meta/${index}/key: ${JSON.stringify(key)} is there twice`);
    keys.add(key);
  }
  return Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, value]));
}

/** The emoji of a status. What is no word is an emoji itself. */
function emojiOf(status) {
  if (Object.hasOwn(EMOJIS, status)) return EMOJIS[status];
  if (!/^[\w\s-]*$/.test(status)) return status;
  const known = Object.keys(EMOJIS).join(", ");
  throw invalid(`/statuses: expected ${known}, or an emoji, got ${JSON.stringify(status)}`);
}

/** Whether a name comes behind another, by Unicode code points, as the store sorts them. */
function isBehind(name, other) {
  const [a, b] = [[...name], [...other]].map((text) => text.map((char) => char.codePointAt(0)));
  const at = a.findIndex((code, index) => code !== b[index]);
  return at >= 0 && (b[at] === undefined || a[at] > b[at]);
}
