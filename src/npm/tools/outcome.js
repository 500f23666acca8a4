/**
 * Running a tool for a format in which an error is a result, too, so that the model reads it.
 * @module
 */

import { isScribeError } from "../errors.js";

/**
 * Runs a tool by its name.
 *
 * @param {readonly import("../tools.js").AgentTool[]} tools
 * @param {string} name
 * @param {unknown} input
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<{ result: object } | { error: { code: string, message: string } }>} Rejects with what is not the
 *   model's matter: the signal's reason, or a bug.
 */
export async function outcomeOf(tools, name, input, options) {
  const tool = tools.find((one) => one.name === name);
  if (!tool) {
    const names = tools.map((one) => one.name).join(", ");
    const message = `there is no tool ${JSON.stringify(name)}: there are ${names}`;
    return { error: { code: "invalid_argument", message } };
  }
  try {
    return { result: await tool.execute(input, options) };
  } catch (error) {
    if (!isScribeError(error)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}

/** The same for input that is JSON text; none at all stands for no arguments. */
export async function outcomeOfText(tools, name, text, options) {
  let input;
  try {
    input = JSON.parse(text || "{}");
  } catch (error) {
    const message = `${name}: the arguments are not JSON: ${error.message}`;
    return { error: { code: "invalid_argument", message } };
  }
  return outcomeOf(tools, name, input, options);
}

/** What the model reads: the result, or an object whose only member is `error`. */
export function textOf({ result, error }) {
  return JSON.stringify(error ? { error } : result);
}

/** Does something with each, one after the other. */
export async function inOrder(items, call) {
  const results = [];
  for (const item of items) results.push(await call(item));
  return results;
}
