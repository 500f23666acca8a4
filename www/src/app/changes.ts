// News of what is written, here and in other tabs, gathered so that a busy log does not cause a read per entry.

import type { ScribeStore, StoreChange } from "scribe-store";

/** Changes of this long are told of together. */
const GATHER_MS = 120;

export interface Changes {
  /** Calls a function with the changes of a moment; returns what ends that. */
  listen(listener: (changes: StoreChange[]) => void): () => void;
}

export function watchChanges(store: ScribeStore): Changes {
  const listeners = new Set<(changes: StoreChange[]) => void>();
  let gathered: StoreChange[] = [];
  store.subscribe((change) => {
    gathered.push(change);
    if (gathered.length > 1) return;
    setTimeout(() => {
      const told = gathered;
      gathered = [];
      for (const listener of [...listeners]) listener(told);
    }, GATHER_MS);
  });
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Whether changes concern a project's entries. */
export function touchesEntries(changes: StoreChange[], project: string | null): boolean {
  return changes.some(
    (change) =>
      (change.kind === "entries" || change.kind === "project") &&
      (project === null || change.project === project),
  );
}
