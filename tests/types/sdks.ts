// The tools fit what the packages of models' APIs take and give.

import type Anthropic from "@anthropic-ai/sdk";
import { generateText, jsonSchema, type LanguageModel, type ToolSet, tool } from "ai";
import type OpenAI from "openai";
import type { ScribeStore } from "scribe-store";
import {
  agentTools,
  aiSdkTools,
  anthropicTools,
  openAIChatTools,
  openAIResponsesTools,
} from "scribe-store/tools";

export async function chat(client: OpenAI, store: ScribeStore): Promise<void> {
  const { tools, run } = openAIChatTools(agentTools(store, { agentId: "ada" }));
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "Go" }];
  const { choices } = await client.chat.completions.create({ model: "m", messages, tools });
  const message = choices[0]?.message;
  if (message) messages.push(message, ...(await run(message.tool_calls)));
}

export async function responses(client: OpenAI, store: ScribeStore, signal: AbortSignal): Promise<void> {
  const { tools, run } = openAIResponsesTools(agentTools(store, { agentId: "ada" }));
  const input: OpenAI.Responses.ResponseInput = [{ role: "user", content: "Go" }];
  const response = await client.responses.create({ model: "m", input, tools });
  // Not all that may come out may go in, by the types of the package itself.
  input.push(...(response.output as OpenAI.Responses.ResponseInput));
  input.push(...(await run(response.output, { signal })));
}

export async function messages(client: Anthropic, store: ScribeStore): Promise<void> {
  const { tools, run } = anthropicTools(agentTools(store, { agentId: "ada" }));
  const sent: Anthropic.MessageParam[] = [{ role: "user", content: "Go" }];
  const message = await client.messages.create({ model: "m", max_tokens: 1024, messages: sent, tools });
  sent.push({ role: "assistant", content: message.content });
  sent.push({ role: "user", content: await run(message.content) });
}

export async function vercel(model: LanguageModel, store: ScribeStore): Promise<void> {
  const tools = aiSdkTools(agentTools(store, { agentId: "ada" }), { tool, jsonSchema });
  const set: ToolSet = tools;
  await generateText({ model, prompt: "Go", tools });
  const { toolCalls } = await generateText({ model, prompt: "Go", tools: { ...set } });
  void toolCalls;
  aiSdkTools(agentTools(store, { agentId: "ada" }), { tool, jsonSchema, strict: true });
  // @ts-expect-error: `jsonSchema` is needed
  aiSdkTools(agentTools(store, { agentId: "ada" }), { tool });
}
