/**
 * This package, as packed, with its public interface.
 * @module
 */

import { openStore } from "scribe-store";
import { PROJECT } from "../data.js";

/** What the limit for the module's memory is stated for. */
const CACHE_BYTES = 32 * 1024 * 1024;

let wasm;

/** Compiles the module; not timed. */
export async function prepare() {
  wasm = await WebAssembly.compileStreaming(fetch("scribe_store.wasm"));
}

/** Opens the store; with `create` for the first time. */
export async function open({ create }) {
  const store = await openStore({ name: "bench", wasm, cacheBytes: CACHE_BYTES });
  if (create) {
    await store.upsertProject({ name: PROJECT, repoRoot: "/bench", progressLogPath: "/bench/PROGRESS.md" });
  }
  const page = async (query, pageSize) => {
    const { items, totalCount } = await store.queryEntriesPaginated({ project: PROJECT, pageSize, ...query });
    return { items, total: totalCount };
  };
  return {
    insert: (entries) => store.insertEntries(entries),
    // The line and its hash are made by the store.
    append: ({ rawLine, sha256, ...entry }) => store.appendEntry(entry),
    recent: ({ limit, offset }) => store.fetchRecentEntries({ project: PROJECT, limit, offset }),
    countAgent: ({ agent }) => store.countEntries(PROJECT, { agent }),
    agentsPage: ({ agents, start, end, limit }) => page({ agents, start, end }, limit),
    substringPage: ({ text, limit }) => page({ message: text }, limit),
    regexPage: ({ pattern, limit }) => page({ message: pattern, messageMode: "regex" }, limit),
    metaPage: ({ key, value, limit }) => page({ metaFilters: { [key]: value } }, limit),
    close: () => store.close(),
  };
}
