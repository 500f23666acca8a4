/**
 * What every project's page does with the package; copied into each project beside its own modules.
 *
 * It opens a store, writes, queries and closes. Because the database stays, a reloaded page finds what the one before
 * it wrote. Everything that the test has to know is in what it resolves to; it never rejects.
 *
 * @param {typeof import("scribe-store") & Partial<typeof import("scribe-store/tools")>} scribe What the entry exports; and
 *   what that of the tools does, for pages that have them.
 * @param {import("scribe-store").OpenOptions} [options]
 */
export async function exercise(scribe, options) {
  try {
    return await visit(scribe, options);
  } catch (error) {
    return { failed: { code: error?.code ?? null, message: String(error?.message ?? error) } };
  }
}

async function visit({ agentTools, ConflictError, isScribeError, openStore, ScribeError }, options) {
  const store = await openStore(options);
  const project = await store.upsertProject({
    name: "demo",
    repoRoot: "/repo",
    progressLogPath: "/repo/PROGRESS.md",
  });
  const found = (await readAll(store)).map((entry) => entry.message);

  const number = found.length + 1;
  await store.appendEntry({
    project,
    status: "success",
    agent: "packer",
    message: `Entry ${number} ✓`,
    meta: { number },
  });
  const matches = await store.queryEntriesPaginated({ project, message: "ENTRY", agents: ["packer"] });
  const expected = await store.queryEntries({ project, metaFilters: { number } });
  const conflict = await conflictOf(store);
  const tools = agentTools && (await useTools(store, { agentTools, ScribeError }));
  await store.close();
  return {
    backend: store.backend,
    found,
    matches: matches.items.map((entry) => entry.message),
    totalCount: matches.totalCount,
    newest: expected.map((entry) => entry.message),
    conflict: {
      isConflictError: conflict instanceof ConflictError,
      isScribeError: isScribeError(conflict),
      expectedVersion: conflict?.expectedVersion,
    },
    ...(tools && { tools }),
  };
}

/** The whole log, oldest first. It is read twice: what exports it is loaded only then. */
async function readAll(store) {
  const entries = [];
  for await (const entry of store.iterateEntries({ project: "demo" })) entries.unshift(entry);
  const exported = await new Response(store.exportJsonl({ project: "demo" })).text();
  const lines = exported.split("\n").slice(0, -1).reverse();
  if (lines.join("\n") !== entries.map((entry) => JSON.stringify(entry)).join("\n")) {
    throw new Error(`the export differs: ${exported}`);
  }
  return entries;
}

/** The error of a change that expects a version that the agent has not. */
async function conflictOf(store) {
  const change = { agentId: "packer", projectName: "demo", updatedBy: "packer", sessionId: "one" };
  try {
    await store.setAgentProject({ ...change, expectedVersion: 1_000 });
    return undefined;
  } catch (error) {
    return error;
  }
}

/** What an agent's tools write, and whether their errors are of the package's one class. */
async function useTools(store, { agentTools, ScribeError }) {
  const tools = agentTools(store, { agentId: "packer" });
  const call = (name, input) => tools.find((tool) => tool.name === name).execute(input);
  const { project } = await call("set_project", { project: "tools", root: "/tools" });
  const { status } = await call("append_entry", { message: "From a tool", status: "plan" });
  const mistake = await call("read_recent", { limit: "many" }).catch((error) => error);
  return { project, status, mistake: mistake.message, isScribeError: mistake instanceof ScribeError };
}
