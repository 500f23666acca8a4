/**
 * An instance of the WebAssembly module, and what becomes of calls when it breaks.
 *
 * A trap, or an exception that passes through the module, leaves its memory in no known state. Nothing calls it from
 * then on: what it wrote and did not commit is aborted, calls under way and later ones reject with `internal`, and
 * the next store that is opened gets an instance of its own.
 * @module
 */

import { reasonOf, ScribeError } from "./errors.js";
import { instantiate } from "./glue.js";

/** What a broken instance returns, for the glue takes some results apart. */
const NOTHING = Object.freeze([]);

export class Instance {
  /** What the module exports, as the glue has it. */
  #api;
  /** How to reject each of the calls under way. */
  #rejects = new Set();
  /** Transactions that write, and have not ended. */
  #writing = new Set();
  /** The databases that it uses: each once, and only as long as somebody has them. */
  #databases = [];
  /** How many of its functions are being called, each from within the one before. */
  #depth = 0;
  /** Why it is broken. */
  #failure;
  #onBreak;

  /**
   * Makes an instance of the module.
   * @param {WebAssembly.Module} module
   * @param {() => void} onBreak Called once, if it breaks.
   */
  static async start(module, onBreak) {
    const instance = new Instance(onBreak);
    await instance.#api.init(module);
    return instance;
  }

  constructor(onBreak) {
    this.#onBreak = onBreak;
    this.#api = instantiate({
      guarded: (exports) => this.#guarded(exports),
      opened: (request) => this.#opened(request),
      begun: (transaction) => this.#begun(transaction),
    });
  }

  /** Whether it can be used no more. */
  get isBroken() {
    return this.#failure !== undefined;
  }

  /**
   * Runs a call. It reaches the module before this returns.
   * @template T
   * @param {(api: ReturnType<typeof instantiate>) => T | Promise<T>} call
   * @returns {Promise<T>} Rejects with `internal` also when the instance breaks meanwhile.
   */
  run(call) {
    return new Promise((resolve, reject) => {
      if (this.#failure) throw this.#failure;
      this.#rejects.add(reject);
      const settled = () => this.#rejects.delete(reject);
      const called = async () => call(this.#api);
      called().then(resolve, reject).then(settled);
    });
  }

  #guarded(exports) {
    return Object.fromEntries(
      Object.entries(exports).map(([name, value]) => [
        name,
        typeof value === "function" ? this.#guardedFunction(value) : value,
      ]),
    );
  }

  #guardedFunction(exported) {
    return (...args) => {
      // Events still come, and objects of the glue are still collected.
      if (this.#failure && this.#depth === 0) return NOTHING;
      this.#depth += 1;
      try {
        return exported(...args);
      } catch (error) {
        this.#break(error);
        // What called it from within the module must not go on. Nobody else waits for it: calls have been rejected.
        if (this.#depth > 1) throw error;
        return NOTHING;
      } finally {
        this.#depth -= 1;
      }
    };
  }

  /** Listens to a request for a database. What it brings may come when nobody listens any more. */
  #opened(request) {
    request.addEventListener("upgradeneeded", () => this.#begun(request.transaction));
    request.addEventListener("success", () => {
      this.#databases = this.#databases.filter((database) => database.deref());
      this.#databases.push(new WeakRef(request.result));
      if (this.#failure) request.result.close();
    });
    return request;
  }

  #begun(transaction) {
    if (this.#failure) transaction.abort();
    if (transaction.mode !== "readonly") {
      this.#writing.add(transaction);
      for (const event of ["complete", "abort"]) {
        transaction.addEventListener(event, () => this.#writing.delete(transaction));
      }
    }
    return transaction;
  }

  #break(error) {
    if (this.#failure) return;
    this.#failure = new ScribeError(
      "internal",
      `the WebAssembly module broke down: ${reasonOf(error)}. What was not committed is undone; open the store again.`,
      { cause: error },
    );
    this.#onBreak();
    for (const transaction of this.#writing) {
      try {
        transaction.abort();
      } catch {
        // It has ended.
      }
    }
    // Nobody would close them when another tab asks for it.
    for (const database of this.#databases) database.deref()?.close();
    for (const reject of this.#rejects) reject(this.#failure);
  }
}
