// Which agents and emojis a project's entries have, and how many entries each.

/**
 * @typedef {object} Facets
 * @property {Map<string, number>} agents
 * @property {Map<string, number>} emojis
 */

/**
 * Finds a project's agents and emojis. The newest entries are read until every entry is accounted for: counting the
 * entries of one agent is quick, however many there are, so that usually only few have to be read.
 *
 * @param {import("./scribe-store/index.js").ScribeStore} store
 * @param {string} project
 * @param {AbortSignal} signal Ends the search early.
 * @returns {Promise<Facets>}
 */
export async function findFacets(store, project, signal) {
  const agents = new Map();
  const emojis = new Map();
  const total = await store.countEntries(project);
  const left = { agents: total, emojis: total };
  for await (const { agent, emoji } of store.iterateEntries({ project })) {
    if (signal.aborted) break;
    if (agent === null) left.agents -= 1;
    else if (!agents.has(agent)) {
      agents.set(agent, await store.countEntries(project, { agent }));
      left.agents -= agents.get(agent);
    }
    if (!emojis.has(emoji)) {
      emojis.set(emoji, await store.countEntries(project, { emoji }));
      left.emojis -= emojis.get(emoji);
    }
    if (left.agents <= 0 && left.emojis <= 0) break;
  }
  return { agents: mostFirst(agents), emojis: mostFirst(emojis) };
}

function mostFirst(counts) {
  return new Map([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
}
