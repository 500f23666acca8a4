// Following a log: tails.

import { equal, ok, rejects } from "../assertions.mjs";
import { another, range, someEntries } from "../world.mjs";

/** The next entries of a tail. */
async function take(tail, count) {
  const taken = [];
  for (let left = count; left > 0; left -= 1) taken.push((await tail.next()).value);
  return taken;
}

const seqs = (entries) => entries.map(({ seq }) => seq);

/** A step that nobody makes in time. */
const IDLE_MS = 50;

/** Tells whether a promise is settled by now, with time for what is under way. */
async function isPending(promise) {
  const idle = new Promise((resolve) => setTimeout(() => resolve(true), IDLE_MS));
  return Promise.race([promise.then(() => false), idle]);
}

export const cases = {
  "8.2 a tail goes on with what is inserted after it was called": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(3));
    const tail = store.tail({ project: "p" });
    equal(tail[Symbol.asyncIterator](), tail, "it is its own iterator");
    // Not a step was made yet.
    const first = await store.appendEntry({ project: "p", message: "first" });
    const second = await store.appendEntry({ project: "p", message: "second", ts: 0 });
    equal(await take(tail, 2), [first, second], "in the order of seq, whatever their times");
    const step = tail.next();
    ok(await isPending(step), "then it waits");
    await store.insertEntries(someEntries(2, { project: "q" }));
    await store.recordDocChange("p", { doc: "d", action: "a", shaBefore: "", shaAfter: "" });
    ok(await isPending(step), "for entries of this project");
    const [third] = [await store.appendEntry({ project: "p", message: "third" })];
    equal(await step, { done: false, value: third }, "the next one comes when it is there");
  },

  "8.2 a tail begins where it is told to, and leaves out nothing": async (world) => {
    const store = await world.openWithProjects();
    // Segments, a tail, and more than one batch; times are not in the order of seq.
    const entries = someEntries(4500).map((entry, index) => ({ ...entry, ts: (index * 7919) % 5000 }));
    await store.insertEntries(entries);
    await store.insertEntries(someEntries(10));
    for (const fromSeq of [1, 0, 2001, 4490, 4505]) {
      const first = Math.max(fromSeq, 1);
      const found = await take(store.tail({ project: "p", fromSeq }), 4511 - first);
      equal(seqs(found), range(first, 4510), `from ${fromSeq} on`);
    }
    const ahead = store.tail({ project: "p", fromSeq: 4512 });
    const step = ahead.next();
    await store.insertEntries(someEntries(1));
    ok(await isPending(step), "an entry before the first that is wanted");
    await store.insertEntries(someEntries(2));
    equal([(await step).value.seq, ...seqs(await take(ahead, 1))], [4512, 4513], "and those from there on");
  },

  "8.2 a tail gives what matches": async (world) => {
    const store = await world.openWithProjects();
    const mixed = (count) =>
      someEntries(count).map((entry, index) => ({
        ...entry,
        agent: index % 3 ? "odd" : null,
        message: `m${index % 10}`,
        meta: { place: index % 5 },
        emoji: index % 7 ? "ℹ️" : "❌",
      }));
    await store.insertEntries(mixed(2100));
    const queries = [
      { agents: ["odd"] },
      { message: "M3" },
      { metaFilters: { place: 2 } },
      { emojis: ["❌"], agents: ["odd"], message: "^m[0-4]$", messageMode: "regex" },
      { start: 1_700_000_500_000, end: 1_700_000_600_000 },
      { agents: ["nobody"] },
    ];
    const tails = queries.map((query) => store.tail({ project: "p", fromSeq: 1, ...query }));
    await store.insertEntries(mixed(100));
    for (const [index, query] of queries.entries()) {
      const options = { project: "p", limit: 10_000, ...query };
      const expected = seqs(await store.queryEntries(options)).sort((one, other) => one - other);
      equal(seqs(await take(tails[index], expected.length)), expected, JSON.stringify(query));
      const step = tails[index].next();
      ok(await isPending(step), `${JSON.stringify(query)}: and nothing else`);
      await tails[index].return();
      equal(await step, { done: true, value: undefined }, "a step that waits ends when the tail is left");
    }
  },

  "8.2 a tail sees every entry once, while they are written": async (world) => {
    const store = await world.openWithProjects();
    const [count, each] = [1500, 3];
    const tails = Array.from({ length: each }, () => store.tail({ project: "p" }));
    const reading = tails.map((tail) => take(tail, count));
    let left = count;
    while (left > 0) {
      const size = Math.min(left, 1 + (left % 120));
      const calls =
        left % 2
          ? [store.insertEntries(someEntries(size))]
          : someEntries(size).map((e) => store.insertEntry(e));
      await Promise.all(calls);
      left -= size;
    }
    for (const found of await Promise.all(reading)) equal(seqs(found), range(1, count), "no gap, no repeat");
  },

  "8.2 a tail can be left at any time": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(3));
    const seen = [];
    for await (const { seq } of store.tail({ project: "p", fromSeq: 1 })) {
      seen.push(seq);
      if (seq === 2) break;
    }
    equal(seen, [1, 2], "by break");
    const tail = store.tail({ project: "p", fromSeq: 1 });
    await tail.next();
    equal(await tail.return("left"), { done: true, value: "left" }, "by return");
    equal(await tail.next(), { done: true, value: undefined }, "and it stays ended");
    const unused = store.tail({ project: "p" });
    equal(await unused.return(), { done: true, value: undefined }, "before it began");
    equal(await unused.next(), { done: true, value: undefined }, "and it stays so");
    const waiting = store.tail({ project: "p" });
    const steps = [waiting.next(), waiting.next()];
    ok(await isPending(steps[0]), "two steps wait");
    equal(await waiting.return("left"), { done: true, value: "left" }, "while it waits");
    equal(await Promise.all(steps), Array(2).fill({ done: true, value: undefined }), "which ends the steps");
  },

  "8.2 a tail ends with the reason of its signal": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(3));
    const reason = new Error("mine");
    const failing = async (promise) => {
      try {
        await promise;
      } catch (error) {
        return error;
      }
      return undefined;
    };
    const aborted = store.tail({ project: "p", fromSeq: 1, signal: AbortSignal.abort(reason) });
    equal(await failing(aborted.next()), reason, "one that aborted before");
    const controller = new AbortController();
    const tail = store.tail({ project: "p", fromSeq: 1, signal: controller.signal });
    await tail.next();
    controller.abort(reason);
    equal(await failing(tail.next()), reason, "between two entries");
    equal(await tail.next(), { done: true, value: undefined }, "after which it has ended");
    const other = new AbortController();
    const step = store.tail({ project: "p", signal: other.signal }).next();
    ok(await isPending(step.catch(() => {})), "a step that waits");
    other.abort(reason);
    equal(await failing(step), reason, "rejects as well");
  },

  "8.2 closing the store ends a tail": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(3));
    const [reading, waiting] = [store.tail({ project: "p", fromSeq: 1 }), store.tail({ project: "p" })];
    await reading.next();
    const step = waiting.next();
    ok(await isPending(step.catch(() => {})), "a step that waits");
    await store.close();
    await rejects(step, "closed", "", "it rejects");
    await rejects(take(reading, 5), "closed", "", "and so does one that has more to read");
    await rejects(store.tail({ project: "p" }).next(), "closed", "", "a new one");
  },

  "8.2 deleting the project ends a tail": async (world) => {
    const store = await world.openWithProjects();
    const tail = store.tail({ project: "p" });
    const step = tail.next();
    ok(await isPending(step.catch(() => {})), "a step that waits");
    await store.deleteProject("p");
    await rejects(step, "not_found", "", "it rejects");
    const record = await store.fetchProject("q");
    const anew = store.tail({ project: record });
    await store.insertEntries(someEntries(1, { project: "q" }));
    equal((await anew.next()).value.seq, 1, "a record names a project as well");
    await store.deleteProject("q");
    await store.upsertProject({ name: "q", repoRoot: "", progressLogPath: "" });
    await store.insertEntries(someEntries(3, { project: "q" }));
    await rejects(anew.next(), "not_found", "", "it does not go on with another of that name");
  },

  "8.2 a mistake shows at the first step of a tail": async (world) => {
    const store = await world.openWithProjects();
    const mistakes = [
      [{ project: "none" }, "not_found"],
      [{ project: "p", limit: 1 }, "invalid_argument"],
      [{ project: "p", fromSeq: -1 }, "invalid_argument", "`fromSeq`"],
      [{ project: "p", fromSeq: 1.5 }, "invalid_argument", "1.5"],
      [{ project: "p", fromSeq: "1" }, "invalid_argument"],
      [{ project: "p", signal: {} }, "invalid_argument"],
      [{ project: "p", metaFilters: { a: 1n } }, "invalid_argument"],
      [{ project: "p", message: "(", messageMode: "regex" }, "invalid_argument"],
      [undefined, "invalid_argument"],
    ];
    for (const [query, code, says = ""] of mistakes) {
      const tail = store.tail(query);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await rejects(tail.next(), code, says, `the first step with ${JSON.stringify(query?.project)}`);
      equal(await tail.next(), { done: true, value: undefined }, "the next step is the end");
      store.tail(query);
    }
  },
};

