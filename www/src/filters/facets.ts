// Which agents and emojis a project's entries have, and how many entries each.

import type { ScribeStore } from "scribe-store";

/** Counts by value, most frequent first. */
export type Counts = Map<string, number>;

export interface Facets {
  agents: Counts;
  emojis: Counts;
}

/** As wide as the calendar: a few buckets hold everything. */
const CENTURIES_MS = 100 * 365 * 86_400_000;

export async function findFacets(store: ScribeStore, project: string, signal: AbortSignal): Promise<Facets> {
  const count = async (by: "agent" | "emoji"): Promise<Counts> => {
    const { groups, buckets } = await store.summarizeEntries({ project, bucket: CENTURIES_MS, by, signal });
    const counts: Counts = new Map();
    for (const [index, group] of groups.entries()) {
      if (group === null) continue;
      counts.set(
        group,
        buckets.reduce((sum, bucket) => sum + (bucket.counts[index] ?? 0), 0),
      );
    }
    return counts;
  };
  const [agents, emojis] = await Promise.all([count("agent"), count("emoji")]);
  return { agents, emojis };
}
