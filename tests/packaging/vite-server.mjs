// Vite's servers, as programs of their own.

import { spawn } from "node:child_process";
import path from "node:path";
import { withoutColours } from "../../scripts/process.mjs";
import { environment } from "../../scripts/toolchain.mjs";

const START_LIMIT_MS = 60_000;
const END_LIMIT_MS = 5_000;

/**
 * Starts `vite` or one of its commands that serve.
 *
 * @param {string} folder The project.
 * @param {string[]} args
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} Where it listens, and what ends it.
 */
export async function startVite(folder, args) {
  const program = path.join(folder, "node_modules", "vite", "bin", "vite.js");
  // If another server has the port, Vite takes the next free one and says so.
  const options = ["--host", "127.0.0.1", "--port", String(20_000 + (process.pid % 20_000))];
  const child = spawn(process.execPath, [program, ...args, ...options], {
    cwd: folder,
    env: environment({ NO_COLOR: "1" }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", resolve);
  });
  // Not left behind when the test ends without closing it either.
  const endWithTest = () => child.kill("SIGKILL");
  process.once("exit", endWithTest);
  const close = async () => {
    child.kill("SIGTERM");
    const kill = setTimeout(() => child.kill("SIGKILL"), END_LIMIT_MS);
    await ended;
    clearTimeout(kill);
    process.off("exit", endWithTest);
  };

  let output = "";
  let timer;
  const listening = new Promise((resolve, reject) => {
    const read = (chunk) => {
      output += chunk;
      const url = withoutColours(output).match(/Local:\s+(http:\S+)\s/)?.[1];
      if (url) resolve(url);
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    const fail = (why) => reject(new Error(`vite ${args.join(" ")} ${why}\n${output}`));
    ended.then(() => fail("ended"));
    timer = setTimeout(() => fail("did not say where it listens"), START_LIMIT_MS);
  });
  try {
    return { url: await listening, close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
