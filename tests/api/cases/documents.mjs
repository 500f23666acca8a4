// Document changes and report cards.

import { equal, ok, rejects } from "../assertions.mjs";

const change = (members) => ({ doc: "d", action: "edit", shaBefore: "0", shaAfter: "1", ...members });
const card = (members) => ({ filePath: "f", agentName: "a", ...members });

export const cases = {
  "5.1 changes come back as given, newest first": async (world) => {
    const store = await world.openWithProjects();
    const given = [
      change({ section: "s", agent: "a", metadata: { a: [1, { b: null }] } }),
      change({ doc: "e", section: null, agent: null, metadata: null }),
      change({ doc: "d", action: "", shaBefore: "", shaAfter: "\0" }),
    ];
    const recorded = [];
    for (const one of given) recorded.push(await store.recordDocChange("p", one));
    for (const [index, { id, createdAt, ...others }] of recorded.entries()) {
      const defaults = { project: "p", section: null, agent: null };
      const metadata = given[index].metadata ?? {};
      equal(others, { ...defaults, ...given[index], metadata }, "as given, with the defaults");
      ok(Number.isInteger(id) && Math.abs(Date.parse(createdAt) - Date.now()) < 60_000, "id and time");
    }
    const list = (options) => store.listDocChanges({ project: "p", ...options });
    equal((await list()).items, recorded.toReversed(), "newest first");
    equal((await list({ doc: "d" })).items, [recorded[2], recorded[0]], "of one document");
    equal((await list({ doc: "none" })).totalCount, 0, "of a document without changes");
    equal((await store.listDocChanges({ project: "q" })).items, [], "of another project");
    const page = await list({ page: 2, pageSize: 2 });
    equal(page.items, [recorded[0]], "a page");
    const { items: _, ...about } = page;
    equal(
      about,
      {
        page: 2,
        pageSize: 2,
        totalCount: 3,
        totalPages: 2,
        hasNext: false,
        hasPrev: true,
        nextCursor: null,
        prevCursor: null,
      },
      "pages of documents have no cursors",
    );
    await rejects(() => list({ cursor: "x" }), "invalid_argument", '"cursor"', "nor take any");
    for (const doc of [null, 1, ["d"]]) {
      await rejects(() => list({ doc }), "invalid_argument", "`doc`", "a document is a string");
    }
  },

  "5.1 the newest 500 are kept": async (world) => {
    const store = await world.openWithProjects();
    const calls = Array.from({ length: 503 }, (_, index) =>
      store.recordDocChange("p", change({ action: String(index) })),
    );
    await Promise.all(calls);
    const { items, totalCount } = await store.listDocChanges({ project: "p", pageSize: 1000 });
    equal(totalCount, 500, "as many are kept");
    equal([items[0].action, items.at(-1).action], ["502", "3"], "the newest");
  },

  "5.2 a second card of a file replaces all but createdAt": async (world) => {
    const store = await world.openWithProjects();
    const full = card({ stage: "s", overallGrade: 0.5, performanceLevel: "good", metadata: { a: 1 } });
    const first = await store.recordAgentReportCard("p", full);
    const { createdAt, updatedAt, ...others } = first;
    equal(others, { project: "p", ...full }, "as given");
    equal(createdAt, updatedAt, "one time so far");
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await store.recordAgentReportCard("p", card({ agentName: "b" }));
    const nothing = { stage: null, overallGrade: null, performanceLevel: null, metadata: {} };
    const { updatedAt: replacedAt, ...replaced } = second;
    equal(
      replaced,
      { project: "p", filePath: "f", agentName: "b", ...nothing, createdAt },
      "all is replaced",
    );
    ok(replacedAt > updatedAt, "at a later time");
    const list = (options) => store.listAgentReportCards({ project: "p", ...options });
    equal((await list()).items, [second], "one card of the file");
    equal((await list({ agentName: "a" })).items, [], "the first agent has none any more");
    equal((await list({ agentName: "b" })).items, [second], "the second agent has it");
    await rejects(() => list({ cursor: "x" }), "invalid_argument", '"cursor"', "there are no cursors");
  },

  "5.2 cards are listed by the time of their change": async (world) => {
    const store = await world.openWithProjects();
    for (const filePath of ["b", "a", "c", "b"]) {
      await store.recordAgentReportCard("p", card({ filePath }));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const { items } = await store.listAgentReportCards({ project: "p" });
    equal(
      items.map(({ filePath }) => filePath),
      ["b", "c", "a"],
      "newest first",
    );
  },

  "5.2 a grade is a finite number or null": async (world) => {
    const store = await world.openWithProjects();
    for (const overallGrade of [0, -1.5, 1e300, 5e-324, null]) {
      const stored = await store.recordAgentReportCard("p", card({ overallGrade }));
      equal(stored.overallGrade, overallGrade, "a grade");
    }
    for (const overallGrade of [Number.NaN, Number.POSITIVE_INFINITY, "1", true, [], {}, 1n, Object(1)]) {
      const call = () => store.recordAgentReportCard("p", card({ overallGrade }));
      await rejects(call, "invalid_argument", "`overallGrade`", `${String(overallGrade)} is no grade`);
    }
    equal((await store.listAgentReportCards({ project: "p" })).items[0].overallGrade, null, "the last stays");
  },
};
