/**
 * The store as tools for models: schemas, descriptions and calls, and how to hand them to the OpenAI API, the
 * Anthropic API, the Vercel AI SDK, and the browser's own agent (WebMCP). For the Model Context Protocol see
 * `scribe-store/mcp`.
 *
 * @example
 * ```js
 * import { openStore } from "scribe-store";
 * import { agentTools } from "scribe-store/tools";
 *
 * const store = await openStore();
 * const tools = agentTools(store, { agentId: "ada" });
 * const append = tools.find((tool) => tool.name === "append_entry");
 * await append.execute({ message: "Parser done", status: "success", project: "demo" });
 * ```
 * @module
 */

import type { ScribeErrorCode, ScribeStore } from "./index.js";

/** The type of `AbortSignal`; `never` where the environment's types lack it. */
type Signal = typeof globalThis extends { AbortSignal: { prototype: infer Instance } } ? Instance : never;

/** Options of {@link agentTools}. */
export interface AgentToolsOptions {
  /** Agent that the tools act for: its entries are signed with it, and its current project is used. Not empty. */
  agentId: string;
  /**
   * Session that the tools keep alive, not empty. It is started with the first call, or taken on if it is there, and
   * touched by later calls, at most every 30 seconds; {@link ScribeStore.endSession} ends it. Default: a new one.
   */
  sessionId?: string;
}

/** Names of the tools. */
export type AgentToolName =
  | "set_project"
  | "get_project"
  | "list_projects"
  | "append_entry"
  | "read_recent"
  | "query_entries";

/**
 * A JSON Schema of an object, valid in draft-07 and 2020-12. Those of inputs keep to what strict modes of model
 * providers accept: every property is required, what may be left out may be `null`, and there are no others.
 */
export type ToolSchema = {
  type: "object";
  properties: { [name: string]: unknown };
  required: string[];
  additionalProperties: false;
};

/** Options of a call. */
export interface ToolCallOptions {
  /**
   * Aborts the call, which then rejects with the signal's reason. A tool that writes heeds it only until it begins;
   * from then on it is waited for, so that it is known what it did.
   */
  signal?: Signal | undefined;
}

/** A tool for a model. */
export interface AgentTool {
  /** Name, of lower-case letters and `_`. */
  readonly name: AgentToolName;
  /** Name for people. */
  readonly title: string;
  /** What it does and when to use it, written for the model. */
  readonly description: string;
  /** Whether it changes nothing but the sign of life of the agent's session. */
  readonly readOnly: boolean;
  /** Schema of what {@link AgentTool.execute} takes. */
  readonly inputSchema: ToolSchema;
  /** Schema of what {@link AgentTool.execute} resolves to. */
  readonly outputSchema: ToolSchema;
  /**
   * Runs the tool. What the schema allows to be `null` may also be left out.
   *
   * Calls of one agent's tools run one after the other, in the order in which they were made. Results are short:
   * they come in pages, `next` is the cursor of the next one, and long texts are cut, with a mark that says how to
   * get them whole.
   *
   * Rejects with a `ScribeError` whose message, written for the model, names the tool, the place and what was
   * expected: with `invalid_argument` for input that does not fit; with `not_found` also if no project is named and
   * there is no current one; with `conflict` if the current project was changed elsewhere since the tools last told
   * it, and the call would replace it or write to it. Then nothing was written, and calling again goes on from what
   * is current now. Otherwise it rejects as the store does, or with the signal's reason.
   */
  execute(input?: unknown, options?: ToolCallOptions): Promise<{ [name: string]: unknown }>;
}

/**
 * Makes the tools of an agent: `set_project`, `get_project`, `list_projects`, `append_entry`, `read_recent` and
 * `query_entries`. Make them once for each agent and session; they remember what they told of the current project,
 * so that a change by another tab is noticed before anything is written to the wrong place.
 *
 * Throws a `ScribeError` with `invalid_argument` for options that are wrong.
 *
 * @example
 * ```js
 * const tools = agentTools(store, { agentId: "ada", sessionId: crypto.randomUUID() });
 * ```
 */
export function agentTools(store: ScribeStore, options: AgentToolsOptions): AgentTool[];

/** What a model gets instead of a result, in formats that have no place for errors: an object of this shape. */
export interface ToolError {
  readonly error: { readonly code: ScribeErrorCode; readonly message: string };
}

// ---------------------------------------------------------------- OpenAI

/** The tools for the Chat Completions API. */
export interface OpenAIChatTools {
  /** The request's `tools`, in strict mode. */
  readonly tools: { type: "function"; function: OpenAIFunction }[];
  /**
   * Runs the calls of a message, one after the other, and resolves to the messages that answer them. Errors of the
   * tools, names that are none of theirs included, are answers, too: JSON of {@link ToolError}.
   *
   * @param calls The message's `tool_calls`, which may be missing.
   */
  run(
    calls: readonly OpenAIChatCall[] | null | undefined,
    options?: ToolCallOptions,
  ): Promise<{ role: "tool"; tool_call_id: string; content: string }[]>;
}

/** A function, as the OpenAI API wants it described. */
export interface OpenAIFunction {
  name: AgentToolName;
  description: string;
  parameters: ToolSchema;
  strict: true;
}

/** A call in a message of the Chat Completions API. */
export interface OpenAIChatCall {
  readonly id: string;
  readonly type: string;
  readonly function?: { readonly name: string; readonly arguments: string };
}

/**
 * Gives the tools in the format of OpenAI's Chat Completions API, which many others speak as well.
 *
 * @example
 * ```js
 * const { tools, run } = openAIChatTools(agentTools(store, { agentId: "ada" }));
 * const { choices } = await client.chat.completions.create({ model, messages, tools });
 * messages.push(choices[0].message, ...(await run(choices[0].message.tool_calls)));
 * ```
 */
