// One tab: what the test asks for is done in its window, or in a worker that it starts.

import { perform } from "./tasks.mjs";

/** How a worker of each kind is started; resolves to what takes its messages. */
const START = {
  "a dedicated worker": () => new Worker("worker.mjs", { type: "module" }),
  "a shared worker": () => new SharedWorker("worker.mjs", { type: "module" }).port,
  "a service worker": async () => {
    await navigator.serviceWorker.register("worker.mjs", { type: "module" });
    return (await navigator.serviceWorker.ready).active;
  },
};

/** The workers that were started, by their kinds. */
const workers = new Map();

/**
 * Performs a task; the test calls this.
 *
 * @param {"a window" | keyof typeof START} where
 * @param {keyof typeof import("./tasks.mjs").TASKS} task
 * @param {object} options
 * @returns {Promise<string>} What the task resolves to, as JSON.
 */
globalThis.ask = async (where, task, options) =>
  JSON.stringify((await (where === "a window" ? perform : performIn(where))(task, options)) ?? null);

/** Has a worker perform a task, and passes on what comes of it. */
function performIn(where) {
  return async (...request) => {
    if (!workers.has(where)) workers.set(where, START[where]());
    const worker = await workers.get(where);
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve, reject) => {
      port1.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message ?? `${where} could not be loaded`));
    });
    worker.postMessage(request, [port2]);
    const { value, error } = await answer;
    if (error !== undefined) throw new Error(`in ${where}: ${error}`);
    return value;
  };
}
