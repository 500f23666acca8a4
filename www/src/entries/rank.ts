// The row that an entry has among those of a view.

import type { ScribeStore } from "scribe-store";
import { criteriaOf, type View } from "../app/view.ts";

/** Entries of one instant that are looked through. */
const MOST_AT_ONCE = 1_000;

/** The row of an entry; `undefined` if the view does not show it. */
export async function rankOf(store: ScribeStore, view: View, entryId: string): Promise<number | undefined> {
  const entry = await store.fetchEntry(entryId);
  if (entry === null || entry.project !== view.project) return undefined;
  const criteria = criteriaOf(view);
  const newer = await store.countQueryEntries({ ...criteria, start: entry.ts });
  const same = await store.queryEntries({ ...criteria, start: entry.ts, end: entry.ts, limit: MOST_AT_ONCE });
  const index = same.findIndex((one) => one.entryId === entryId);
  // Those of the same instant are the last ones of what was counted.
  const row = newer - same.length + index;
  // The view's own bounds of time may leave the entry out.
  return index >= 0 && row >= 0 && row < (await store.countQueryEntries(criteria)) ? row : undefined;
}
