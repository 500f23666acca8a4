// What is written while the browser is killed. Every field of every entry follows from where it belongs, so that the
// test knows also those that nobody was told of. Runs in the page and in Node.

/** How many entries a bulk insert has: more than a segment. */
export const ROWS = 3000;

/** How many entries each of the inserts has that are merged: enough to be sealed, and far fewer than a segment. */
export const MERGED_ROWS = 600;

/** How many such inserts a cycle makes: all but one in four are merged with the segment before. */
export const MERGES = 8;

/** How many entries are appended to a project before it is deleted, behind its segments. */
export const TAIL = 5;

/** The project that is appended to, in all rounds. */
export const APPENDS = "appends";

/** The project of a round that is inserted into. */
export const bulkProject = (round) => `bulk ${round}`;

/** The project of a round whose small segments are merged. */
export const mergedProject = (round) => `merged ${round}`;

/** A project that a round deletes. */
export const doomedProject = (round, cycle) => `doomed ${round} ${cycle}`;

/** The agent whose current project that is. */
export const doomedAgent = (round, cycle) => `agent ${round} ${cycle}`;

const EMOJIS = { info: "ℹ️", success: "✅", warn: "⚠️", error: "❌" };
const STATUSES = Object.keys(EMOJIS);
const BEGINNING = Date.parse("2026-01-01T00:00:00Z");

/** What is appended: the given number of a round, to whatever project. */
export function toAppend(project, round, index) {
  return {
    entryId: `${project}: ${round}, ${index}`,
    project,
    agent: `round ${round}`,
    ts: BEGINNING + index * 1000,
    status: STATUSES[index % STATUSES.length],
    message: `Appended as number ${index}`,
    meta: { index, text: "ü".repeat((index * 7) % 300) },
  };
}

/** How that is read, as far as it is not the store that decides: without `seq` and `sha256`. */
export function appended(project, round, index) {
  const { status, ts, ...entry } = toAppend(project, round, index);
  const emoji = EMOJIS[status];
  const time = new Date(ts).toISOString().replace("Z", "000Z");
  const line =
    `[${emoji}] [${time.slice(0, 19).replace("T", " ")} UTC] [Agent: ${entry.agent}] [Project: ${project}] ` +
    `[ID: ${entry.entryId}] ${entry.message} | index=${index}; text=${entry.meta.text}`;
  return { ...entry, emoji, ts: time, rawLine: line };
}

/** An entry of a bulk insert, of which there may be several to a project; again without `seq` and `sha256`. */
export function inserted(project, cycle, index) {
  return {
    entryId: `${project}: insert ${cycle}, ${index}`,
    project,
    agent: `agent ${index % 7}`,
    ts: new Date(BEGINNING + index * 977).toISOString().replace("Z", "000Z"),
    emoji: EMOJIS[STATUSES[index % STATUSES.length]],
    message: `Inserted as number ${index} of ${cycle}`,
    meta: { cycle, index, nested: { list: [index, String(index), null] } },
    rawLine: `line ${index} of ${cycle} in ${project}`,
  };
}
