/**
 * Telling the client what changed, in whatever tab.
 * @module
 */

import { SubscribeRequestSchema, UnsubscribeRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { addressesOf, PROJECTS } from "./resources.js";

/**
 * Has a server tell its client which of the resources that it subscribed to changed, and when there are others.
 *
 * @param {import("@modelcontextprotocol/sdk/server/mcp.js").McpServer} mcp
 * @param {import("../index.js").ScribeStore} store
 */
export function tellUpdates(mcp, store) {
  const { server } = mcp;
  const wanted = new Set();
  let unsubscribe;

  server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    wanted.add(params.uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    wanted.delete(params.uri);
    return {};
  });
  server.oninitialized = () => {
    unsubscribe?.();
    unsubscribe = store.subscribe((change) => {
      for (const uri of changedBy(change))
        if (wanted.has(uri)) send(() => server.sendResourceUpdated({ uri }));
      if (change.kind === "project" && change.action !== "pruned")
        send(() => server.sendResourceListChanged());
    });
  };
  server.onclose = () => {
    unsubscribe?.();
    unsubscribe = undefined;
    wanted.clear();
  };
}

/** Addresses of what a change shows in. */
function changedBy({ kind, project }) {
  if (kind === "entries") return addressesOf(project);
  return kind === "project" ? [PROJECTS, ...addressesOf(project)] : [];
}

/** Sends a message that nobody waits for. If it cannot be sent, the connection is gone, which `onclose` tells. */
async function send(notify) {
  try {
    await notify();
  } catch {}
}
