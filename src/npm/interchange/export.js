/**
 * Logs as streams of text.
 * @module
 */

import { readLogLine } from "./progress-log.js";

/** How many entries are read at a time where pages are. */
const PAGE = 500;

/**
 * Yields entries as lines of JSON.
 * @param {AsyncIterable<object[]>} batches
 */
export async function* jsonLines(batches) {
  for await (const entries of batches) {
    if (entries.length > 0) yield `${entries.map((entry) => JSON.stringify(entry)).join("\n")}\n`;
  }
}

/**
 * Yields entries as lines of a progress log, oldest first.
 * @param {import("../interchange.js").Core} core
 * @param {string} criteria Criteria for entries, as JSON.
 * @param {AbortSignal} [signal]
 */
export async function* logLines({ store, run }, criteria, signal) {
  const query = { ...JSON.parse(criteria), signal };
  const total = await store.countQueryEntries(query);
  const options = { ...query, pageSize: PAGE };
  let page = { items: [], totalCount: total, totalPages: Math.ceil(total / PAGE), hasNext: true };
  // The last page, also if there are more or fewer by now.
  while (page.totalCount > 0 && (page.hasNext || page.items.length === 0)) {
    page = await store.queryEntriesPaginated({ ...options, page: page.totalPages });
  }
  while (page.items.length > 0) {
    const entries = page.items.reverse();
    const lines = await run((_, api) => entries.map((entry) => toLogLine(entry, api)));
    yield `${lines.join("\n")}\n`;
    if (!page.prevCursor) return;
    page = await store.queryEntriesPaginated({ ...query, cursor: page.prevCursor });
  }
}

/** The line that was stored, if it is one of a progress log; otherwise the canonical one. */
function toLogLine({ rawLine, sha256, seq, ...entry }, api) {
  if (!/[\r\n]/.test(rawLine) && readLogLine(rawLine)) return rawLine;
  const line = JSON.parse(api.completeEntry(JSON.stringify(entry))).rawLine;
  // Names may hold line ends.
  return line.replace(/[\r\n]+/g, " ");
}
