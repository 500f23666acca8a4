// A log of 100,000 entries, always the same, and a plain account of it.

/** Number of entries. */
export const COUNT = 100_000;

/** Name of their project. */
export const PROJECT = "large";

/** Time of the first entry; each later one is 13 s later. */
export const START = Date.UTC(2026, 0, 1);
export const STEP_MS = 13_000;

const AGENTS = ["ada", "grace", "edsger", "barbara", "tony", "leslie", "donald"];
const EMOJIS = ["✅", "ℹ️", "ℹ️", "⚠️", "❌", "🧭", "🐞", "🌱"];

/** The entry with a number from 0. It is also run in the page, and uses nothing but its argument. */
export function entryOf(number, { PROJECT, START, STEP_MS, AGENTS, EMOJIS }) {
  const mixed = (number * 2_654_435_761) % 4_294_967_296;
  const rare = number % 25_000 === 17 ? " needle-in-haystack" : "";
  return {
    entryId: `large-${number}`,
    project: PROJECT,
    ts: START + number * STEP_MS,
    emoji: EMOJIS[mixed % EMOJIS.length],
    agent: mixed % 11 === 0 ? null : AGENTS[mixed % AGENTS.length],
    message: `Step ${number} of the long work: file ${mixed % 997}.ts took ${mixed % 83} ms${rare}`,
    meta: { batch: Math.floor(number / 1000), mixed: mixed % 5, nested: { even: number % 2 === 0 } },
    rawLine: `line ${number}`,
    sha256: "00",
  };
}

/** What `entryOf` uses. */
export const BASIS = { PROJECT, START, STEP_MS, AGENTS, EMOJIS };

/** All of them, newest first, as the table shows them. */
export function accountOf() {
  return Array.from({ length: COUNT }, (_, index) => entryOf(COUNT - 1 - index, BASIS));
}

/** What a row shows of an entry. */
export function rowOf({ emoji, ts, agent, message }) {
  return { emoji, ts: new Date(ts).toISOString().replace("Z", "000Z"), agent: agent ?? "no agent", message };
}

/** Inserts the log through the package in the page. */
export function insertLarge(page) {
  return page.evaluate(`(async () => {
    const entryOf = ${entryOf};
    const basis = ${JSON.stringify(BASIS)};
    const store = await openTestStore();
    await store.upsertProject({ name: basis.PROJECT, repoRoot: "/src/large", progressLogPath: "" });
    for (let first = 0; first < ${COUNT}; first += 20000) {
      await store.insertEntries(Array.from({ length: 20000 }, (_, index) => entryOf(first + index, basis)));
    }
    await store.close();
  })()`);
}
