// The page's side: the same calls, on IndexedDB.

import * as api from "scribe-store";
import { soak } from "./soak.mjs";

const TASKS = { soak: (options) => soak(api, options) };

/** Performs a task; the test calls this. Resolves to what the task resolves to, as JSON. */
globalThis.ask = async (task, options) => JSON.stringify(await TASKS[task](options));
