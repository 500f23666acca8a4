// iterateEntries, as `for await` and as an iterator.

import { equal, ok, rejects } from "../assertions.mjs";
import { anEntry, collect, someEntries } from "../world.mjs";

/** More than two batches of what crosses from the module at once. */
const MANY = 1201;

const ids = (entries) => entries.map(({ entryId }) => entryId);

export const cases = {
  "4.9 an iteration gives every match once, newest first": async (world) => {
    const store = await world.openWithProjects();
    const entries = someEntries(MANY).map((entry, index) => ({ ...entry, agent: index % 2 ? "odd" : null }));
    await store.insertEntries(entries);
    const newest = ids(entries).reverse();
    equal(ids(await collect(store.iterateEntries({ project: "p" }))), newest, "all of them");
    const odd = entries.filter(({ agent }) => agent === "odd");
    const found = await collect(store.iterateEntries({ project: "p", agents: ["odd"] }));
    equal(ids(found), ids(odd).reverse(), "those that match");
  },

  "4.9 an iteration stays in its snapshot while entries are written": async (world) => {
    const store = await world.openWithProjects();
    const entries = someEntries(MANY);
    await store.insertEntries(entries);
    const seen = [];
    const iteration = store.iterateEntries({ project: "p" });
    for await (const entry of iteration) {
      seen.push(entry.entryId);
      if (seen.length % 100 === 1) {
        // One that would come next, and one that would have come first.
        await store.insertEntries([anEntry({ ts: entry.ts }), anEntry({ ts: Date.now() })]);
      }
    }
    equal(seen, ids(entries).reverse(), "what was there at the first step, and nothing else");
    const again = await collect(store.iterateEntries({ project: "p" }));
    equal(again.length, MANY + 26, "the next iteration sees the rest");
  },

  "4.11 an iteration sees what was written before its first step": async (world) => {
    const store = await world.openWithProjects();
    const iteration = store.iterateEntries({ project: "p" });
    const entry = anEntry();
    await store.insertEntry(entry);
    equal(ids(await collect(iteration)), [entry.entryId], "the snapshot is taken at the first step");
  },

  "4.9 an iteration can be left at any time": async (world) => {
    const store = await world.openWithProjects();
    const entries = someEntries(MANY);
    await store.insertEntries(entries);
    for (const most of [1, 2, 500, 501]) {
      const seen = [];
      for await (const entry of store.iterateEntries({ project: "p" })) {
        seen.push(entry.entryId);
        if (seen.length === most) break;
      }
      equal(seen, ids(entries).reverse().slice(0, most), `the first ${most}`);
    }
    const cause = new Error("mine");
    try {
      for await (const _ of store.iterateEntries({ project: "p" })) throw cause;
    } catch (error) {
      equal(error, cause, "what the loop throws is passed on");
    }
    const iteration = store.iterateEntries({ project: "p" });
    await iteration.next();
    equal(await iteration.return("left"), { done: true, value: "left" }, "return ends it");
    equal(await iteration.next(), { done: true, value: undefined }, "and it stays ended");
    ok(await store.insertEntry(anEntry()), "the store can be used as before");
  },

  "4.9 an iteration follows the protocol of asynchronous iterators": async (world) => {
    const store = await world.openWithProjects();
    const entries = someEntries(3);
    await store.insertEntries(entries);
    const iteration = store.iterateEntries({ project: "p" });
    equal(iteration[Symbol.asyncIterator](), iteration, "it is its own iterator");
    const steps = await Promise.all([1, 2, 3, 4, 5].map(() => iteration.next()));
    equal(
      steps.map(({ done, value }) => [done, value?.entryId]),
      [
        ...ids(entries)
          .reverse()
          .map((id) => [false, id]),
        [true, undefined],
        [true, undefined],
      ],
      "steps that are not awaited come in order",
    );
    const unused = store.iterateEntries({ project: "p" });
    equal(await unused.return(), { done: true, value: undefined }, "one that never began can be ended");
    equal(await unused.next(), { done: true, value: undefined }, "and stays so");
    const [one, other] = [store.iterateEntries({ project: "p" }), store.iterateEntries({ project: "p" })];
    await one.next();
    equal((await one.next()).value.entryId, entries[1].entryId, "two iterations");
    equal((await other.next()).value.entryId, entries[2].entryId, "do not disturb each other");
  },

  "4.9 a mistake shows at the first step, and ends the iteration": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntry(anEntry());
    const mistakes = [
      [{ project: "none" }, "not_found"],
      [{ project: "p", limit: 1 }, "invalid_argument"],
      [{ project: "p", page: 1 }, "invalid_argument"],
      [{ project: "p", start: new Date(Number.NaN) }, "invalid_argument"],
      [{ project: "p", metaFilters: { a: 1n } }, "invalid_argument"],
      [{ project: "p", message: "(", messageMode: "regex" }, "invalid_argument"],
      [undefined, "invalid_argument"],
      ['{"project":"p"}', "invalid_argument"],
    ];
    for (const [query, code] of mistakes) {
      const iteration = store.iterateEntries(query);
      // Nothing is rejected that nobody asked for yet: the runner would notice.
      await new Promise((resolve) => setTimeout(resolve, 5));
      await rejects(iteration.next(), code, "", `the first step with ${JSON.stringify(query?.project)}`);
      equal(await iteration.next(), { done: true, value: undefined }, "the next step is the end");
      store.iterateEntries(query);
    }
  },

  "2.5 deleting the project ends an iteration": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(MANY));
    const iteration = store.iterateEntries({ project: "p" });
    await iteration.next();
    await store.deleteProject("p");
    await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    await store.insertEntries(someEntries(MANY));
    // What was read before may still come; then the end, but never the new project's entries.
    const rest = collect(iteration);
    await rejects(rest, "not_found", "", "the project that it began with does not exist");
  },

  "7.2 closing the store ends an iteration": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(MANY));
    const iteration = store.iterateEntries({ project: "p" });
    await iteration.next();
    await store.close();
    await rejects(collect(iteration), "closed", "", "a step that needs the store");
    await rejects(store.iterateEntries({ project: "p" }).next(), "closed", "", "a new iteration");
  },
};
