// Loading of the WebAssembly module. Each case works with copies of the package in which none is loaded yet.

import { equal, ok, rejects } from "../assertions.mjs";

/** A module that exports a memory and nothing else. */
const ANOTHER_MODULE = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[5, 3, 1, 0, 1],
  ...[7, 7, 1, 3, 0x6d, 0x65, 0x6d, 2, 0],
]);

/** Opens a store with a copy of the package, and uses it. */
async function works(api, options, promise) {
  const store = await api.openStore({ backend: "memory", ...options });
  await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
  const { seq } = await store.appendEntry({ project: "p", message: promise });
  equal(seq, 1, promise);
  await store.close();
}

/** Counts the calls of `fetch` while something runs. */
async function countingFetches(run) {
  const { fetch } = globalThis;
  // In some workers it stands in the prototype.
  const own = Object.getOwnPropertyDescriptor(globalThis, "fetch");
  let count = 0;
  globalThis.fetch = (...args) => {
    count += 1;
    return fetch(...args);
  };
  try {
    await run();
  } finally {
    delete globalThis.fetch;
    if (own) Object.defineProperty(globalThis, "fetch", own);
  }
  return count;
}

export const cases = {
  "7.1 importing has no effect": async (world) => {
    const before = Object.getOwnPropertyNames(globalThis);
    const { WebAssembly: original } = globalThis;
    const count = await countingFetches(async () => {
      globalThis.WebAssembly = undefined;
      try {
        await world.runtime.freshApi();
        await world.runtime.freshInlineApi();
      } finally {
        globalThis.WebAssembly = original;
      }
    });
    equal(count, 0, "nothing is fetched");
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
    equal(added, [], "no global is added");
  },

  "7.1 the module is found beside the script": async (world) => {
    const api = await world.runtime.freshApi();
    await works(api, {}, "without options");
  },

  "7.1 the entry with the module inside fetches nothing": async (world) => {
    const api = await world.runtime.freshInlineApi();
    const count = await countingFetches(() => works(api, {}, "without options"));
    equal(count, 0, "nothing is fetched");
    const names = ["ConflictError", "ScribeError", "deleteStore", "isScribeError", "openStore"];
    equal(Object.keys(api).sort(), names, "it exports the same");
    equal(Object.keys(world.api).sort(), names, "as the other entry");
  },

  "7.1 the module comes from whatever the option is": async (world) => {
    const address = world.runtime.address("package/scribe_store.wasm");
    const bytes = await (await fetch(address)).arrayBuffer();
    // Bytes in the middle of others: the view counts, not what it looks at.
    const padded = new Uint8Array(bytes.byteLength + 16);
    padded.set(new Uint8Array(bytes), 8);
    const sources = {
      "a URL": () => new URL(address),
      "a string": () => address,
      "a Response": () => fetch(address),
      "a Promise of a Response": () => fetch(address),
      "a Response without type": () => new Response(bytes),
      "a Response of another type": () => new Response(bytes, { headers: { "content-type": "text/plain" } }),
      "an ArrayBuffer": () => bytes,
      "a Uint8Array": () => new Uint8Array(bytes),
      "a view of a part": () => padded.subarray(8, 8 + bytes.byteLength),
      "a DataView": () => new DataView(bytes),
      "a compiled module": () => WebAssembly.compile(bytes),
    };
    for (const [what, source] of Object.entries(sources)) {
      const made = source();
      const wasm = what === "a Response" || what === "a compiled module" ? await made : made;
      await works(await world.runtime.freshApi(), { wasm }, what);
    }
  },

  "7.1 an address may be relative to the page": async (world) => {
    if (world.runtime.name === "node") {
      const call = (await world.runtime.freshApi()).openStore({ wasm: "./scribe_store.wasm" });
      await rejects(call, "unavailable", "scribe_store.wasm", "Node has no page");
    } else {
      const { pathname } = new URL(world.runtime.address("package/scribe_store.wasm"));
      await works(await world.runtime.freshApi(), { wasm: pathname }, "a path alone");
    }
  },

  "7.1 calls share one load": async (world) => {
    const api = await world.runtime.freshApi();
    const wasm = world.runtime.address("package/scribe_store.wasm");
    const open = () => works(api, { wasm }, "each of them works");
    equal(await countingFetches(() => Promise.all([open(), open(), open()])), 1, "one address is fetched");
    equal(await countingFetches(open), 0, "and never again");
    await works(api, { wasm: 42 }, "once loaded, the option has no effect");
  },

  "7.1 a failed load can be tried again": async (world) => {
    const { runtime } = world;
    const api = await runtime.freshApi();
    const address = runtime.address("package/scribe_store.wasm");
    const used = await fetch(address);
    const another = new Uint8Array(await used.arrayBuffer());
    // The last of what says which release it is of.
    another[another.length - 1] ^= 1;
    const wasmType = { headers: { "content-type": "application/wasm" } };
    const sources = {
      "an address that is not there": [runtime.address("package/none.wasm"), "404"],
      "a script": [runtime.address("package/index.js"), "not a WebAssembly module"],
      "an address that is none": ["http://[", ""],
      "an address where nobody listens": ["http://127.0.0.1:1/", ""],
      "a Response without bytes": [new Response(new Uint8Array(0)), "not a WebAssembly module"],
      "a Response of another status": [new Response("", { status: 503 }), "503"],
      "a Response of the right type with other bytes": [new Response("<html>", wasmType), ""],
      "a Response that was read": [used, ""],
      "no bytes": [new Uint8Array(0), ""],
      "other bytes": [new Uint8Array([0, 0x61, 0x73, 0x6d, 9, 9, 9, 9]), ""],
      "another module": [await WebAssembly.compile(ANOTHER_MODULE), "not this package's"],
      "the module of another release": [another, "of another release"],
    };
    for (const [what, [wasm, says]] of Object.entries(sources)) {
      const error = await rejects(() => api.openStore({ wasm }), "unavailable", says, what);
      equal(error.retryable, true, "a load can be tried again");
    }
    const offline = () => api.openStore({ wasm: Promise.reject(new Error("offline")) });
    await rejects(offline, "unavailable", "offline", "a Promise that rejects");
    const silent = () => api.openStore({ wasm: Promise.reject() });
    await rejects(silent, "unavailable", "", "a Promise that rejects with nothing");
    for (const wasm of [42, {}, [], true, "", Symbol("s"), () => 1, new Map(), Promise.resolve({})]) {
      const code = wasm === "" ? /^(unavailable|invalid_argument)$/ : /^invalid_argument$/;
      let thrown;
      try {
        await api.openStore({ wasm });
      } catch (error) {
        thrown = error;
      }
      ok(code.test(thrown?.code), `${String(wasm)} is no source: ${thrown?.code}`);
    }
    const both = [
      api.openStore({ wasm: runtime.address("package/none.wasm") }),
      api.openStore({ wasm: address }),
    ];
    for (const call of both)
      await rejects(call, "unavailable", "404", "calls at once share a load that fails");
    await works(api, { wasm: address }, "the next call succeeds");
  },

  "7.1 HTML instead of the module is explained": async (world) => {
    const api = await world.runtime.freshApi();
    const address = world.runtime.address("page.html");
    for (const wasm of [address, new URL(address), fetch(address)]) {
      const error = await rejects(() => api.openStore({ wasm }), "unavailable", "HTML", "a page");
      for (const says of ["optimizeDeps", "scribe-store/inline", "`wasm`", address]) {
        ok(error.message.includes(says), `"${error.message}" names ${says}`);
      }
    }
    const spaced = new Response("\n  <!doctype html>", { headers: { "content-type": "text/html" } });
    await rejects(
      () => api.openStore({ wasm: spaced }),
      "unavailable",
      "HTML",
      "a page with white space before",
    );
    await works(api, {}, "the next call succeeds");
  },

  "7.1 a mistake in the options is told before anything is loaded": async (world) => {
    const api = await world.runtime.freshApi();
    const wasm = world.runtime.address("package/scribe_store.wasm");
    const count = await countingFetches(async () => {
      await rejects(
        () => api.openStore({ wasm, name: 1n }),
        "invalid_argument",
        "`name`",
        "what JSON cannot hold",
      );
    });
    equal(count, 0, "nothing was fetched");
  },
};
