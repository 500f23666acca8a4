// Cursors, as callers pass them around.

import { equal, ok, rejects } from "../assertions.mjs";
import { anEntry, someEntries } from "../world.mjs";

const ids = (items) => items.map(({ entryId }) => entryId);

/** Walks over all pages by cursor, from a page on, in one direction. */
async function walk(read, page, key = "nextCursor") {
  const pages = [page];
  while (pages.at(-1)[key] !== null) pages.push(await read({ cursor: pages.at(-1)[key] }));
  return pages;
}

export const cases = {
  "4.10 a walk is disjoint and complete, forwards and backwards": async (world) => {
    const store = await world.openWithProjects();
    const entries = someEntries(23);
    await store.insertEntries(entries);
    const readers = [
      (options) => store.queryEntriesPaginated({ project: "p", message: "message", ...options }),
      (options) => store.fetchRecentEntriesPaginated({ project: "p", filters: { emoji: "ℹ️" }, ...options }),
    ];
    for (const read of readers) {
      const forwards = await walk(read, await read({ pageSize: 5 }));
      equal(
        forwards.flatMap(({ items }) => ids(items)),
        ids(entries).reverse(),
        "every entry once, in order",
      );
      equal(
        forwards.map(({ page, pageSize, totalCount }) => [page, pageSize, totalCount]),
        [1, 2, 3, 4, 5].map((page) => [page, 5, 23]),
        "pages are numbered, and keep their size",
      );
      const backwards = await walk(read, forwards.at(-1), "prevCursor");
      equal(
        backwards.map(({ items }) => ids(items)).reverse(),
        forwards.map(({ items }) => ids(items)),
        "back",
      );
      const middle = await read({ page: 3, pageSize: 5 });
      equal((await read({ cursor: middle.prevCursor })).items, forwards[1].items, "before a numbered page");
      equal((await read({ cursor: middle.nextCursor })).items, forwards[3].items, "after a numbered page");
      const beyond = await read({ page: 6, pageSize: 5 });
      equal([beyond.nextCursor, beyond.items], [null, []], "past the end");
    }
  },

  "4.10 what is written during a walk does not appear in it": async (world) => {
    const store = await world.openWithProjects();
    const entries = someEntries(20);
    await store.insertEntries(entries);
    const read = async (options) => {
      const page = await store.queryEntriesPaginated({ project: "p", ...options });
      await store.insertEntries([
        anEntry({ ts: Date.now() }),
        anEntry({ ts: entries[10].ts }),
        anEntry({ ts: 0 }),
      ]);
      return page;
    };
    const pages = await walk(read, await read({ pageSize: 6 }));
    equal(
      pages.flatMap(({ items }) => ids(items)),
      ids(entries).reverse(),
      "nothing appears or shifts",
    );
    equal(
      pages.map(({ totalCount }) => totalCount),
      [20, 20, 20, 20],
      "the total is that of the snapshot",
    );
    const fresh = await store.queryEntriesPaginated({ project: "p" });
    equal(fresh.totalCount, 32, "a new walk sees all");
  },

  "4.10 a cursor of another query, project or page size is refused": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries([...someEntries(10), ...someEntries(10, { project: "q" })]);
    const query = { project: "p", agents: [], message: "message", pageSize: 3 };
    const { nextCursor: cursor } = await store.queryEntriesPaginated(query);
    const { pageSize: _, ...criteria } = query;
    equal(
      (await store.queryEntriesPaginated({ ...query, cursor })).page,
      2,
      "the same page size may be given",
    );
    equal((await store.queryEntriesPaginated({ ...criteria, cursor })).page, 2, "or none");
    const record = await store.fetchProject("p");
    equal(
      (await store.queryEntriesPaginated({ ...query, project: record, cursor })).page,
      2,
      "the same project",
    );
    const others = [
      { project: "q" },
      { message: "messag" },
      { message: null },
      { agents: ["a"] },
      { emojis: ["ℹ️"] },
      { start: 0 },
      { end: "2030-01-01" },
      { messageMode: "exact" },
      { caseSensitive: true },
      { metaFilters: { a: 1 } },
      { pageSize: 4 },
    ];
    for (const other of others) {
      const call = () => store.queryEntriesPaginated({ ...query, ...other, cursor });
      await rejects(call, "invalid_cursor", "", `with ${JSON.stringify(other)}`);
    }
    const recent = () => store.fetchRecentEntriesPaginated({ project: "p", cursor });
    await rejects(recent, "invalid_cursor", "", "another method's cursor");
  },

  "4.10 a damaged cursor is refused": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(10));
    const { nextCursor } = await store.queryEntriesPaginated({ project: "p", pageSize: 3 });
    ok(/^[A-Za-z0-9_-]+$/.test(nextCursor), "a cursor can stand in an address as it is");
    const damaged = [
      "",
      " ",
      "x",
      "0",
      "null",
      nextCursor.slice(1),
      nextCursor.slice(0, -1),
      `${nextCursor}A`,
    ];
    damaged.push(
      nextCursor + nextCursor,
      nextCursor.toUpperCase(),
      `${nextCursor}=`,
      ` ${nextCursor}`,
      "\0",
      "✅",
    );
    damaged.push("A".repeat(44), "A".repeat(100_000), "\uD800", encodeURIComponent(`${nextCursor}+/`));
    for (let index = 0; index < nextCursor.length; index += 1) {
      const other = nextCursor[index] === "0" ? "1" : "0";
      damaged.push(nextCursor.slice(0, index) + other + nextCursor.slice(index + 1));
    }
    for (const cursor of damaged) {
      const call = () => store.queryEntriesPaginated({ project: "p", cursor });
      await rejects(call, "invalid_cursor", "", `the cursor ${JSON.stringify(cursor.slice(0, 60))}`);
    }
    for (const cursor of [null, 1, true, {}, [nextCursor], new URLSearchParams({ nextCursor })]) {
      const call = () => store.queryEntriesPaginated({ project: "p", cursor });
      await rejects(call, "invalid_argument", "`cursor`", "a cursor that is no string");
    }
  },

  "4.10 a page and a cursor exclude each other": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(10));
    const { nextCursor: cursor } = await store.queryEntriesPaginated({ project: "p", pageSize: 3 });
    for (const page of [1, 2]) {
      const call = () => store.queryEntriesPaginated({ project: "p", page, cursor });
      await rejects(call, "invalid_argument", "`cursor`", "both");
    }
    const { page } = await store.queryEntriesPaginated({ project: "p", page: undefined, cursor });
    equal(page, 2, "a page that is undefined is none");
  },

  "4.10 a cursor does not outlive its project": async (world) => {
    const store = await world.openWithProjects();
    const fill = () => store.insertEntries(someEntries(10));
    await fill();
    const { nextCursor: cursor } = await store.queryEntriesPaginated({ project: "p", pageSize: 3 });
    await store.deleteProject("p");
    await rejects(
      store.queryEntriesPaginated({ project: "p", cursor }),
      "not_found",
      "p",
      "a deleted project",
    );
    await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    await fill();
    const call = store.queryEntriesPaginated({ project: "p", cursor });
    await rejects(call, "invalid_cursor", "", "a new project of the same name");
  },
};

