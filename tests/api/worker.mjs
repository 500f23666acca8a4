// The worker in which cases run.

import { browserRuntime } from "./browser-runtime.mjs";
import { noteUnhandledRejection, runCase } from "./run.mjs";

const runtime = browserRuntime("worker");
addEventListener("unhandledrejection", (event) => noteUnhandledRejection(event.reason));
addEventListener("message", async ({ data }) => postMessage(await runCase(runtime, ...data)));
