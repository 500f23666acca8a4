// What a case works with: the package, stores that are gone afterwards, and the runtime around them.

let worlds = 0;

/**
 * What differs from runtime to runtime.
 *
 * @typedef {object} Runtime
 * @property {"node" | "window" | "worker"} name
 * @property {typeof import("scribe-store")} api The package.
 * @property {() => Promise<typeof import("scribe-store")>} freshApi Another copy of the package, loaded anew.
 * @property {() => Promise<typeof import("scribe-store")>} freshInlineApi The same of the entry with the module inside.
 * @property {(file: string) => string} address The address of a file of the package, or of the tests' server.
 * @property {() => typeof globalThis} otherRealm Another realm's global object; only in "node" and "window".
 */

/** The world of one case. */
export class World {
  /** @type {Runtime} */
  runtime;
  /** @type {"indexeddb" | "memory"} */
  backend;
  /** The name of the case's database. */
  name;
  #stores = [];
  #names = new Set();

  constructor(runtime, backend, name = `case-${Date.now()}-${worlds++}`) {
    this.runtime = runtime;
    this.backend = backend;
    this.name = name;
  }

  /** The package under test. */
  get api() {
    return this.runtime.api;
  }

  /**
   * Opens a store: the case's database unless the options say otherwise, with this package or another copy of it.
   * In IndexedDB every call opens the same data; another copy of the package does so as another tab would.
   */
  async open(options = {}, api = this.api) {
    const all = { name: this.name, backend: this.backend, ...options };
    this.#names.add(all.name);
    const store = await api.openStore(all);
    this.#stores.push(store);
    return store;
  }

  /** Opens the case's database, with the projects "p" and "q" in it. */
  async openWithProjects(options) {
    const store = await this.open(options);
    for (const name of ["p", "q"]) {
      await store.upsertProject({ name, repoRoot: `/${name}`, progressLogPath: `/${name}/log` });
    }
    return store;
  }

  /** Has a database deleted at the end that a case made by itself. */
  willDelete(name) {
    this.#names.add(name);
  }

  /** Closes all stores, and deletes their databases. */
  async end() {
    for (const store of this.#stores) await store.close();
    if (this.backend === "memory") return;
    for (const name of this.#names) await this.api.deleteStore(name);
  }
}

/** Opens a second handle on the case's database, as another tab would. */
export async function another(world) {
  return world.open({}, await world.runtime.freshApi());
}

let entries = 0;

/** Makes an entry of the project "p" that is unlike any other. */
export function anEntry(members = {}) {
  entries += 1;
  return {
    entryId: `entry-${entries}`,
    project: "p",
    ts: 1_700_000_000_000,
    emoji: "ℹ️",
    message: `message ${entries}`,
    rawLine: `line ${entries}`,
    sha256: "",
    ...members,
  };
}

/** Makes as many entries, each a second later than the one before. */
export function someEntries(count, members = {}) {
  return Array.from({ length: count }, (_, index) =>
    anEntry({ ts: 1_700_000_000_000 + 1000 * index, ...members }),
  );
}

/** Collects what an iteration yields. */
export async function collect(iteration) {
  const all = [];
  for await (const item of iteration) all.push(item);
  return all;
}

/** The whole numbers from one to another. */
export const range = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