export function openAIChatTools(tools: readonly AgentTool[]): OpenAIChatTools;

/** The tools for the Responses API. */
export interface OpenAIResponsesTools {
  /** The request's `tools`, in strict mode. */
  readonly tools: ({ type: "function" } & OpenAIFunction)[];
  /**
   * Runs the function calls of a response's `output`, one after the other, and resolves to the items that answer them;
   * other items are passed over. Errors of the tools are answers, too, as in {@link OpenAIChatTools.run}.
   */
  run(
    output: readonly { readonly type: string }[],
    options?: ToolCallOptions,
  ): Promise<{ type: "function_call_output"; call_id: string; output: string }[]>;
}

/**
 * Gives the tools in the format of OpenAI's Responses API.
 *
 * @example
 * ```js
 * const { tools, run } = openAIResponsesTools(agentTools(store, { agentId: "ada" }));
 * const response = await client.responses.create({ model, input, tools });
 * input.push(...response.output, ...(await run(response.output)));
 * ```
 */
export function openAIResponsesTools(tools: readonly AgentTool[]): OpenAIResponsesTools;

// ---------------------------------------------------------------- Anthropic

/** The tools for the Messages API. */
export interface AnthropicTools {
  /** The request's `tools`. */
  readonly tools: { name: AgentToolName; description: string; input_schema: ToolSchema }[];
  /**
   * Runs the `tool_use` blocks of a message's `content`, one after the other, and resolves to the `tool_result` blocks
   * that answer them; other blocks are passed over. Errors of the tools are results with `is_error`.
   */
  run(
    content: readonly { readonly type: string }[],
    options?: ToolCallOptions,
  ): Promise<AnthropicToolResult[]>;
}

/** The answer to a `tool_use` block. */
export interface AnthropicToolResult {
  type: "tool_result";
  tool_use_id: string;
  /** JSON of the result, or of a {@link ToolError}. */
  content: string;
  is_error?: true;
}

/**
 * Gives the tools in the format of Anthropic's Messages API.
 *
 * @example
 * ```js
 * const { tools, run } = anthropicTools(agentTools(store, { agentId: "ada" }));
 * const message = await client.messages.create({ model, max_tokens: 1024, messages, tools });
 * messages.push({ role: "assistant", content: message.content });
 * messages.push({ role: "user", content: await run(message.content) });
 * ```
 */
export function anthropicTools(tools: readonly AgentTool[]): AnthropicTools;

// ---------------------------------------------------------------- Vercel AI SDK

/** What the package `ai` exports, as far as it is needed. */
export interface AiSdk {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the installed version takes and gives.
  tool: (...args: any[]) => any;
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  jsonSchema: (...args: any[]) => any;
}

/** A tool of the Vercel AI SDK. */
export interface AiSdkTool<Schema> {
  description: string;
  inputSchema: Schema;
  outputSchema: Schema;
  strict?: boolean;
  execute(
    input: unknown,
    options: { abortSignal?: Signal | undefined },
  ): Promise<{ [name: string]: unknown }>;
}

/**
 * Gives the tools as a tool set of the Vercel AI SDK, which runs them itself, and makes results for the model of their
 * errors.
 *
 * @param sdk `tool` and `jsonSchema` of the package `ai`; and `strict`, if the model's provider should be told to keep
 *   strictly to the schemas.
 *
 * @example
 * ```js
 * import { generateText, jsonSchema, isStepCount, tool } from "ai";
 *
 * const tools = aiSdkTools(agentTools(store, { agentId: "ada" }), { tool, jsonSchema });
 * const { text } = await generateText({ model, prompt, tools, stopWhen: isStepCount(10) });
 * ```
 */
export function aiSdkTools<Sdk extends AiSdk>(
  tools: readonly AgentTool[],
  sdk: Sdk & { strict?: boolean },
): { [Name in AgentToolName]: AiSdkTool<ReturnType<Sdk["jsonSchema"]>> };

// ---------------------------------------------------------------- WebMCP

/** Where tools are registered for the browser's own agent; browsers without it have none. */
export interface WebMCPContext {
  // biome-ignore lint/suspicious/noExplicitAny: drafts differ in their types.
  registerTool(tool: any, options?: any): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  unregisterTool?(name: any): unknown;
}

/** Options of {@link registerWebMCP}. */
export interface WebMCPOptions {
  /** Where to register. Default: `document.modelContext`, or `navigator.modelContext` as in drafts before. */
  modelContext?: WebMCPContext | undefined;
  /** Origins of other documents on the page that may see the tools as well. Default: none. */
  exposedTo?: string[] | undefined;
}

/**
 * Registers the tools with the browser, for its own agent and for agents on the page
 * ([WebMCP](https://webmachinelearning.github.io/webmcp/)). Errors of the tools are results, {@link ToolError}, because
 * the agent is not told why a call rejected.
 *
 * Resolves to a function that takes them back, or, where the browser knows no WebMCP, to `null`, and nothing happened.
 * Rejects as the browser does, for instance if the page has a tool of such a name already; then none is registered.
 *
 * @example
 * ```js
 * const unregister = await registerWebMCP(agentTools(store, { agentId: "browser" }));
 * if (unregister === null) console.log("this browser has no agent to give tools to");
 * ```
 */
export function registerWebMCP(
  tools: readonly AgentTool[],
  options?: WebMCPOptions,
): Promise<(() => void) | null>;

// biome-ignore lint/complexity/noUselessEmptyExport: without it, what is not marked `export` would be exported too.
export {};
