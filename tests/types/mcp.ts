// What users write with the Model Context Protocol's SDK must compile.

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { ScribeStore } from "scribe-store";
import { createMcpServer, PostMessageTransport } from "scribe-store/mcp";

export async function mcp(
  store: ScribeStore,
  worker: Worker,
  frame: Window,
  port: MessagePort,
): Promise<void> {
  const server: McpServer = createMcpServer(store, {
    agentId: "ada",
    sessionId: "s",
    name: "n",
    version: "1",
  });
  for (const transport of [new PostMessageTransport(worker), new PostMessageTransport(port)]) {
    const sdks: Transport = transport;
    await server.connect(transport);
    await new Client({ name: "c", version: "1" }).connect(sdks);
  }
  await server.connect(new PostMessageTransport(frame, { origin: "https://agent.example" }));
  // @ts-expect-error: no agent
  createMcpServer(store, { name: "n" });
  // @ts-expect-error: nothing that messages could be posted to
  new PostMessageTransport({});
}
