// Patterns that cost much elsewhere, on long messages: how long each takes, and how long the page stands still.

/** Characters of the longer message; the shorter has half. */
const LENGTH = 1 << 20;

/** How often each is measured: the fastest counts. More often, up to a limit, where that may make it look linear. */
const TIMES = 3;
const MOST_TIMES = 20;

/** Patterns with the letters of their messages, from which none has a match, and how much of the length they get. */
const PATTERNS = [
  { pattern: "(a+)+$", letters: "a" },
  { pattern: "(a|aa)+$", letters: "a" },
  { pattern: "(?:(?:a*)*)*$", letters: "a" },
  { pattern: "(.*)(.*)(.*)(.*)b", letters: "aж" },
  { pattern: "(?:a?){500}a{500}b", letters: "a" },
  { pattern: `(?:${Array.from({ length: 1000 }, (_, index) => `w${index}x`).join("|")})`, letters: "w12 " },
  { pattern: "(?i)(?:ſtraße|ΑΣ|[à-þ])+!", letters: "sſßαςσàÞ", caseSensitive: false },
  { pattern: "[^\\w\\s]\\b[\\u4e00-\\u9fff&&[^一-七]]{20}z", letters: "一七日本 " },
  { pattern: "a.{300}c", letters: "ab", part: 4 },
  { pattern: "a.{9990}c", letters: "ab", part: 16 },
  { pattern: "a(?:.\\B?){900}c", letters: "ab", part: 16 },
];

function noise(letters, length) {
  const all = [...letters];
  let state = 1;
  const letter = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return all[(state >>> 16) % all.length];
  };
  return `${Array.from({ length: length - 1 }, letter).join("")}!`;
}

/**
 * Measures all patterns.
 *
 * @param {typeof import("scribe-store")} api
 * @param {object} options
 * @param {number} options.ratio How many times as long as half a message a whole one may take.
 * @param {number} options.noiseMs What is quicker is taken to last as long as this.
 * @returns {Promise<{ pattern: string, part: number, plain: number, half: number, whole: number, longest: number,
 *   gap: number }[]>} Milliseconds: of a plain pattern, of this one on half of the message and on all of it, at best;
 *   the longest search; and the longest time for which the page stood still.
 */
export async function measurePatterns(api, { ratio, noiseMs }) {
  const store = await api.openStore({ backend: "memory" });
  const measured = [];
  for (const { pattern, letters, part = 1, caseSensitive = true } of PATTERNS) {
    for (const [project, length] of [
      ["half", LENGTH / 2 / part],
      ["whole", LENGTH / part],
    ]) {
      await store.upsertProject({ name: project, repoRoot: "", progressLogPath: "" });
      await store.appendEntry({ project, message: noise(letters, length) });
    }
    const best = { plain: Infinity, half: Infinity, whole: Infinity };
    let longest = 0;
    const time = async (what, project, message) => {
      const began = performance.now();
      await count(store, { project, message, caseSensitive });
      const ms = performance.now() - began;
      best[what] = Math.min(best[what], ms);
      longest = Math.max(longest, ms);
      // Whatever waits gets its turn.
      await new Promise((resolve) => setTimeout(resolve));
    };
    const gaps = watchGaps();
    for (let round = 0; round < MOST_TIMES; round += 1) {
      await time("plain", "whole", "[qQ][jJ]");
      await time("half", "half", pattern);
      await time("whole", "whole", pattern);
      if (round >= TIMES && best.whole < ratio * Math.max(best.half, noiseMs)) break;
    }
    measured.push({ pattern: pattern.slice(0, 30), part, ...best, longest, gap: gaps.end() });
    for (const project of ["half", "whole"]) await store.deleteProject(project);
  }
  await store.close();
  return measured;
}

async function count(store, query) {
  const found = await store.countQueryEntries({ ...query, messageMode: "regex" });
  if (found > 1) throw new Error(`${query.message} matches ${found} messages`);
}

/**
 * Searches on IndexedDB for a pattern that costs much with every character, and gives up a second such search.
 *
 * @param {typeof import("scribe-store")} api
 * @returns {Promise<{ whole: number, gap: number, between: number, left: number, reason: unknown }>} Milliseconds: of
 *   the whole search; the longest time in it for which the page stood still; from its beginning until another read
 *   was done; and until the second search ended, with what it rejected with.
 */
export async function searchInSlices(api) {
  const store = await api.openStore({ name: "slices" });
  await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
  await store.appendEntry({ project: "p", message: noise("ab", LENGTH / 8) });
  const query = { project: "p", message: "a(?:.\\B?){900}c", caseSensitive: true };
  await count(store, { ...query, message: "[qQ][jJ]" });
  const gaps = watchGaps();
  const began = performance.now();
  const search = count(store, query);
  await store.listProjects();
  const between = performance.now() - began;
  await search;
  const whole = performance.now() - began;
  const gap = gaps.end();

  const again = performance.now();
  const controller = new AbortController();
  setTimeout(() => controller.abort("enough"), whole / 8);
  const reason = await count(store, { ...query, signal: controller.signal }).catch((error) => error);
  const left = performance.now() - again;
  // The store goes on.
  await store.appendEntry({ project: "p", message: "more" });
  await store.close();
  return { whole, gap, between, left, reason };
}

/** Watches for how long nothing else gets a turn. */
function watchGaps() {
  let longest = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 5);
  return {
    end: () => {
      look();
      clearInterval(timer);
      return longest;
    },
  };
}

/**
 * Asks for what would be too large, each time with a megabyte of pattern or what becomes more.
 *
 * @param {typeof import("scribe-store")} api
 * @returns {Promise<{ pattern: string, code: string, message: string, ms: number }[]>}
 */
export async function refusePatterns(api) {
  const store = await api.openStore({ backend: "memory" });
  await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
  await store.appendEntry({ project: "p", message: "a".repeat(LENGTH) });
  const filled = (part) => part.repeat(Math.ceil(LENGTH / part.length));
  const refused = [];
  for (const message of [
    "a{1000}{1000}",
    "((a{1,100}){1,100}){1,100}",
    "a{10001}",
    "a{0,2001}",
    Array.from({ length: 3000 }, (_, index) => `word${index}`).join("|"),
    filled("a"),
    filled("a|"),
    filled("\\w"),
    filled("[^a]"),
    filled("(?:a{1000}){0}"),
    `[${filled("ж-я")}${filled("日")}]{9}`,
    "(".repeat(LENGTH),
    "[".repeat(LENGTH),
  ]) {
    const began = performance.now();
    const error = await store
      .countQueryEntries({ project: "p", message, messageMode: "regex" })
      .then(() => ({ code: "none", message: "" }))
      .catch(({ code, message }) => ({ code, message }));
    refused.push({ pattern: message.slice(0, 30), ...error, ms: performance.now() - began });
  }
  await store.close();
  return refused;
}