export const casesOnIndexedDb = {
  "8.2 a tail sees what other stores insert": async (world) => {
    const one = await world.openWithProjects();
    const other = await another(world);
    const tail = one.tail({ project: "p" });
    const reading = take(tail, 600);
    for (const store of [one, other, other, one, other, one]) {
      await Promise.all(someEntries(100).map((entry) => store.insertEntry(entry)));
    }
    equal(seqs(await reading), range(1, 600), "no gap, no repeat");
    const step = tail.next();
    ok(await isPending(step.catch(() => {})), "it waits");
    await other.deleteProject("p");
    await rejects(step, "not_found", "", "until another store deletes the project");
  },

  "8.2 a tail looks by itself, should nobody tell it": async (world) => {
    const store = await world.openWithProjects();
    const other = await another(world);
    const step = store.tail({ project: "p" }).next();
    ok(await isPending(step), "it waits");
    // As if the other tab were gone before it could tell.
    const { postMessage } = BroadcastChannel.prototype;
    BroadcastChannel.prototype.postMessage = () => {};
    try {
      await other.appendEntry({ project: "p", message: "unheard" });
      equal((await step).value.message, "unheard", "the entry is found all the same");
    } finally {
      BroadcastChannel.prototype.postMessage = postMessage;
    }
  },

  "8.2 deleting the database ends a tail": async (world) => {
    const store = await world.openWithProjects();
    const step = store.tail({ project: "p" }).next();
    ok(await isPending(step.catch(() => {})), "it waits");
    const began = performance.now();
    await (await world.runtime.freshApi()).deleteStore(world.name);
    await rejects(step, "closed", "", "it rejects");
    ok(performance.now() - began < 20_000, "soon");
  },
};
