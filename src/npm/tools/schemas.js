/**
 * What the tools take and give, as JSON Schema (2020-12, and draft-07 just as well), and what a model is told of them.
 *
 * Inputs keep to what the strict modes of model providers accept: every property is required, what may be left out can
 * be `null`, no other property may be there, and there is no keyword but `type`, `enum`, `items` and `description`.
 * Bounds of numbers therefore stand in descriptions, and are checked by the tools.
 * @module
 */

/** The most entries, or projects, that one call gives. */
export const MOST = 100;

/** How many it gives unless asked for another number. */
export const DEFAULT_ENTRIES = 20;
export const DEFAULT_PROJECTS = 50;

/** What a status is stored as. */
export const EMOJIS = { info: "ℹ️", success: "✅", warn: "⚠️", error: "❌", bug: "🐞", plan: "🧭" };

const STATUSES = Object.keys(EMOJIS);

const text = (description) => ({ type: "string", description });
const maybe = (type, description) => ({ type: [type, "null"], description });
const maybeList = (items, description) => ({ type: ["array", "null"], items, description });
const object = (properties, more) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});

const pairs = (description) =>
  maybeList(
    object({
      key: { type: "string" },
      value: { type: ["string", "number", "boolean", "null"] },
    }),
    description,
  );

const project = maybe("string", "Exact name of a project; null: your current project.");
const limit = (normal) => maybe("integer", `How many at most, 1 to ${MOST}; null: ${normal}.`);
const cursor = maybe(
  "string",
  "`next` of the page before, with all other arguments as they were, to get the page after it; null: the first page.",
);

const time = (description) => ({ type: "string", description });
const count = { type: "integer" };

const entry = {
  type: "object",
  properties: {
    id: text("Identifier of the entry."),
    time: time("When it happened, in UTC."),
    agent: maybe("string", "Who wrote it."),
    status: text(`${STATUSES.join(", ")}; or the entry's emoji where it is another one.`),
    message: text("Text, cut at its end if it is long; then the end says so."),
    meta: { type: "object", description: "Metadata by key, without what is too long." },
    meta_cut: {
      type: "array",
      items: { type: "string" },
      description: "Keys of metadata that were left out.",
    },
  },
  required: ["id", "time", "agent", "status", "message", "meta"],
  additionalProperties: false,
};

const pageOfEntries = object({
  project: text("The project that the entries are of."),
  entries: { type: "array", items: entry, description: "Newest first." },
  total: { ...count, description: "How many match, on all pages together." },
  next: maybe("string", "Cursor of the next page; null: this is the last one."),
});

