// The page's side: what the tests ask for is done here.

import * as api from "scribe-store";
import { measurePatterns, refusePatterns, searchInSlices } from "./patterns.mjs";
import { soak } from "./soak.mjs";

const TASKS = {
  soak: (options) => soak(api, options),
  measurePatterns: (options) => measurePatterns(api, options),
  refusePatterns: () => refusePatterns(api),
  searchInSlices: () => searchInSlices(api),
};

/** Performs a task; the test calls this. Resolves to what the task resolves to, as JSON. */
globalThis.ask = async (task, options) => JSON.stringify(await TASKS[task](options));
