// What is looked at, as the page's address tells it: so that a reload, a bookmark and "back" lead to the same view.

/**
 * @typedef {object} View
 * @property {string | null} project
 * @property {string[]} agents
 * @property {string[]} emojis
 * @property {string} text
 * @property {"substring" | "exact" | "regex"} mode
 * @property {boolean} caseSensitive
 * @property {string} from "", "YYYY-MM-DD" or "YYYY-MM-DDTHH:MM:SS", in UTC.
 * @property {string} to Likewise; included.
 * @property {Record<string, string | number | boolean | null>} meta
 * @property {number} pageSize
 * @property {number | null} page
 * @property {string | null} cursor Wins over `page`.
 */

export const PAGE_SIZES = [10, 25, 50, 100, 500];
export const MODES = ["substring", "exact", "regex"];
const DEFAULT_PAGE_SIZE = 25;
const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$/;

/** @type {View} */
const NOTHING = {
  project: null,
  agents: [],
  emojis: [],
  text: "",
  mode: "substring",
  caseSensitive: false,
  from: "",
  to: "",
  meta: {},
  pageSize: DEFAULT_PAGE_SIZE,
  page: null,
  cursor: null,
};

/** A view without filters, of a project. */
export function plainView(project, pageSize = DEFAULT_PAGE_SIZE) {
  return { ...NOTHING, project, pageSize };
}

/**
 * Reads a view from the part of an address behind "#". What makes no sense is left out.
 *
 * @param {string} hash
 * @returns {View}
 */
export function readView(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const moment = (key) => (MOMENT.test(given.get(key) ?? "") ? given.get(key) : "");
  const pageSize = Number(given.get("size"));
  const page = Number(given.get("page"));
  const mode = given.get("mode");
  return {
    project: given.get("project") || null,
    agents: given.getAll("agent"),
    emojis: given.getAll("emoji"),
    text: given.get("text") ?? "",
    mode: MODES.includes(mode) ? mode : NOTHING.mode,
    caseSensitive: given.get("case") === "match",
    from: moment("from"),
    to: moment("to"),
    meta: readMeta(given.get("meta")),
    pageSize: PAGE_SIZES.includes(pageSize) ? pageSize : DEFAULT_PAGE_SIZE,
    page: Number.isSafeInteger(page) && page > 1 ? page : null,
    cursor: given.get("cursor") || null,
  };
}

/** Only what the store can compare: texts, numbers, true, false and null. */
function readMeta(text) {
  if (!text) return {};
  try {
    const conditions = Object.entries(JSON.parse(text));
    return Object.fromEntries(
      conditions.filter(
        ([, value]) => value === null || ["string", "number", "boolean"].includes(typeof value),
      ),
    );
  } catch {
    return {};
  }
}

/**
 * Writes a view as `readView` reads it, without what is as usual.
 *
 * @param {View} view
 */
export function writeView(view) {
  const written = new URLSearchParams();
  if (view.project !== null) written.set("project", view.project);
  for (const agent of view.agents) written.append("agent", agent);
  for (const emoji of view.emojis) written.append("emoji", emoji);
  if (view.text !== "") written.set("text", view.text);
  if (view.mode !== NOTHING.mode) written.set("mode", view.mode);
  if (view.caseSensitive) written.set("case", "match");
  if (view.from !== "") written.set("from", view.from);
  if (view.to !== "") written.set("to", view.to);
  if (Object.keys(view.meta).length > 0) written.set("meta", JSON.stringify(view.meta));
  if (view.pageSize !== DEFAULT_PAGE_SIZE) written.set("size", String(view.pageSize));
  if (view.cursor !== null) written.set("cursor", view.cursor);
  else if (view.page !== null) written.set("page", String(view.page));
  return `#${written}`;
}

/** Whether a view leaves anything of its project out. */
export function hasFilters(view) {
  return (
    view.agents.length > 0 ||
    view.emojis.length > 0 ||
    view.text !== "" ||
    view.from !== "" ||
    view.to !== "" ||
    Object.keys(view.meta).length > 0
  );
}

/**
 * What the store is asked for a view, without the page.
 *
 * @param {View} view
 * @returns {import("./scribe-store/index.js").QueryCriteria}
 */
export function toCriteria(view) {
  return {
    project: view.project,
    agents: view.agents,
    emojis: view.emojis,
    message: view.text,
    messageMode: view.mode,
    caseSensitive: view.caseSensitive,
    start: view.from || null,
    // A time given to the second includes that whole second; a date, by itself, the whole day.
    end: view.to.includes("T")
      ? `${view.to.length === 16 ? `${view.to}:00` : view.to}.999999`
      : view.to || null,
    metaFilters: view.meta,
  };
}
