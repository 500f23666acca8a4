/**
 * The server: the agent's tools, and projects and logs as resources.
 * @module
 */

import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import * as z from "zod/v4-mini";
import { isScribeError } from "../errors.js";
import { agentTools } from "../tools/index.js";
import { addResources } from "./resources.js";
import { tellUpdates } from "./updates.js";

const INSTRUCTIONS =
  "Progress logs of projects, shared by agents and people. At the start of work call set_project and read_recent; " +
  "write down every step worth knowing later with append_entry; look things up with query_entries.";

/**
 * Makes a server, not connected yet.
 *
 * @param {import("../index.js").ScribeStore} store
 * @param {import("../mcp.js").McpServerOptions} options
 */
export function createMcpServer(store, { name = "scribe-store", version = VERSION, ...options } = {}) {
  const tools = agentTools(store, options);
  // Stores that tell of changes tell of those of the tools as well.
  const isLive = typeof store.subscribe === "function";
  const capabilities = { resources: { listChanged: true, subscribe: isLive } };
  const server = new McpServer({ name, version }, { instructions: INSTRUCTIONS, capabilities });
  addResources(server, store);
  if (isLive) tellUpdates(server, store);
  for (const tool of tools) addTool(server, tool, () => !isLive && server.sendResourceListChanged());
  return server;
}

function addTool(server, tool, onCreated) {
  const { name, title, description, readOnly, inputSchema, outputSchema, execute } = tool;
  const annotations = { title, readOnlyHint: readOnly, openWorldHint: false };
  if (!readOnly)
    Object.assign(annotations, { destructiveHint: false, idempotentHint: name === "set_project" });
  const config = {
    title,
    description,
    inputSchema: described(inputSchema),
    outputSchema: described(outputSchema),
    annotations,
  };
  server.registerTool(name, config, async (input, { signal }) => {
    try {
      const result = await execute(input, { signal });
      if (result.created) onCreated();
      return { content: [{ type: "text", text: JSON.stringify(result) }], structuredContent: result };
    } catch (error) {
      if (!isScribeError(error)) throw error;
      const text = JSON.stringify({ error: { code: error.code, message: error.message } });
      return { content: [{ type: "text", text }], isError: true };
    }
  });
}

/**
 * What the SDK takes for a schema: it lets every object pass, for the tool checks it, and says of itself what the JSON
 * Schema says.
 */
function described(schema) {
  return z.looseObject({}).register(z.globalRegistry, schema);
}
