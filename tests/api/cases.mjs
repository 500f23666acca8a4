// The one list of cases. Each is named by the clause of CLAUSES.md that it checks, and stands in the file of its
// noun under cases/.

import * as agents from "./cases/agents.mjs";
import * as args from "./cases/arguments.mjs";
import * as backup from "./cases/backup.mjs";
import * as breaking from "./cases/breaking.mjs";
import * as cursors from "./cases/cursors.mjs";
import * as damage from "./cases/damage.mjs";
import * as documents from "./cases/documents.mjs";
import * as entries from "./cases/entries.mjs";
import * as errors from "./cases/errors.mjs";
import * as hostile from "./cases/hostile.mjs";
import * as inserting from "./cases/inserting.mjs";
import * as iterating from "./cases/iterating.mjs";
import * as jsonl from "./cases/jsonl.mjs";
import * as lifecycle from "./cases/lifecycle.mjs";
import * as live from "./cases/live.mjs";
import * as loading from "./cases/loading.mjs";
import * as metadata from "./cases/metadata.mjs";
import * as progressLog from "./cases/progress-log.mjs";
import * as reading from "./cases/reading.mjs";
import * as retention from "./cases/retention.mjs";
import * as signals from "./cases/signals.mjs";
import * as storage from "./cases/storage.mjs";
import * as summaries from "./cases/summaries.mjs";
import * as tabs from "./cases/tabs.mjs";
import * as tail from "./cases/tail.mjs";

const NOUNS = {
  arguments: args,
  entries,
  inserting,
  hostile,
  metadata,
  reading,
  iterating,
  summaries,
  retention,
  cursors,
  jsonl,
  "progress log": progressLog,
  backup,
  documents,
  agents,
  errors,
  lifecycle,
  live,
  tail,
  signals,
  storage,
  loading,
  breaking,
  damage,
  tabs,
};

/**
 * A case: `run`, or the two halves `before` and `after` a reload.
 *
 * @typedef {{ name: string } & (
 *   { run: (world: import("./world.mjs").World) => Promise<void> } |
 *   { before: (world: import("./world.mjs").World) => Promise<void>,
 *     after: (world: import("./world.mjs").World) => Promise<void> })} Case
 */

/**
 * The cases that can run in a runtime on a backend. A file exports those that always can as `cases`; those that need
 * IndexedDB, a window, Node, or a second realm, under a name that says so.
 *
 * @param {"node" | "window" | "worker"} runtime
 * @param {"indexeddb" | "memory"} backend
 * @returns {Case[]}
 */
export function casesOf(runtime, backend) {
  const lists = ["cases"];
  if (backend === "indexeddb") lists.push("casesOnIndexedDb");
  if (backend === "indexeddb" && runtime === "window") lists.push("casesInWindowOnIndexedDb");
  if (runtime === "node") lists.push("casesInNode");
  if (runtime !== "worker") lists.push("casesWithRealms");
  const found = [];
  for (const [noun, file] of Object.entries(NOUNS)) {
    for (const list of lists) {
      for (const [name, run] of Object.entries(file[list] ?? {})) {
        found.push({ name: `${noun}: ${name}`, ...(typeof run === "function" ? { run } : run) });
      }
    }
  }
  return found;
}