export const casesOnIndexedDb = {
  "4.10 a cursor holds in another handle": async (world) => {
    const store = await world.openWithProjects();
    const entries = someEntries(10);
    await store.insertEntries(entries);
    const { nextCursor: cursor } = await store.queryEntriesPaginated({ project: "p", pageSize: 3 });
    const other = await world.open({}, await world.runtime.freshApi());
    await other.insertEntries(someEntries(5));
    const { items, totalCount } = await other.queryEntriesPaginated({ project: "p", cursor });
    equal(ids(items), ids(entries).reverse().slice(3, 6), "it goes on in its snapshot");
    equal(totalCount, 10, "whose total stays");
  },

  "4.10 a cursor holds across a reload": {
    before: async (world) => {
      const store = await world.openWithProjects();
      await store.insertEntries(
        Array.from({ length: 10 }, (_, index) => anEntry({ entryId: `e${index}`, ts: index })),
      );
      const { nextCursor } = await store.queryEntriesPaginated({ project: "p", pageSize: 3 });
      await store.appendEntry({ project: "q", message: nextCursor });
      await store.insertEntry(anEntry({ entryId: "later" }));
    },
    after: async (world) => {
      const store = await world.open();
      const [{ message: cursor }] = await store.fetchRecentEntries({ project: "q" });
      const { items, page } = await store.queryEntriesPaginated({ project: "p", cursor });
      equal(ids(items), ["e6", "e5", "e4"], "it goes on in its snapshot");
      equal(page, 2, "with the number that follows");
    },
  },
};
