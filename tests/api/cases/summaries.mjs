// Counts by time.

import { equal, rejects } from "../assertions.mjs";
import { anEntry, collect } from "../world.mjs";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1, 22);

/** An entry each 20 minutes, by three agents and nobody in turn; the last ones before the epoch. */
function entries() {
  const agents = ["Bob", "ada", null, "Ada"];
  const all = Array.from({ length: 25 }, (_, index) =>
    anEntry({ ts: START + (index * HOUR) / 3, agent: agents[index % 4], emoji: index % 5 ? "✅" : "❌" }),
  );
  return [...all, anEntry({ ts: -1, agent: "ada" }), anEntry({ ts: "0001-01-01", agent: "Éva" })];
}

export const cases = {
  "4.12 entries are counted by time": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(entries());
    const summary = await store.summarizeEntries({ project: "p", bucket: "day" });
    equal(summary, {
      bucketMs: 24 * HOUR,
      totalCount: 27,
      groups: [],
      buckets: [
        { start: "0001-01-01T00:00:00.000000Z", count: 1, counts: [] },
        { start: "1969-12-31T00:00:00.000000Z", count: 1, counts: [] },
        { start: "2026-01-01T00:00:00.000000Z", count: 6, counts: [] },
        { start: "2026-01-02T00:00:00.000000Z", count: 19, counts: [] },
      ],
    });
    const hours = await store.summarizeEntries({ project: "p", bucket: "hour", start: START });
    equal([hours.bucketMs, hours.totalCount, hours.buckets.length], [HOUR, 25, 9], "hours");
    const same = await store.summarizeEntries({ project: "p", bucket: HOUR, start: START });
    equal(same, hours, "an hour by its length");
    const minutes = await store.summarizeEntries({ project: "p", bucket: "minute", start: START });
    equal(
      minutes.buckets.map(({ count }) => count),
      Array(25).fill(1),
      "minutes",
    );
    const none = await store.summarizeEntries({ project: "q", bucket: 1, by: "emoji" });
    equal(none, { bucketMs: 1, totalCount: 0, groups: [], buckets: [] }, "a log without entries");
    const all = await store.summarizeEntries({ project: "p", bucket: Number.MAX_SAFE_INTEGER });
    equal(
      all.buckets.map(({ start, count }) => [start, count]),
      [
        ["0001-01-01T00:00:00.000000Z", 2],
        ["1970-01-01T00:00:00.000000Z", 25],
      ],
      "a bucket that would begin before the year 1",
    );
  },

  "4.12 entries are counted by agent and by emoji": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(entries());
    const query = { project: "p", bucket: "day", start: START };
    const byAgent = await store.summarizeEntries({ ...query, by: "agent" });
    equal(byAgent.groups, ["Bob", null, "Ada", "ada"], "the most frequent first, then by code point");
    equal(
      byAgent.buckets.map(({ counts }) => counts),
      [
        [2, 1, 1, 2],
        [5, 5, 5, 4],
      ],
      "counts",
    );
    const byEmoji = await store.summarizeEntries({ ...query, by: "emoji", agents: ["ada", "Ada"] });
    equal([byEmoji.totalCount, byEmoji.groups], [12, ["✅", "❌"]], "what a filter leaves");

    // Held against a recount, with criteria of every kind.
    for (const criteria of [
      {},
      { emojis: ["❌"] },
      { message: "1" },
      { agents: ["ada", "Éva"], emojis: ["✅", "❌"] },
    ]) {
      const found = await collect(store.iterateEntries({ project: "p", ...criteria }));
      for (const by of ["agent", "emoji"]) {
        const { groups, buckets } = await store.summarizeEntries({
          project: "p",
          bucket: 7 * HOUR,
          by,
          ...criteria,
        });
        const expected = new Map();
        for (const entry of found) {
          const bucket = Math.floor(Date.parse(entry.ts) / (7 * HOUR));
          const key = `${bucket} ${entry[by]}`;
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        const counted = buckets.flatMap(({ start, counts }) =>
          counts.map((count, index) => [
            `${Math.floor(Date.parse(start) / (7 * HOUR))} ${groups[index]}`,
            count,
          ]),
        );
        equal(
          counted.filter(([, count]) => count > 0).sort(),
          [...expected].sort(),
          `by ${by}, ${JSON.stringify(criteria)}`,
        );
      }
    }
  },

  "4.12 bucket and by are checked": async (world) => {
    const store = await world.openWithProjects();
    for (const bucket of [undefined, null, 0, -1, 1.5, "week", "", "constructor", true, [1]]) {
      const call = () => store.summarizeEntries({ project: "p", bucket });
      await rejects(call, "invalid_argument", "`bucket`", `a bucket of ${bucket}`);
    }
    for (const by of [null, "message", "", 1]) {
      const call = () => store.summarizeEntries({ project: "p", bucket: "day", by });
      await rejects(call, "invalid_argument", "`by`", `by ${by}`);
    }
    const many = Array.from({ length: 1001 }, (_, index) => anEntry({ ts: index, agent: `agent ${index}` }));
    await store.insertEntries(many);
    const narrow = { project: "p", bucket: 1, by: "agent" };
    const says = "`bucket` is too short";
    await rejects(
      () => store.summarizeEntries(narrow),
      "invalid_argument",
      says,
      "more than a million counts",
    );
    equal((await store.summarizeEntries({ ...narrow, end: 990 })).buckets.length, 991, "as many as that");
    await rejects(() => store.summarizeEntries({ project: "x", bucket: 1 }), "not_found", "x", "no project");
  },
};
