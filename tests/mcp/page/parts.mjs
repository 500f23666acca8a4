// What the page's scripts have in common.

import { openStore } from "scribe-store/inline";
import { createMcpServer } from "scribe-store/mcp";
import * as z from "zod/v4-mini";

/** Else zod tries whether it may make code, of which the page's policy complains. */
export function keepToThePolicy() {
  z.config({ jitless: true });
}

/** Opens a store and serves it. */
export async function serve(transport, agentId) {
  keepToThePolicy();
  const store = await openStore({ name: agentId });
  await createMcpServer(store, { agentId }).connect(transport);
}
