/**
 * Dexie, as its documentation advises: bulk methods, compound indexes, counting by index, filters on a sorted walk.
 * @module
 */

import Dexie from "dexie";

/** Nothing to load beside the script. */
export async function prepare() {}

/** Opens the database. */
export async function open() {
  const database = new Dexie("bench", { chromeTransactionDurability: "relaxed" });
  database.version(1).stores({ entries: "++seq, &entryId, ts, [agent+ts], [emoji+ts]" });
  await database.open();
  const { entries } = database;

  /** The newest matches and their number, where no index leads to them: one walk over everything. */
  async function scan(matches, limit) {
    const found = await entries.orderBy("ts").reverse().filter(matches).toArray();
    return { items: found.slice(0, limit), total: found.length };
  }

  return {
    insert: (rows) => entries.bulkAdd(rows),
    append: (row) => entries.add(row),
    recent: ({ limit, offset }) => entries.orderBy("ts").reverse().offset(offset).limit(limit).toArray(),
    countAgent: ({ agent }) => ofAgent(entries, agent, Dexie.minKey, Dexie.maxKey).count(),
    agentsPage: ({ agents, start, end, limit }) =>
      database.transaction("r", entries, async () => {
        // The index by time leads to the page, which ends the walk; the compound one counts without reading rows.
        const [items, ...counts] = await Promise.all([
          entries
            .where("ts")
            .between(start, end, true, true)
            .reverse()
            .filter((row) => agents.includes(row.agent))
            .limit(limit)
            .toArray(),
          ...agents.map((agent) => ofAgent(entries, agent, start, end).count()),
        ]);
        return { items, total: counts.reduce((sum, count) => sum + count, 0) };
      }),
    substringPage({ text, limit }) {
      const wanted = text.toLowerCase();
      return scan((row) => row.message.toLowerCase().includes(wanted), limit);
    },
    regexPage({ pattern, limit }) {
      const expression = new RegExp(pattern, "iu");
      return scan((row) => expression.test(row.message), limit);
    },
    metaPage: ({ key, value, limit }) => scan((row) => row.meta[key] === value, limit),
    close: () => database.close(),
  };
}

function ofAgent(entries, agent, start, end) {
  return entries.where("[agent+ts]").between([agent, start], [agent, end], true, true);
}
