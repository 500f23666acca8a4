/**
 * The read operations: what each asks for, for any number of entries.
 *
 * An operation names a method of an engine and its argument. Methods that end in `Page` resolve to the newest 50
 * matches and the exact number of all; the others to what their names say.
 * @module
 */

import { AGENTS, timeAt } from "./data.js";

/** Items on a page. */
export const PAGE_SIZE = 50;

/**
 * @typedef {object} Operation
 * @property {string} id
 * @property {string} title
 * @property {"recent" | "countAgent" | "agentsPage" | "substringPage" | "regexPage" | "metaPage"} method
 * @property {(count: number) => object} argument What the method gets, for a log of so many entries.
 */

/** @type {Operation[]} */
export const OPERATIONS = [
  {
    id: "newest",
    title: "newest page",
    method: "recent",
    argument: () => ({ limit: PAGE_SIZE, offset: 0 }),
  },
  {
    id: "offset",
    title: "page at offset n/2",
    method: "recent",
    argument: (count) => ({ limit: PAGE_SIZE, offset: Math.floor(count / 2) }),
  },
  {
    id: "countAgent",
    title: "count by agent",
    method: "countAgent",
    argument: () => ({ agent: AGENTS[1][0] }),
  },
  {
    id: "agentsInRange",
    title: "two agents in a time range",
    method: "agentsPage",
    argument: (count) => ({
      agents: [AGENTS[1][0], AGENTS[2][0]],
      start: timeAt(Math.floor(count * 0.4)),
      end: timeAt(Math.floor(count * 0.6)),
      limit: PAGE_SIZE,
    }),
  },
  {
    id: "substring",
    title: "substring in messages",
    method: "substringPage",
    argument: () => ({ text: "timeout", limit: PAGE_SIZE }),
  },
  {
    id: "regex",
    title: "regular expression",
    method: "regexPage",
    argument: () => ({ pattern: "retried \\d of \\d", limit: PAGE_SIZE }),
  },
  {
    id: "meta",
    title: "metadata equality",
    method: "metaPage",
    argument: () => ({ key: "component", value: "parser", limit: PAGE_SIZE }),
  },
];
