/**
 * The tools in the formats of the OpenAI API, which others speak as well.
 * @module
 */

import { inOrder, outcomeOf, outcomeOfText, textOf } from "./outcome.js";

/**
 * @param {readonly import("../tools.js").AgentTool[]} tools
 * @returns {import("../tools.js").OpenAIChatTools}
 */
export function openAIChatTools(tools) {
  return {
    tools: tools.map(({ name, description, inputSchema }) => ({
      type: "function",
      function: { name, description, parameters: inputSchema, strict: true },
    })),
    run: (calls, options) =>
      inOrder(calls ?? [], async (call) => ({
        role: "tool",
        tool_call_id: call.id,
        // Other kinds of calls have no function; nobody offered them.
        content: textOf(
          await (call.function
            ? outcomeOfText(tools, call.function.name, call.function.arguments, options)
            : outcomeOf(tools, call[call.type]?.name ?? call.type, {}, options)),
        ),
      })),
  };
}

/**
 * @param {readonly import("../tools.js").AgentTool[]} tools
 * @returns {import("../tools.js").OpenAIResponsesTools}
 */
export function openAIResponsesTools(tools) {
  return {
    tools: tools.map(({ name, description, inputSchema }) => ({
      type: "function",
      name,
      description,
      parameters: inputSchema,
      strict: true,
    })),
    run: (output, options) =>
      inOrder(
        output.filter(({ type }) => type === "function_call"),
        async (call) => ({
          type: "function_call_output",
          call_id: call.call_id,
          output: textOf(await outcomeOfText(tools, call.name, call.arguments, options)),
        }),
      ),
  };
}
