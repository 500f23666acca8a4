// What is put into the store whose image is kept, and what is asked of it.

import { openStore } from "/scribe-store/index.js";

/** How many entries of the first project become a segment. */
const SEALED = 600;

/** Fills an empty store with something of everything. */
export async function fill(name) {
  const store = await openStore({ name });
  for (const project of ["first", "“second” ✅", "gone", "cut"]) {
    await store.upsertProject({ name: project, repoRoot: `/${project}`, progressLogPath: "LOG.md" });
  }
  await store.insertEntries(Array.from({ length: SEALED }, (_, number) => entry("first", number)));
  for (let number = SEALED; number < SEALED + 5; number += 1) await store.insertEntry(entry("first", number));
  await store.insertEntries(Array.from({ length: 7 }, (_, number) => entry("“second” ✅", number)));
  await store.insertEntry(entry("gone", 0));
  await store.appendEntry({
    project: "first",
    message: "appended | with a bar\nand a second line",
    status: "bug",
  });
  await store.recordDocChange("first", {
    doc: "architecture",
    section: null,
    action: "replace",
    agent: "Ann",
    shaBefore: "1",
    shaAfter: "2",
    metadata: { lines: [1, 2] },
  });
  await store.recordAgentReportCard("first", {
    filePath: "src/a.js",
    agentName: "Ann",
    stage: "review",
    overallGrade: 93.5,
    performanceLevel: "good",
    metadata: {},
  });
  await store.upsertAgentSession("Ann", "session 1", { tab: 1 });
  await store.upsertAgentSession("Ben", "session 2");
  await store.endSession("session 2");
  await store.setAgentProject({
    agentId: "Ann",
    projectName: "first",
    expectedVersion: 0,
    updatedBy: "Ann",
    sessionId: "session 1",
  });
  await store.deleteProject("gone");
  // Since version 2 of heads.
  await store.insertEntries(Array.from({ length: SEALED }, (_, number) => entry("cut", number)));
  await store.appendEntry({ project: "cut", message: "in the tail" });
  await store.pruneEntries({ project: "cut", keepNewest: 30 });
  await store.close();
}

/** Asks everything that is stored. */
export async function ask(name) {
  const store = await openStore({ name });
  const answers = { projects: [] };
  for (const project of await store.listProjects()) {
    const entries = [];
    for await (const found of store.iterateEntries({ project })) entries.push(found);
    answers.projects.push({
      project,
      entries,
      byId: await store.fetchEntry(entries[0].entryId),
      metrics: await store.fetchMetrics(project),
      report: await store.verifyProject(project),
      ofBen: await store.countEntries(project, { agent: "Ben" }),
      byMeta: await store.countQueryEntries({ project, metaFilters: { step: 3 } }),
      byText: await store.queryEntriesPaginated({ project, message: "MESSAGE 3", pageSize: 5 }),
      changes: await store.listDocChanges({ project }),
      cards: await store.listAgentReportCards({ project }),
    });
  }
  answers.sessions = await store.listAgentSessions();
  answers.agents = [await store.getAgentProject("Ann"), await store.getAgentProject("Ben")];
  answers.events = await store.listAgentEvents();
  await store.close();
  return answers;
}

/** Writes on, enough to make segments, and returns what a new store then tells. */
export async function writeOn(name) {
  let store = await openStore({ name });
  const before = (await store.fetchMetrics("first")).totalEntries;
  const again = await store.insertEntries([entry("first", 0), entry("first", SEALED + 1)]);
  const many = Array.from({ length: 3000 }, (_, number) => entry("first", 10_000 + number));
  const added = await store.insertEntries(many);
  const appended = await store.appendEntry({ project: "first", message: "the last" });
  await store.close();
  store = await openStore({ name });
  const { totalEntries } = await store.fetchMetrics("first");
  const { ok, entries } = await store.verifyProject("first");
  const newest = await store.fetchEntry(appended.entryId);
  await store.close();
  return { before, again, added, totalEntries, verified: { ok, entries }, seq: newest.seq };
}

/** The code with which opening the store or reading from it fails; `null` if it does not. */
export async function failure(name) {
  try {
    await ask(name);
    return null;
  } catch (error) {
    return error.code;
  }
}

function entry(project, number) {
  const rawLine = `line ${number} of ${project}`;
  return {
    project,
    entryId: `${project} ${number}`,
    // Not in the order of time.
    ts: 1_700_000_000_000 + 1000 * (number ^ 5),
    emoji: ["✅", "⚠️", "❌", "👩‍💻"][number % 4],
    agent: [null, "Ann", "Ben"][number % 3],
    message: `message ${number}\u2028 “${"x".repeat(number % 7)}”`,
    meta:
      number % 5 === 0
        ? { step: 3, deep: { list: [number, null, "\u0000"] } }
        : { step: number % 5, ok: true },
    rawLine,
    sha256: "0".repeat(64),
  };
}
