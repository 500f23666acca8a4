// A tab that works for long: round after round of the same work, which leaves as much stored as was there before.

/** How many entries a bulk insert has: with the appended ones more than a segment. */
const ROWS = 2100;
const APPENDS = 40;

/** How often calls are made that cost little, each time that a store is used, and how many of them append. */
const TURNS = 20;
const APPENDS_A_TURN = 10;

/** A store that is never closed: what its calls leave in memory adds up. */
const LASTING = "lasting";
/** Stores that are opened, used and closed: what each of them leaves in memory adds up. */
const PASSING = "passing";
const OPENINGS = 4;

/** The memory of every instance of the module. */
const memories = [];
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const result = await instantiate.apply(WebAssembly, args);
  const { exports } = result.instance ?? result;
  memories.push(Object.values(exports).find((one) => one instanceof WebAssembly.Memory));
  return result;
};
const { openStore, deleteStore } = await import("/dist/index.js");

// With less room than what it reads takes: what it keeps is bounded, and levels off soon.
const lasting = await openStore({ name: LASTING, cacheBytes: 1 << 20 });
let rounds = 0;
let calls = 0;

/** The same entries in each round, so that each round takes as much memory. */
const ENTRIES = Array.from({ length: ROWS }, (_, index) => ({
  entryId: `entry ${index}`,
  project: "p",
  ts: 1_700_000_000_000 + index * 1000,
  emoji: ["ℹ️", "✅", "⚠️", "❌"][index % 4],
  agent: `agent ${index % 7}`,
  message: `Message ${index}: ${"lorem ipsum ".repeat(index % 9)}`,
  meta: { index, list: [index % 3, "x"], note: "ü".repeat(index % 30) },
  rawLine: `line ${index}`,
  sha256: "",
}));

/** Counts a call that is done. */
async function counted(promise) {
  const result = await promise;
  calls += 1;
  return result;
}

/** Fills a store, reads it in all ways, and empties it. */
async function use(store) {
  const project = "p";
  await counted(store.upsertProject({ name: project, repoRoot: "/", progressLogPath: "/log" }));
  await counted(store.insertEntries(ENTRIES));
  const appends = Array.from({ length: APPENDS }, (_, index) =>
    counted(store.appendEntry({ project, entryId: `append ${index}`, message: `appended ${index}` })),
  );
  await Promise.all(appends);
  await Promise.all([
    counted(store.countEntries(project)),
    counted(store.countEntries(project, { agent: "agent 3" })),
    counted(store.fetchEntry("entry 7")),
    counted(store.fetchEntry("none")),
    counted(store.fetchMetrics(project)),
    counted(store.queryEntries({ project, message: "ipsum", limit: 30 })),
    counted(store.queryEntries({ project, message: "m.ssage 1[0-9]+", messageMode: "regex" })),
    counted(store.queryEntries({ project, metaFilters: { index: 77 } })),
    counted(store.fetchRecentEntriesPaginated({ project, page: 3, pageSize: 20 })),
  ]);
  const first = await counted(store.queryEntriesPaginated({ project, agents: ["agent 1"], pageSize: 10 }));
  await counted(
    store.queryEntriesPaginated({ project, agents: ["agent 1"], pageSize: 10, cursor: first.nextCursor }),
  );
  let seen = 0;
  for await (const _ of store.iterateEntries({ project })) if (++seen === 700) break;
  await counted(store.verifyProject(project));
  await counted(store.recordDocChange(project, { doc: "d", action: "edit", shaBefore: "1", shaAfter: "2" }));
  await counted(store.recordAgentReportCard(project, { filePath: "/f", agentName: "a" }));
  await counted(store.upsertAgentSession("a", "s", { pid: 1 }));
  await refused(store.queryEntries({ project, message: "(", messageMode: "regex" }), "invalid_argument");
  for (let turn = 0; turn < TURNS; turn += 1) await takeTurn(store, turn);
  await counted(store.deleteProject(project));
}

/** Calls that cost little: of a leak that each call has, the more calls the more shows. */
async function takeTurn(store, turn) {
  const project = "p";
  const appends = Array.from({ length: APPENDS_A_TURN }, (_, index) =>
    counted(store.appendEntry({ project, entryId: `turn ${turn}, ${index}`, message: `appended ${index}` })),
  );
  await Promise.all(appends);
  await Promise.all([
    counted(store.countEntries(project)),
    counted(store.fetchEntry(`turn ${turn}, 0`)),
    counted(store.fetchEntry("none")),
    counted(store.fetchProject(project)),
    counted(store.fetchMetrics(project)),
    counted(store.fetchRecentEntries({ project, limit: 5 })),
    counted(store.getAgentProject("a")),
    counted(store.heartbeatSession("s")),
    refused(store.countEntries("no such project"), "not_found"),
    refused(store.fetchEntry(7), "invalid_argument"),
  ]);
}

/** Has a call fail, as it must: errors take memory as well. */
async function refused(promise, code) {
  const error = await counted(
    promise.then(
      () => undefined,
      (reason) => reason,
    ),
  );
  if (error?.code !== code) throw new Error(`${code} was expected, not ${error}`);
}

async function round() {
  await use(lasting);
  for (let opening = 0; opening < OPENINGS; opening += 1) {
    const store = await counted(openStore({ name: PASSING }));
    if (opening === 0) await use(store);
    else await counted(store.listProjects());
    await counted(store.close());
  }
  await counted(deleteStore(PASSING));
  rounds += 1;
}

/**
 * Works; the test calls this.
 *
 * @param {number} count How many rounds.
 * @returns {Promise<{ rounds: number, calls: number, wasm: number }>} What was done since the page was loaded, and
 *   how large the module's memory is, in bytes.
 */
globalThis.work = async (count) => {
  for (let left = count; left > 0; left -= 1) await round();
  if (memories.length !== 1) throw new Error(`there are ${memories.length} instances of the module`);
  return { rounds, calls, wasm: memories[0].buffer.byteLength };
};
globalThis.isReady = true;
