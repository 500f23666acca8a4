// A display that nobody sees, for browsers without a headless mode.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { environment, which } from "./toolchain.mjs";

const START_LIMIT_MS = 20_000;

/**
 * Starts an X server on a free display.
 *
 * @returns {Promise<{ display: string, close: () => Promise<void> }>} `display` is the value for DISPLAY, as ":3".
 */
export async function startDisplay() {
  const program = which("Xvfb");
  if (!program) throw new Error("Xvfb is missing");
  // It looks for a free number itself and writes it to the given descriptor once it accepts connections.
  const child = spawn(program, ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], {
    env: environment(),
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const ended = once(child, "exit");
  const close = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  // Also when the program that uses it ends without closing it.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  ended.finally(() => process.off("exit", kill)).catch(() => {});

  let timer;
  try {
    const number = await Promise.race([
      readLine(child.stdio[3]),
      ended.then(([code]) => Promise.reject(new Error(`Xvfb ended with exit code ${code}`))),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error("Xvfb did not start in time")), START_LIMIT_MS);
      }),
    ]);
    return { display: `:${number}`, close };
  } catch (error) {
    kill();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function readLine(stream) {
  let text = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  if (!/^\d+\n/.test(text)) throw new Error(`Xvfb named no display: "${text}"`);
  return text.trim();
}
