/**
 * The entry `scribe-store/tools`: the store as tools for models.
 * @module
 */

export { aiSdkTools } from "./ai-sdk.js";
export { anthropicTools } from "./anthropic.js";
export { openAIChatTools, openAIResponsesTools } from "./openai.js";
export { agentTools } from "./tools.js";
export { registerWebMCP } from "./web-mcp.js";
