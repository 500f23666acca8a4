// Runs cases, one at a time, wherever this is loaded.

import { casesOf } from "./cases.mjs";
import { World } from "./world.mjs";

/** No case takes nearly as long, except one that hangs. */
const LIMIT_MS = 60_000;

/** Rejections that nobody handles during a case fail it. */
const unhandled = [];

/** @param {unknown} reason */
export function noteUnhandledRejection(reason) {
  unhandled.push(reason);
}

/**
 * Runs one case, or one half of a case that goes across a reload.
 *
 * @param {import("./world.mjs").Runtime} runtime
 * @param {"indexeddb" | "memory"} backend
 * @param {string} name The case's name.
 * @param {{ half: "before" | "after", database: string }} [reload] Which half, and the database for both.
 * @returns {Promise<string | null>} Why it failed, or `null`.
 */
export async function runCase(runtime, backend, name, reload) {
  const found = casesOf(runtime.name, backend).find((one) => one.name === name);
  if (!found) return `there is no case "${name}" for ${runtime.name} on ${backend}`;
  unhandled.length = 0;
  const world = new World(runtime, backend, reload?.database);
  const failures = [];
  try {
    await limited(found[reload?.half ?? "run"](world));
  } catch (error) {
    failures.push(describe(error));
  }
  try {
    // What the first half wrote is for the second to read.
    if (reload?.half !== "before") await limited(world.end());
  } catch (error) {
    failures.push(`afterwards: ${describe(error)}`);
  }
  // Such a rejection is reported a moment after it happened.
  await new Promise((resolve) => setTimeout(resolve));
  failures.push(...unhandled.map((reason) => `a rejection that nobody handles: ${describe(reason)}`));
  return failures.length > 0 ? failures.join("\n") : null;
}

async function limited(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function describe(error) {
  if (!(error instanceof Error)) return String(error);
  const head = error.name === "AssertionError" ? error.message : `${error.name}: ${error.message}`;
  const code = error.code === undefined ? "" : ` (${error.code})`;
  // Stacks begin with the message in some engines only.
  const stack = error.stack ?? "";
  return `${head}${code}\n${stack.includes(error.message) ? stack.split("\n").slice(1).join("\n") : stack}`;
}
