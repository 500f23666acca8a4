// Starts and ends the program that steers a browser.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { environment } from "../../scripts/toolchain.mjs";

/** What ends the tests from outside. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

const START_LIMIT_MS = 60_000;

/** How long a driver may take to end with its browser once it is told to. */
const END_LIMIT_MS = 5000;

/** How much of what a driver writes is kept, for the case that it fails. */
const KEPT_OUTPUT = 4000;

/**
 * A driver that runs.
 *
 * @typedef {object} Driver
 * @property {string} url Where it listens, without a slash at the end.
 * @property {() => string} output The last of what it wrote.
 * @property {() => Promise<void>} close Ends it, and whatever it has started and not ended.
 */

/**
 * Starts an engine's driver on a free port, and waits until it answers.
 *
 * @param {import("../../scripts/browsers.mjs").Engine} engine
 * @param {Record<string, string>} [env] Variables to set on top.
 * @returns {Promise<Driver>}
 */
export async function startDriver(engine, env = {}) {
  const port = await freePort();
  // In a group of its own, so that the browser can be ended together with it.
  const child = spawn(engine.driver.find(), [`--port=${port}`], {
    env: environment(env),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      output = (output + chunk).slice(-KEPT_OUTPUT);
    });
  }
  const ended = once(child, "exit");
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // Nothing of the group lives any more.
    }
  };
  // Also when the tests end without closing it, or are ended: neither a signal nor an output that nobody reads any
  // more makes an exit that is told of.
  const kill = () => signal("SIGKILL");
  const exit = (name) => process.exit(128 + (constants.signals[name] ?? 0));
  process.once("exit", kill);
  process.stdout.once("error", exit);
  for (const name of SIGNALS) process.once(name, exit);
  const driver = {
    url: `http://127.0.0.1:${port}`,
    output: () => output,
    close: async () => {
      process.off("exit", kill);
      process.stdout.off("error", exit);
      for (const name of SIGNALS) process.off(name, exit);
      signal("SIGTERM");
      await Promise.race([ended, sleep(END_LIMIT_MS, undefined, { ref: false })]);
      kill();
    },
  };

  const failed = ended.then(
    ([code]) => {
      throw new Error(`${engine.driver.name} ended with exit code ${code}: ${output}`);
    },
    (error) => {
      throw new Error(`${engine.driver.name} could not be started: ${error.message}`);
    },
  );
  failed.catch(() => {});
  try {
    await Promise.race([waitUntilReady(driver.url), failed]);
    return driver;
  } catch (error) {
    await driver.close();
    throw error;
  }
}

async function waitUntilReady(url) {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      const response = await fetch(`${url}/status`, { signal: AbortSignal.timeout(2000) });
      if ((await response.json()).value.ready) return;
    } catch {
      // It does not listen yet.
    }
    if (Date.now() > deadline) throw new Error(`no driver answers at ${url}`);
    await sleep(50);
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
