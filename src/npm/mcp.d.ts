/**
 * The store as a server of the [Model Context Protocol](https://modelcontextprotocol.io), on its official SDK, which
 * has to be installed beside this package: `npm install @modelcontextprotocol/sdk zod`.
 *
 * @example
 * ```js
 * import { openStore } from "scribe-store";
 * import { createMcpServer, PostMessageTransport } from "scribe-store/mcp";
 *
 * // In a worker: whoever started it is the client.
 * const transport = new PostMessageTransport(self);
 * const server = createMcpServer(await openStore(), { agentId: "ada" });
 * await server.connect(transport);
 * ```
 * @module
 */

import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { ScribeStore } from "./index.js";
import type { AgentToolsOptions } from "./tools.js";

/** Options of {@link createMcpServer}. */
export interface McpServerOptions extends AgentToolsOptions {
  /** Name that the server tells clients. Default `"scribe-store"`. */
  name?: string;
  /** Version that the server tells clients. Default: that of this package. */
  version?: string;
}

/**
 * Makes a server of the Model Context Protocol, which `connect` connects to any transport of the SDK. To it more tools,
 * resources and prompts can be added.
 *
 * Its tools are those of `agentTools` in `scribe-store/tools`, for one agent in one session; a tool's error is a result
 * with `isError`. Its resources are:
 *
 * - `scribe://projects`: all projects, as JSON;
 * - `scribe://projects/{name}`: a project, and how its log stands, as JSON;
 * - `scribe://projects/{name}/log`: the newest 200 lines of its log, newest first. `_meta` holds the `total` of entries,
 *   and in `next` the address of the lines that follow, or `null`.
 *
 * Clients are told when there are other projects. Where the store has `subscribe`, they are told so of changes in all tabs,
 * and can subscribe to resources; for that the server uses `oninitialized` and `onclose` of its member `server`.
 *
 * Names are percent-encoded. Projects named `.` or `..` have no address. What is not there rejects with the protocol's
 * code -32002.
 *
 * Throws a `ScribeError` with `invalid_argument` for options that are wrong. Closing the server does not close the store.
 *
 * @example
 * ```js
 * const server = createMcpServer(store, { agentId: "ada" });
 * const { port1, port2 } = new MessageChannel();
 * frame.contentWindow.postMessage("mcp", "https://agent.example", [port2]);
 * await server.connect(new PostMessageTransport(port1));
 * ```
 */
export function createMcpServer(store: ScribeStore, options: McpServerOptions): McpServer;

/** What messages can be posted to: a `MessagePort`, a `Worker`, a worker's `self`, or a `Window`. */
export interface MessageTarget {
  // biome-ignore lint/suspicious/noExplicitAny: windows take a second argument of their own.
  postMessage(message: any, ...rest: any[]): void;
}

/** Options of {@link PostMessageTransport}. */
export interface PostMessageTransportOptions {
  /**
   * For a window, and needed for it: its origin. Messages go only to that origin, and are taken only from that origin
   * and window. `"*"` is any origin, for frames that have none of their own; whatever is loaded there then can call.
   */
  origin?: string;
}

/**
 * Carries the protocol between windows, frames and workers, for servers and clients alike, by messages that are
 * structured clones of the protocol's own. Other messages are passed over.
 *
 * It listens from the moment it is made, and keeps what arrives until it is connected: make it before anything is
 * awaited. A message that is posted to a window or worker before anybody listens there is lost; a `MessagePort` keeps
 * it. Closing it closes a `MessagePort`, but no worker and no window; of ports it notices, where the browser tells,
 * that the other side has closed.
 *
 * @example
 * ```js
 * // On a page, with a server in a frame of another origin.
 * const transport = new PostMessageTransport(frame.contentWindow, { origin: "https://agent.example" });
 * await client.connect(transport);
 * ```
 */
export class PostMessageTransport implements Transport {
  /**
   * Throws a `ScribeError` with `invalid_argument` for what messages cannot be posted to, and for a window without
   * `origin`.
   */
  constructor(target: MessageTarget, options?: PostMessageTransportOptions);
  /** Called when it is closed, by either side. */
  onclose?: () => void;
  /** Called for a message that cannot be read. */
  onerror?: (error: Error) => void;
  /** Called for each message of the protocol. */
  onmessage?: <Message extends JSONRPCMessage>(message: Message) => void;
  /** Hands over what arrived so far, and then what arrives. `connect` of a server or client calls it. */
  start(): Promise<void>;
  /** Sends a message. Rejects with `closed` once it is closed. */
  send(message: JSONRPCMessage): Promise<void>;
  /** Closes it. May be called again. */
  close(): Promise<void>;
}
