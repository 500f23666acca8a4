/**
 * The entry `scribe-store/mcp`: the store as a server of the Model Context Protocol.
 * @module
 */

export { PostMessageTransport } from "./post-message.js";
export { createMcpServer } from "./server.js";
