// What is looked at, as the page's address tells it: so that a reload, a link and "back" lead to the same view.

import type { QueryCriteria } from "scribe-store";

/** How a message is compared with a text. */
export type Mode = "substring" | "exact" | "regex";
/** What metadata can be compared with. */
export type MetaValue = string | number | boolean | null;
/** A part of the explorer; all but "agents" and "storage" belong to a project. */
export type Room = "entries" | "documents" | "reports" | "integrity" | "agents" | "storage";

export interface View {
  room: Room;
  project: string | null;
  agents: string[];
  emojis: string[];
  text: string;
  mode: Mode;
  caseSensitive: boolean;
  /** "", "YYYY-MM-DD" or "YYYY-MM-DDTHH:MM[:SS[.mmm]]", in UTC. */
  from: string;
  /** Likewise; included. */
  to: string;
  meta: Record<string, MetaValue>;
  /** Identifier of the entry whose details are shown. */
  entry: string | null;
  /** Whether new entries are kept in sight. */
  follow: boolean;
  /** Agent that is looked at in the room "agents". */
  who: string | null;
}

const ROOMS: readonly Room[] = ["entries", "documents", "reports", "integrity", "agents", "storage"];
const MODES: readonly Mode[] = ["substring", "exact", "regex"];
const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?)?$/;

const NOTHING: View = {
  room: "entries",
  project: null,
  agents: [],
  emojis: [],
  text: "",
  mode: "substring",
  caseSensitive: false,
  from: "",
  to: "",
  meta: {},
  entry: null,
  follow: false,
  who: null,
};

/** A view of a project's entries without filters. */
export function plainView(project: string | null, changes: Partial<View> = {}): View {
  return { ...NOTHING, project, ...changes };
}

/** What takes all filters away. */
export const NO_FILTERS: Partial<View> = {
  agents: [],
  emojis: [],
  text: "",
  mode: "substring",
  caseSensitive: false,
  from: "",
  to: "",
  meta: {},
};

/** Reads a view from the part of an address behind "#". What makes no sense is left out. */
export function readView(hash: string): View {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const one = <T extends string>(key: string, of: readonly T[], otherwise: T) =>
    of.find((known) => known === given.get(key)) ?? otherwise;
  const moment = (key: string) => {
    const text = given.get(key) ?? "";
    return MOMENT.test(text) && !Number.isNaN(Date.parse(`${text}Z`)) ? text : "";
  };
  return {
    room: one("view", ROOMS, NOTHING.room),
    project: given.get("project") || null,
    agents: given.getAll("agent"),
    emojis: given.getAll("emoji"),
    text: given.get("text") ?? "",
    mode: one("mode", MODES, NOTHING.mode),
    caseSensitive: given.get("case") === "match",
    from: moment("from"),
    to: moment("to"),
    meta: readMeta(given.get("meta")),
    entry: given.get("entry") || null,
    follow: given.has("follow"),
    who: given.get("who") || null,
  };
}

/** Only what the store can compare: texts, numbers, true, false and null. */
function readMeta(text: string | null): Record<string, MetaValue> {
  if (!text) return {};
  try {
    const conditions = Object.entries(JSON.parse(text) as object);
    return Object.fromEntries(
      conditions.filter(
        ([, value]) => value === null || ["string", "number", "boolean"].includes(typeof value),
      ),
    );
  } catch {
    return {};
  }
}

/** Writes a view as `readView` reads it, without what is as usual. */
export function writeView(view: View): string {
  const written = new URLSearchParams();
  if (view.room !== NOTHING.room) written.set("view", view.room);
  if (view.project !== null) written.set("project", view.project);
  for (const agent of view.agents) written.append("agent", agent);
  for (const emoji of view.emojis) written.append("emoji", emoji);
  if (view.text !== "") written.set("text", view.text);
  if (view.mode !== NOTHING.mode) written.set("mode", view.mode);
  if (view.caseSensitive) written.set("case", "match");
  if (view.from !== "") written.set("from", view.from);
  if (view.to !== "") written.set("to", view.to);
  if (Object.keys(view.meta).length > 0) written.set("meta", JSON.stringify(view.meta));
  if (view.entry !== null) written.set("entry", view.entry);
  if (view.follow) written.set("follow", "");
  if (view.who !== null) written.set("who", view.who);
  return `#${written}`;
}

/** How many kinds of filter a view has. */
export function filterCount(view: View): number {
  return (
    Number(view.agents.length > 0) +
    Number(view.emojis.length > 0) +
    Number(view.text !== "") +
    Number(view.from !== "" || view.to !== "") +
    Object.keys(view.meta).length
  );
}

/** What the store is asked for a view of a project. */
export function criteriaOf(view: View): QueryCriteria {
  return {
    project: view.project ?? "",
    agents: view.agents,
    emojis: view.emojis,
    message: view.text,
    messageMode: view.mode,
    caseSensitive: view.caseSensitive,
    start: view.from || null,
    end: wholeEnd(view.to) || null,
    metaFilters: view.meta,
  };
}

/** A time given to the minute, second or millisecond includes all of it; a date, by itself, the whole day. */
function wholeEnd(to: string): string {
  if (to.length === 16) return `${to}:59.999999`;
  if (to.length === 19) return `${to}.999999`;
  if (to.length > 19) return `${to.padEnd(23, "0")}999`;
  return to;
}
