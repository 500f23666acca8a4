const worker = new Worker(new URL("./worker.js", import.meta.url));

globalThis.outcome = new Promise((resolve) => {
  worker.onmessage = (event) => resolve(event.data);
  worker.onerror = (event) => resolve({ failed: { code: null, message: event.message ?? "no worker" } });
});
