// What every engine has to answer, computed from the entries themselves.

import { createHash } from "node:crypto";
import { makeEntry, makeParts } from "./page/data.js";
import { OPERATIONS } from "./page/operations.js";

/** How each method of an engine finds its answer in all entries, newest first. */
const METHODS = {
  recent: (newest, { limit, offset }) => ({ items: newest.slice(offset, offset + limit) }),
  countAgent: (newest, { agent }) => ({ total: newest.filter((entry) => entry.agent === agent).length }),
  agentsPage: (newest, { agents, start, end, limit }) =>
    page(newest, ({ agent, ts }) => agents.includes(agent) && ts >= start && ts <= end, limit),
  substringPage: (newest, { text, limit }) =>
    page(newest, ({ message }) => message.toLowerCase().includes(text.toLowerCase()), limit),
  regexPage: (newest, { pattern, limit }) => {
    const expression = new RegExp(pattern, "iu");
    return page(newest, ({ message }) => expression.test(message), limit);
  },
  metaPage: (newest, { key, value, limit }) => page(newest, ({ meta }) => meta[key] === value, limit),
};

/** Every engine is asked the same. */
const answers = new Map();

/**
 * The answers to all operations over so many entries.
 *
 * @param {number} count
 * @returns {Map<string, { items?: object[], total?: number }>} By the operation's `id`; with whole entries.
 */
export function expectedAnswers(count) {
  const known = answers.get(count) ?? computed(count);
  answers.set(count, known);
  return known;
}

function computed(count) {
  const newest = newestFirst(count);
  return new Map(
    OPERATIONS.map(({ id, method, argument }) => {
      const { items, total } = METHODS[method](newest, argument(count));
      return [id, { ...(items && { items: items.map(whole) }), ...(total !== undefined && { total }) }];
    }),
  );
}

function newestFirst(count) {
  const entries = Array.from({ length: count }, (_, seq) => {
    const { ts, agent, message, meta } = makeParts(seq);
    return { seq, ts, agent, message, meta };
  });
  return entries.sort((a, b) => b.ts - a.ts || b.seq - a.seq);
}

function page(newest, matches, limit) {
  const found = newest.filter(matches);
  return { items: found.slice(0, limit), total: found.length };
}

function whole({ seq }) {
  return makeEntry(seq, (text) => createHash("sha256").update(text).digest("hex"));
}
