/**
 * SQLite in a worker, from the page that uses it.
 * @module
 */

let worker;

/** Pending calls, by number. */
const calls = new Map();
let lastCall = 0;

function call(method, argument) {
  lastCall += 1;
  const number = lastCall;
  return new Promise((resolve, reject) => {
    calls.set(number, { resolve, reject });
    worker.postMessage({ number, method, argument });
  });
}

/** Starts the worker, which compiles and starts SQLite; not timed. */
export async function prepare() {
  worker = new Worker(new URL("sqlite-worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data: { number, result, error } }) => {
    const { resolve, reject } = calls.get(number);
    calls.delete(number);
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  };
  worker.onerror = (event) => {
    for (const { reject } of calls.values()) reject(new Error(event.message));
  };
  await call("prepare");
}

/** Opens the database. */
export async function open() {
  await call("open");
  const method = (name) => (argument) => call(name, argument);
  return {
    insert: method("insert"),
    append: (entry) => call("insert", [entry]),
    recent: method("recent"),
    countAgent: method("countAgent"),
    agentsPage: method("agentsPage"),
    substringPage: method("substringPage"),
    regexPage: method("regexPage"),
    metaPage: method("metaPage"),
    async close() {
      await call("close");
      worker.terminate();
    },
  };
}
