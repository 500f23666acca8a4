// A worker that uses a store beside the window's, in a thread of its own, as another tab does.

import { openStore } from "/package/index.js";

addEventListener("message", async ({ data: { name, calls } }) => {
  try {
    const store = await openStore({ name });
    postMessage("ready");
    // The window calls at the same time.
    const settled = await Promise.allSettled(calls.map(([method, ...args]) => store[method](...args)));
    await store.close();
    postMessage(settled.map(({ value, reason }) => ({ value, code: reason?.code })));
  } catch (error) {
    postMessage([{ code: String(error) }]);
  }
});
