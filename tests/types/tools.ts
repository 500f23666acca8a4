// What users write with the tools must compile, in every environment; with the packages of models' APIs see sdks.ts.

import type { ScribeStore } from "scribe-store";
import {
  type AgentTool,
  type AgentToolName,
  type AgentToolsOptions,
  agentTools,
  anthropicTools,
  openAIChatTools,
  openAIResponsesTools,
  registerWebMCP,
  type ToolError,
  type ToolSchema,
  type WebMCPContext,
} from "scribe-store/tools";

export async function tools(store: ScribeStore): Promise<AgentTool[]> {
  const options: AgentToolsOptions = { agentId: "ada" };
  const made: AgentTool[] = agentTools(store, { ...options, sessionId: "s" });
  for (const tool of made) {
    const name: AgentToolName = tool.name;
    const schema: ToolSchema = tool.inputSchema;
    const result: { [name: string]: unknown } = await tool.execute({ project: name }, {});
    await tool.execute();
    void [schema.required, result.next, tool.title, tool.description, tool.readOnly, tool.outputSchema];
  }
  return made;
}

export async function formats(made: AgentTool[], context: WebMCPContext): Promise<void> {
  const call = { id: "1", type: "function", function: { name: "get_project", arguments: "{}" } };
  const answers = await openAIChatTools(made).run([call], {});
  const content: string[] = answers.map((answer) => answer.content);
  const outputs = await openAIResponsesTools(made).run([{ type: "reasoning" }]);
  const blocks = await anthropicTools(made).run([{ type: "text" }]);
  const failed: ToolError = JSON.parse(content[0] ?? "");
  void [outputs, blocks, failed.error.code];

  const unregister: (() => void) | null = await registerWebMCP(made);
  unregister?.();
  await registerWebMCP(made, { modelContext: context, exposedTo: ["https://example.com"] });
}

export async function mistakes(store: ScribeStore, made: AgentTool[]): Promise<void> {
  // @ts-expect-error: no agent
  agentTools(store, {});
  // @ts-expect-error: an unknown option
  agentTools(store, { agentId: "a", session: "s" });
  // @ts-expect-error: a name that no tool has
  made.find((tool) => tool.name === "delete_project");
  // @ts-expect-error: the browser may know no WebMCP
  (await registerWebMCP(made))();
  // @ts-expect-error: tools are read-only
  for (const tool of made) tool.name = "get_project";
}
