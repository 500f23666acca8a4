// A browser under remote control, by the W3C WebDriver protocol: what the tests need of it.

import { setTimeout as sleep } from "node:timers/promises";
import { startDisplay } from "../../scripts/display.mjs";
import { startDriver } from "./driver.mjs";

/** How long a script in a page may run. */
const SCRIPT_LIMIT_MS = 120_000;

/** How long a page may take to load. */
const LOAD_LIMIT_MS = 30_000;

/** How long the driver may take to answer anything; above the limit for scripts, which it watches itself. */
const ANSWER_LIMIT_MS = SCRIPT_LIMIT_MS + 30_000;

/** A browser with one window. */
export class Browser {
  #driver;
  #display;
  #session;

  constructor(driver, display) {
    this.#driver = driver;
    this.#display = display;
  }

  /**
   * Starts a browser with an empty profile.
   *
   * @param {import("../../scripts/browsers.mjs").Engine} engine
   */
  static async start(engine) {
    const display = engine.others.length > 0 ? await startDisplay() : undefined;
    let browser;
    try {
      const driver = await startDriver(engine, display && { DISPLAY: display.display });
      browser = new Browser(driver, display);
      const capabilities = engine.capabilities(engine.browser.find());
      const { sessionId } = await browser.#ask("POST", "/session", {
        capabilities: { alwaysMatch: { ...capabilities, timeouts: { script: SCRIPT_LIMIT_MS } } },
      });
      browser.#session = sessionId;
      return browser;
    } catch (error) {
      await (browser ? browser.close() : display?.close());
      throw error;
    }
  }

  /**
   * Goes to an address, and waits until the page's scripts have defined a function.
   *
   * @param {string} url
   * @param {string} name The function's name in the global object.
   */
  async goTo(url, name) {
    await this.#command("POST", "/url", { url });
    await this.#untilDefined(name);
  }

  /**
   * Loads the page again, and waits as `goTo` does.
   *
   * @param {string} name
   */
  async reload(name) {
    await this.#script("delete globalThis[arguments[0]];", name);
    await this.#command("POST", "/refresh", {});
    await this.#untilDefined(name);
  }

  /**
   * Calls a function of the page's global object.
   *
   * @param {string} name
   * @param {...unknown} args What JSON can hold.
   * @returns {Promise<unknown>} What the function's promise resolves to, likewise.
   * @throws {Error} If the function rejects, or is not done in time.
   */
  async call(name, ...args) {
    const script = `
      const [name, args, done] = arguments;
      Promise.resolve()
        .then(() => globalThis[name](...args))
        .then((value) => done({ value: value ?? null }), (error) => done({ error: String(error) }));`;
    const answer = await this.#command("POST", "/execute/async", { script, args: [name, args] });
    if (answer.error !== undefined) throw new Error(`${name} in the page: ${answer.error}`);
    return answer.value;
  }

  /** Ends the browser, its driver and its display. */
  async close() {
    try {
      if (this.#session !== undefined) await this.#command("DELETE", "", undefined);
    } catch {
      // The driver's end ends it as well.
    } finally {
      await this.#driver.close();
      await this.#display?.close();
    }
  }

  /** Some engines say that a page is loaded before its modules have run. */
  async #untilDefined(name) {
    const deadline = Date.now() + LOAD_LIMIT_MS;
    for (;;) {
      if (await this.#script("return typeof globalThis[arguments[0]] === 'function';", name)) return;
      if (Date.now() > deadline) throw new Error(`the page defines no ${name}: its scripts did not load`);
      await sleep(20);
    }
  }

  #script(script, ...args) {
    return this.#command("POST", "/execute/sync", { script, args });
  }

  #command(method, path, body) {
    return this.#ask(method, `/session/${this.#session}${path}`, body);
  }

  async #ask(method, path, body) {
    const response = await fetch(this.#driver.url + path, {
      method,
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    const { value } = await response.json();
    if (response.ok) return value;
    throw new Error(`${method} ${path}: ${value.error}: ${value.message}\n${this.#driver.output()}`);
  }
}
