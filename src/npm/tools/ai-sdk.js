/**
 * The tools for the Vercel AI SDK.
 * @module
 */

/**
 * @param {readonly import("../tools.js").AgentTool[]} tools
 * @param {import("../tools.js").AiSdk & { strict?: boolean }} sdk
 */
export function aiSdkTools(tools, { tool, jsonSchema, strict }) {
  return Object.fromEntries(
    tools.map(({ name, description, inputSchema, outputSchema, execute }) => [
      name,
      tool({
        description,
        inputSchema: jsonSchema(inputSchema),
        outputSchema: jsonSchema(outputSchema),
        ...(strict !== undefined && { strict }),
        // It makes results for the model of errors by itself.
        execute: (input, { abortSignal } = {}) => execute(input, { signal: abortSignal }),
      }),
    ]),
  );
}
