// The page in which cases run: in its window, or in a worker that it starts.

import { browserRuntime } from "./browser-runtime.mjs";
import { noteUnhandledRejection, runCase } from "./run.mjs";

const runtime = browserRuntime("window");
addEventListener("unhandledrejection", (event) => noteUnhandledRejection(event.reason));

let worker;
let answer;

/** Has the worker run a case. */
function runInWorker(...request) {
  if (!worker) {
    worker = new Worker("worker.mjs", { type: "module" });
    worker.onmessage = ({ data }) => answer.resolve(data);
    worker.onerror = (event) => answer.reject(new Error(event.message ?? "the worker could not be loaded"));
  }
  return new Promise((resolve, reject) => {
    answer = { resolve, reject };
    worker.postMessage(request);
  });
}

/**
 * Runs a case; the tests call this.
 *
 * @param {"window" | "worker"} where
 * @param {Parameters<typeof runCase> extends [unknown, ...infer Request] ? Request : never} request
 */
globalThis.runCaseIn = (where, ...request) =>
  where === "window" ? runCase(runtime, ...request) : runInWorker(...request);
