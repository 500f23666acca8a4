/**
 * The tools for the browser's own agent: https://webmachinelearning.github.io/webmcp/
 * @module
 */

import { outcomeOf } from "./outcome.js";

/**
 * Registers tools with the browser.
 *
 * @param {readonly import("../tools.js").AgentTool[]} tools
 * @param {import("../tools.js").WebMCPOptions} [options]
 * @returns {Promise<(() => void) | null>}
 */
export async function registerWebMCP(tools, { modelContext = browsers(), exposedTo } = {}) {
  if (!modelContext) return null;
  const controller = new AbortController();
  const registered = [];
  const unregister = () => {
    controller.abort();
    // Drafts before the signal.
    for (const [name, registration] of registered.splice(0)) {
      if (registration?.unregister) registration.unregister();
      else modelContext.unregisterTool?.(name);
    }
  };
  try {
    for (const { name, title, description, inputSchema, readOnly } of tools) {
      const tool = {
        name,
        title,
        description,
        inputSchema,
        // Entries may have been written by anybody.
        annotations: { readOnlyHint: readOnly, untrustedContentHint: readOnly },
        // The agent is not told why a call rejected, so errors are results.
        execute: async (input, options) => {
          const { result, error } = await outcomeOf(tools, name, input, { signal: options?.signal });
          return result ?? { error };
        },
      };
      const options = { signal: controller.signal, ...(exposedTo && { exposedTo }) };
      registered.push([name, await modelContext.registerTool(tool, options)]);
    }
  } catch (error) {
    unregister();
    throw error;
  }
  return unregister;
}

/** Where browsers have it; first where the present draft has it, then where drafts before had it. */
function browsers() {
  return globalThis.document?.modelContext ?? globalThis.navigator?.modelContext;
}
