/**
 * The protocol between windows, frames and workers.
 * @module
 */

import { ScribeError } from "../errors.js";

/** Messages as they are, so that other transports of the kind understand them. */
export class PostMessageTransport {
  // Minifiers rename classes.
  static name = "PostMessageTransport";

  onmessage;
  onerror;
  onclose;

  #target;
  /** The other window's origin; `undefined` for what is not a window. */
  #origin;
  /** What messages arrive at. */
  #source;
  #isPort;
  /** Those that arrived before the start. */
  #early = [];
  #isOpen = true;

  constructor(target, { origin } = {}) {
    this.#target = target;
    // Also of a window of another origin that much may be read.
    const isWindow = target?.window === target;
    if (typeof target?.postMessage !== "function" || (isWindow && typeof origin !== "string")) {
      const wanted = "a MessagePort, a worker, or a window and the option `origin`";
      throw new ScribeError("invalid_argument", `PostMessageTransport: expected ${wanted}`);
    }
    this.#origin = isWindow ? origin : undefined;
    this.#source = isWindow ? globalThis : target;
    this.#source.addEventListener("message", this.#onEvent);
    this.#source.addEventListener("messageerror", this.#onFailure);
    this.#isPort = typeof MessagePort === "function" && target instanceof MessagePort;
    if (!this.#isPort) return;
    target.addEventListener("close", this.#onEnd);
    // Until then it holds back what arrives.
    target.start();
  }

  async start() {
    const early = this.#early;
    this.#early = undefined;
    for (const message of early ?? []) this.onmessage?.(message);
  }

  async send(message) {
    if (!this.#isOpen) throw new ScribeError("closed", "this transport was closed");
    if (this.#origin === undefined) this.#target.postMessage(message);
    else this.#target.postMessage(message, this.#origin);
  }

  async close() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#source.removeEventListener("message", this.#onEvent);
    this.#source.removeEventListener("messageerror", this.#onFailure);
    this.#source.removeEventListener("close", this.#onEnd);
    // A port is for this alone; windows and workers may be used for more.
    if (this.#isPort) this.#target.close();
    this.onclose?.();
  }

  #onEvent = ({ data, origin, source }) => {
    if (this.#origin !== undefined) {
      if (source !== this.#target || (this.#origin !== "*" && origin !== this.#origin)) return;
    }
    // Others may be talking here, too.
    if (data?.jsonrpc !== "2.0") return;
    if (this.#early) this.#early.push(data);
    else this.onmessage?.(data);
  };

  #onFailure = () => {
    this.onerror?.(new ScribeError("internal", "a message came that cannot be read here"));
  };

  #onEnd = () => {
    this.close();
  };
}
