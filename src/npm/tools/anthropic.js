/**
 * The tools in the format of the Anthropic Messages API.
 * @module
 */

import { inOrder, outcomeOf, textOf } from "./outcome.js";

/**
 * @param {readonly import("../tools.js").AgentTool[]} tools
 * @returns {import("../tools.js").AnthropicTools}
 */
export function anthropicTools(tools) {
  return {
    tools: tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: inputSchema,
    })),
    run: (content, options) =>
      inOrder(
        content.filter(({ type }) => type === "tool_use"),
        async ({ id, name, input }) => {
          const outcome = await outcomeOf(tools, name, input, options);
          return {
            type: "tool_result",
            tool_use_id: id,
            content: textOf(outcome),
            ...(outcome.error && { is_error: true }),
          };
        },
      ),
  };
}
