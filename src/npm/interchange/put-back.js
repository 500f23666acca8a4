/**
 * Records of a backup, put back as they were stored. What is as new in the store stays: that is decided where the record
 * is written, so that no other tab is overwritten.
 * @module
 */

/** How many changes of a project's documents are kept. */
const KEPT_CHANGES = 500;

/**
 * For each kind of record but entries, what puts some of them back. Returns how many changed something.
 * @type {Record<string, (
 *   core: import("../interchange.js").Core, records: object[], signal?: AbortSignal,
 * ) => Promise<number>>}
 */
export const PUT_BACK = {
  project: (core, projects, signal) =>
    countChanged(projects, async ({ createdAt, updatedAt, ...project }) => {
      const before = await core.store.fetchProject(project.name, { signal });
      const after = await put(core, "upsertProject", project, { createdAt, updatedAt }, signal);
      return [before, after];
    }),

  async docChange(core, changes, signal) {
    let count = 0;
    for (const [project, ofProject] of byProject(changes)) {
      const { items } = await core.store.listDocChanges({ project, pageSize: KEPT_CHANGES, signal });
      const there = items.map(({ id, ...change }) => JSON.stringify(change));
      const room = KEPT_CHANGES - items.length;
      const isNew = (change) => {
        // One that was recorded twice is there twice.
        const place = there.indexOf(JSON.stringify(change));
        if (place !== -1) there.splice(place, 1);
        return place === -1;
      };
      // What is there stays; of the others the newest have room.
      const added = ofProject.filter(isNew);
      const first = Math.max(added.length - room, 0);
      for (const { project, createdAt, ...change } of added.slice(first)) {
        await put(core, "recordDocChange", { project, change }, { createdAt, updatedAt: createdAt }, signal);
        count += 1;
      }
    }
    return count;
  },

  async reportCard(core, cards, signal) {
    let count = 0;
    for (const [project, ofProject] of byProject(cards)) {
      const known = await cardsOf(core.store, project, signal);
      const before = new Map(known.map((card) => [card.filePath, card]));
      count += await countChanged(ofProject, async ({ project, createdAt, updatedAt, ...card }) => {
        const argument = { project, card };
        const after = await put(core, "recordAgentReportCard", argument, { createdAt, updatedAt }, signal);
        return [before.get(card.filePath), after];
      });
    }
    return count;
  },

  session: (core, sessions, signal) =>
    countChanged(sessions, async ({ startedAt, lastActiveAt, status, ...session }) => {
      const before = await core.store.fetchAgentSession(session.sessionId, { signal });
      // Another agent's stays.
      if (before && before.agentId !== session.agentId) return [];
      const past = { createdAt: startedAt, updatedAt: lastActiveAt, isExpired: status === "expired" };
      return [before, await put(core, "upsertAgentSession", session, past, signal)];
    }),

  agentProject: (core, projects, signal) =>
    countChanged(projects, async ({ updatedAt, version, ...project }) => {
      const before = await core.store.getAgentProject(project.agentId, { signal });
      // A project that was deleted while the backup was made is none.
      const isThere = project.projectName && (await core.store.fetchProject(project.projectName, { signal }));
      const change = { ...project, projectName: isThere ? project.projectName : null };
      const after = await put(
        core,
        "setAgentProject",
        change,
        // What is missing would be none, which only records of other kinds may have.
        { createdAt: updatedAt, updatedAt, version: version ?? 0 },
        signal,
      );
      return [before, after];
    }),
};

/** Reads all report cards of a project. */
export const cardsOf = (store, project, signal) =>
  allOf((page) => store.listAgentReportCards({ project, signal, ...page }));

/** Reads all pages of a list. */
export async function allOf(read) {
  const all = [];
  for (let page = 1; ; page += 1) {
    const { items, hasNext } = await read({ page, pageSize: 1000 });
    all.push(...items);
    if (!hasNext) return all;
  }
}

/** Calls a method of the module that writes a record, and takes from a backup what is not an argument. */
function put({ run }, method, argument, past, signal) {
  return run((handle) => {
    handle.asStored(JSON.stringify(past));
    return handle[method](JSON.stringify(argument));
  }, signal);
}

/** Does something with each record, and counts where what there is afterwards differs from what was there before. */
async function countChanged(records, put) {
  let count = 0;
  for (const record of records) {
    const [before, after] = await put(record);
    if (JSON.stringify(before ?? null) !== JSON.stringify(after ?? null)) count += 1;
  }
  return count;
}

/** Groups records by the project that they name. */
function byProject(records) {
  const groups = new Map();
  for (const record of records) {
    if (!groups.has(record.project)) groups.set(record.project, []);
    groups.get(record.project).push(record);
  }
  return groups;
}
