/**
 * The tools: checked, in the order of their calls, with errors in words that a model can act on.
 * @module
 */

import { isScribeError, ScribeError } from "../errors.js";
import { Agent } from "./agent.js";
import { CALLS } from "./calls.js";
import { checkInput, explained, refusal } from "./check.js";
import { TOOLS } from "./schemas.js";

/**
 * Makes the tools of one agent in one session.
 *
 * @param {import("../index.js").ScribeStore} store
 * @param {import("../tools.js").AgentToolsOptions} options
 * @returns {import("../tools.js").AgentTool[]}
 */
export function agentTools(store, options) {
  const { agentId, sessionId = newSessionId(), ...unknown } = options ?? {};
  for (const [name, value] of Object.entries({ agentId, sessionId })) {
    if (typeof value === "string" && value !== "") continue;
    throw new ScribeError("invalid_argument", `${name} must be a string that is not empty`);
  }
  for (const name of Object.keys(unknown)) {
    throw new ScribeError("invalid_argument", `there is no option ${JSON.stringify(name)}`);
  }
  const agent = new Agent(store, agentId, sessionId);
  const queue = new Queue();
  return Object.entries(TOOLS).map(([name, { title, description, readOnly, inputSchema, outputSchema }]) => ({
    name,
    title,
    description,
    readOnly,
    inputSchema,
    outputSchema,
    execute: async (input, { signal } = {}) => {
      const call = async (isDoubtful) => {
        const checked = checkInput(name, inputSchema, input);
        if (isDoubtful && name === "append_entry" && checked.project === null) throw doubt();
        await agent.live();
        return CALLS[name]({ store, agent, signal }, checked);
      };
      try {
        return await queue.run(name, call, signal);
      } catch (error) {
        throw isScribeError(error) ? explained(name, error) : error;
      }
    },
  }));
}

/**
 * Calls, one after the other: models make several at once, and mean them in their order.
 */
class Queue {
  #last = Promise.resolve();
  #made = 0;
  /** The calls made up to this one came before a `set_project` was known to have failed. */
  #doubtful = 0;

  /**
   * @param {string} name The tool.
   * @param {(isDoubtful: boolean) => Promise<object>} call Told whether the current project may not be what is meant.
   * @param {AbortSignal | undefined} signal
   */
  run(name, call, signal) {
    this.#made += 1;
    const number = this.#made;
    // Writes are waited for: else nobody would know what they did.
    const onlyReads = TOOLS[name].readOnly ? signal : undefined;
    const running = this.#last.then(() => {
      signal?.throwIfAborted();
      return abortable(call(number <= this.#doubtful), onlyReads);
    });
    this.#last = running.then(
      () => {},
      () => {
        if (name === "set_project") this.#doubtful = this.#made;
      },
    );
    return abortable(running, onlyReads);
  }
}

/** What was called together with a `set_project` that failed must not write to the project before it. */
function doubt() {
  return refusal(
    "conflict",
    "nothing was written, because the set_project that was called before it failed: call again",
  );
}

/** Rejects as soon as the signal says so. */
function abortable(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** A new identifier, also where the page is not served securely and `randomUUID` is missing. */
function newSessionId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