/** The tools, by name. */
export const TOOLS = {
  set_project: {
    title: "Set current project",
    readOnly: false,
    description:
      "Makes a project your current one, so that append_entry, read_recent and query_entries use it when you name no " +
      "project. Use it at the start of work and whenever you turn to another project. It fails if your current project " +
      "was changed elsewhere since you last saw it; the message says to what, and you decide whether to call again. " +
      "To create a project that does not exist yet, give its root.",
    inputSchema: object({
      project: text("Exact name of the project; list_projects names those there are."),
      root: maybe(
        "string",
        "Root folder or address of the project, with which it is created if it does not exist; null: it must exist.",
      ),
      log_path: maybe(
        "string",
        "Where a project that is created keeps its log; null: PROGRESS_LOG.md in its root. Otherwise without effect.",
      ),
    }),
    outputSchema: object({
      project: text("Name of what is now your current project."),
      version: { ...count, description: "How often your current project was changed." },
      created: { type: "boolean", description: "Whether the project is new." },
      entries: { ...count, description: "How many entries its log has." },
      last_entry_at: maybe("string", "Time of its newest entry; null: it has none."),
    }),
  },
  get_project: {
    title: "Get project",
    readOnly: true,
    description:
      "Tells which project is your current one, and how its log stands: how many entries, how many of them successes, " +
      "warnings and errors, and when the newest was written. Use it when you take up work again and do not know where " +
      "you are, or with a name to look at another project without turning to it.",
    inputSchema: object({ project }),
    outputSchema: object({
      project: maybe("string", "Name of the project; null: you have no current project, call set_project."),
      is_current: { type: "boolean", description: "Whether it is your current project." },
      version: { ...count, description: "How often your current project was changed; 0: never." },
      root: maybe("string", "Root folder or address of the project."),
      log_path: maybe("string", "Where the project keeps its log."),
      entries: {
        ...object({ total: count, success: count, warn: count, error: count }),
        type: ["object", "null"],
        description: "How many entries its log has.",
      },
      last_entry_at: maybe("string", "Time of its newest entry; null: it has none."),
    }),
  },
  list_projects: {
    title: "List projects",
    readOnly: true,
    description:
      "Names the projects there are, sorted by name. Use it to find the exact name of a project before set_project, " +
      "or when a call said that a project does not exist.",
    inputSchema: object({ limit: limit(DEFAULT_PROJECTS), cursor }),
    outputSchema: object({
      projects: {
        type: "array",
        items: object({
          project: { type: "string" },
          root: { type: "string" },
          is_current: { type: "boolean" },
        }),
      },
      total: { ...count, description: "How many projects there are." },
      next: maybe("string", "Cursor of the next page; null: this is the last one."),
    }),
  },
  append_entry: {
    title: "Append entry",
    readOnly: false,
    description:
      "Writes one entry into a project's progress log, under your name and with the present time. Use it after every " +
      "step worth knowing later: a plan, a decision, something done, a test that failed, a bug found. Say in the " +
      "message what was done and why, in a sentence or two, and put figures and names into meta, by which they can be " +
      "searched. Entries can be neither changed nor deleted.",
    inputSchema: object({
      message: text("What happened, in plain words."),
      status: {
        type: ["string", "null"],
        enum: [...STATUSES, null],
        description: "Kind of the entry; null: info.",
      },
      project,
      meta: pairs(
        'Facts to search by, each key once, such as {"key": "tests", "value": 41}; null or empty: none.',
      ),
    }),
    outputSchema: object({
      id: text("Identifier of the new entry."),
      project: text("The project that it was written to."),
      time: time("When it was written, in UTC."),
      status: text("Kind of the entry."),
    }),
  },
  read_recent: {
    title: "Read recent entries",
    readOnly: true,
    description:
      "Gives the newest entries of a project's progress log, newest first. Use it at the start of work to learn what " +
      "was done before, by you and by others. To look for something, use query_entries.",
    inputSchema: object({ project, limit: limit(DEFAULT_ENTRIES), cursor }),
    outputSchema: pageOfEntries,
  },
  query_entries: {
    title: "Query entries",
    readOnly: true,
    description:
      "Finds entries of a project's progress log by text, kind, author, time and metadata, newest first, with their " +
      "exact number. All criteria must hold together; null or an empty list means any. Use it to answer questions " +
      "about the log, such as what failed yesterday, or who touched a file; to count, use total with limit 1. With " +
      "entry_id alone it gives that one entry whole, however long; other results cut long texts.",
    inputSchema: object({
      project,
      message: maybe("string", "Text that the message is compared with; null: any message."),
      message_mode: {
        type: ["string", "null"],
        enum: ["substring", "exact", "regex", null],
        description:
          "How messages are compared; null: substring. A regex matches anywhere, without look-around and back-references.",
      },
      case_sensitive: maybe("boolean", "Whether upper and lower case differ in messages; null: no."),
      statuses: maybeList(
        { type: "string" },
        `Kinds of which an entry must have one: ${STATUSES.join(", ")}, or an emoji.`,
      ),
      agents: maybeList({ type: "string" }, "Exact names of agents, of whom one must have written it."),
      start: maybe("string", "Earliest time, inclusive: RFC 3339, or a date."),
      end: maybe("string", "Latest time, inclusive: RFC 3339, or a date, which covers that whole day."),
      meta: pairs(
        "Metadata that an entry must have: the same key with the same value. A key with dots is also a path into " +
          "nested metadata.",
      ),
      entry_id: maybe("string", "Identifier of one entry to get whole; then no criteria may be given."),
      limit: limit(DEFAULT_ENTRIES),
      cursor,
    }),
    outputSchema: pageOfEntries,
  },
};
