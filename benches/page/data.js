/**
 * The log that every engine stores: the same entries on every machine, each made from its number alone.
 *
 * Entries are complete, with their canonical line and its hash, and about 400 bytes long. Their times grow, with
 * ties now and then, but for one in fifty, which is up to six hours late.
 * @module
 */

/** The only project. */
export const PROJECT = "bench";

/** Agents, and how many of a hundred entries each writes. */
export const AGENTS = [
  ["Builder", 40],
  ["Reviewer", 22],
  ["Tester", 14],
  ["Planner", 9],
  ["Documenter", 6],
  ["Deployer", 4],
  ["Scout", 3],
  ["Gardener", 2],
];

/** Emojis, and how many of a hundred entries have each. */
const EMOJIS = [
  ["ℹ️", 38],
  ["✅", 27],
  ["⚠️", 11],
  ["❌", 8],
  ["🐞", 6],
  ["🧭", 5],
  ["🔧", 3],
  ["📝", 2],
];

const PHASES = ["plan", "build", "test", "review", "ship"];
const COMPONENTS = [
  "parser",
  "planner",
  "storage",
  "index",
  "query",
  "cursor",
  "cache",
  "bindings",
  "loader",
  "router",
  "editor",
  "theme",
  "search",
  "export",
  "import",
  "session",
  "metrics",
  "reports",
  "sync",
  "worker",
  "schema",
  "errors",
  "types",
  "release",
];
const VERBS = [
  "Checked",
  "Moved",
  "Rewrote",
  "Measured",
  "Removed",
  "Merged",
  "Started",
  "Finished",
  "Split",
];
const THINGS = [
  "the retry loop",
  "an old fallback",
  "two slow tests",
  "the public types",
  "a flaky assertion",
  "the error messages",
  "every call site",
  "the log rotation",
  "a missing check",
  "the upgrade path",
];
/** What a search for "timeout" finds, in whatever case. */
const TIMEOUTS = ["timeout after", "Timeout in step", "TIMEOUT at"];

const START = Date.UTC(2026, 0, 1);
const STEP_MS = 30_000;
const LATE_MS = 6 * 3_600_000;

/**
 * Where an entry's part of the time axis begins.
 *
 * @param {number} index
 */
export function timeAt(index) {
  return START + index * STEP_MS;
}

/**
 * Makes an entry, as the public methods of the package take it.
 *
 * @param {number} index From 0.
 * @param {(text: string) => string} sha256 Hashes a text, as lower-case hex digits.
 */
export function makeEntry(index, sha256) {
  const entry = makeParts(index);
  const rawLine = canonicalLine(entry);
  return { ...entry, rawLine, sha256: sha256(rawLine) };
}

/**
 * Makes an entry without its line and hash, which no query looks at.
 *
 * @param {number} index From 0.
 */
export function makeParts(index) {
  const random = generator(index);
  const meta = {
    attempt: 1 + Math.floor(random() * 5),
    component: COMPONENTS[Math.floor(random() * COMPONENTS.length)],
    ok: random() < 0.8,
    phase: PHASES[Math.floor(random() * PHASES.length)],
  };
  return {
    entryId: identifier(index, random),
    project: PROJECT,
    ts: timeOf(index, random),
    emoji: pick(EMOJIS, random),
    agent: pick(AGENTS, random),
    message: messageOf(random),
    meta,
  };
}

/** Mean length of entries in bytes: their values as UTF-8, metadata as JSON, the time as eight bytes. */
export function bytesPerEntry(sample = 1000) {
  const utf8 = new TextEncoder();
  let bytes = 0;
  for (let index = 0; index < sample; index += 1) {
    const entry = makeEntry(index, () => "0".repeat(64));
    const { entryId, emoji, agent, message, meta, rawLine, sha256 } = entry;
    bytes += 8;
    for (const text of [entryId, emoji, agent, message, JSON.stringify(meta), rawLine, sha256]) {
      bytes += utf8.encode(text).length;
    }
  }
  return Math.round(bytes / sample);
}

function timeOf(index, random) {
  const jitter = Math.floor(random() * STEP_MS);
  const late = random() < 0.02 ? Math.floor(random() * LATE_MS) : 0;
  // One in forty has the time of the slot's beginning and so has the one before it: equal instants are common.
  const place = index % 40 === 1 ? index - 1 : index;
  return place % 40 === 0 ? timeAt(place) : timeAt(place) + jitter - late;
}

/** A UUIDv7, as `appendEntry` gives them: identifiers grow with insertion. */
function identifier(index, random) {
  const time = timeAt(index).toString(16).padStart(12, "0");
  const digits = (count) =>
    Math.floor(random() * 16 ** count)
      .toString(16)
      .padStart(count, "0");
  const variant = "89ab"[Math.floor(random() * 4)];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digits(3)}-${variant}${digits(3)}-${digits(6)}${digits(6)}`;
}

function messageOf(random) {
  const verb = VERBS[Math.floor(random() * VERBS.length)];
  const thing = THINGS[Math.floor(random() * THINGS.length)];
  const number = Math.floor(random() * 10_000);
  const commit = Math.floor(random() * 16 ** 7)
    .toString(16)
    .padStart(7, "0");
  const kind = random();
  if (kind < 0.01) return `${verb} ${thing}: ${TIMEOUTS[number % 3]} ${number} ms`;
  if (kind < 0.02) return `${verb} ${thing}, retried ${number % 7} of ${7 + (number % 3)} (${commit})`;
  return `${verb} ${thing}, ${number} lines (${commit})`;
}

/** The line of the package's contract; nothing in these entries needs a newline or `|` replaced. */
function canonicalLine({ emoji, ts, agent, project, entryId, message, meta }) {
  const time = new Date(ts).toISOString().slice(0, 19).replace("T", " ");
  const pairs = Object.keys(meta)
    .sort()
    .map((key) => `${key}=${meta[key]}`);
  return `[${emoji}] [${time} UTC] [Agent: ${agent}] [Project: ${project}] [ID: ${entryId}] ${message} | ${pairs.join("; ")}`;
}

function pick(weighted, random) {
  let left = random() * 100;
  for (const [value, weight] of weighted) {
    left -= weight;
    if (left < 0) return value;
  }
  return weighted[0][0];
}

/** Random numbers from 0 to 1 (mulberry32), another sequence for each entry. */
function generator(index) {
  let state = Math.imul(index + 1, 0x9e3779b1) ^ 0x5c81be;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
