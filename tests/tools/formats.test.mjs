// The tools in the formats of models' APIs, through the clients that people use, which talk to a provider made up here.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { generateText, isStepCount, jsonSchema, tool } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import OpenAI from "openai";
import {
  agentTools,
  aiSdkTools,
  anthropicTools,
  openAIChatTools,
  openAIResponsesTools,
} from "scribe-store/tools";
import { fill, openMemory } from "./world.mjs";

/** What the model does: it writes, makes a mistake, calls what is not there, and reads. */
const CALLS = [
  ["set_project", { project: "a", root: null, log_path: null }],
  ["append_entry", { message: "From a model", status: "plan", project: null, meta: null }],
  ["append_entry", { message: "m", status: "fatal", project: null, meta: null }],
  ["delete_project", { project: "a" }],
  ["read_recent", { project: null, limit: null, cursor: null }],
];

/** What it must be told, as objects. */
function checkAnswers(answers) {
  assert.equal(answers.length, CALLS.length);
  const [set, appended, mistake, unknown, recent] = answers;
  assert.match(
    unknown.error.message,
    /^there is no tool "delete_project": there are set_project, .*query_entries$/,
  );
  checkKnown(set, appended, mistake, recent);
}

function checkKnown(set, appended, mistake, recent) {
  assert.deepEqual([set.project, set.version], ["a", 1]);
  assert.equal(appended.status, "plan");
  assert.deepEqual(Object.keys(mistake), ["error"]);
  assert.equal(mistake.error.code, "invalid_argument");
  assert.match(mistake.error.message, /^append_entry: \/status: expected one of .*, got "fatal"$/);
  assert.deepEqual(
    recent.entries.map(({ message, agent }) => [message, agent]),
    [["From a model", "ada"]],
  );
}

/** A `fetch` that gives answers in turn, and notes what it was asked. */
function provider(...answers) {
  const asked = [];
  const fetch = async (url, { body }) => {
    asked.push({ path: new URL(url).pathname, body: JSON.parse(body) });
    return Response.json(answers[asked.length - 1]);
  };
  return { asked, fetch };
}

async function world(t) {
  const store = await openMemory(t);
  await fill(store, { a: 0 });
  return { store, tools: agentTools(store, { agentId: "ada" }) };
}

const texts = (answers) => answers.map((text) => JSON.parse(text));

test("OpenAI, chat completions", async (t) => {
  const { tools: all } = await world(t);
  const completion = (message, finish_reason) => ({
    id: "c",
    object: "chat.completion",
    created: 0,
    model: "m",
    choices: [{ index: 0, finish_reason, logprobs: null, message: { refusal: null, ...message } }],
  });
  const { asked, fetch } = provider(
    completion(
      {
        role: "assistant",
        content: null,
        tool_calls: CALLS.map(([name, input], index) => ({
          id: `call_${index}`,
          type: "function",
          function: { name, arguments: JSON.stringify(input) },
        })),
      },
      "tool_calls",
    ),
    completion({ role: "assistant", content: "Done" }, "stop"),
  );
  const client = new OpenAI({ apiKey: "none", fetch, maxRetries: 0 });

  const { tools, run } = openAIChatTools(all);
  const messages = [{ role: "user", content: "Go" }];
  for (;;) {
    const { choices } = await client.chat.completions.create({ model: "m", messages, tools });
    messages.push(choices[0].message, ...(await run(choices[0].message.tool_calls)));
    if (choices[0].finish_reason === "stop") break;
  }

  assert.equal(messages.at(-1).content, "Done");
  assert.deepEqual(
    asked[0].body.tools,
    all.map(({ name, description, inputSchema }) => ({
      type: "function",
      function: { name, description, parameters: inputSchema, strict: true },
    })),
  );
  const answers = asked[1].body.messages.filter(({ role }) => role === "tool");
  assert.deepEqual(
    answers.map(({ tool_call_id }) => tool_call_id),
    CALLS.map((_, index) => `call_${index}`),
  );
  checkAnswers(texts(answers.map(({ content }) => content)));

  // What models write that is not what they should.
  const [broken, none, custom] = await run([
    { id: "1", type: "function", function: { name: "get_project", arguments: '{"project":' } },
    { id: "2", type: "function", function: { name: "get_project", arguments: "" } },
    { id: "3", type: "custom", custom: { name: "shell", input: "ls" } },
  ]);
  assert.match(JSON.parse(broken.content).error.message, /^get_project: the arguments are not JSON: /);
  assert.equal(JSON.parse(none.content).project, "a");
  assert.match(JSON.parse(custom.content).error.message, /^there is no tool "shell"/);
  assert.deepEqual(await run(undefined), []);
});

test("OpenAI, responses", async (t) => {
  const { tools: all } = await world(t);
  const response = (output) => ({
    id: "r",
    object: "response",
    created_at: 0,
    model: "m",
    status: "completed",
    output,
  });
  const { asked, fetch } = provider(
    response([
      { type: "reasoning", id: "rs_1", summary: [] },
      ...CALLS.map(([name, input], index) => ({
        type: "function_call",
        id: `fc_${index}`,
        call_id: `call_${index}`,
        name,
        arguments: JSON.stringify(input),
      })),
    ]),
    response([
      {
        type: "message",
        id: "msg_1",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: "Done", annotations: [] }],
      },
    ]),
  );
  const client = new OpenAI({ apiKey: "none", fetch, maxRetries: 0 });

  const { tools, run } = openAIResponsesTools(all);
  const input = [{ role: "user", content: "Go" }];
  let last;
  do {
    last = await client.responses.create({ model: "m", input, tools });
    input.push(...last.output, ...(await run(last.output)));
  } while (last.output_text === "");

  assert.equal(last.output_text, "Done");
  assert.deepEqual(
    asked[0].body.tools.map(({ type, name, strict }) => [type, name, strict]),
    all.map(({ name }) => ["function", name, true]),
  );
  const answers = asked[1].body.input.filter(({ type }) => type === "function_call_output");
  assert.deepEqual(
    answers.map(({ call_id }) => call_id),
    CALLS.map((_, index) => `call_${index}`),
  );
  checkAnswers(texts(answers.map(({ output }) => output)));
});

test("Anthropic, messages", async (t) => {
  const { tools: all } = await world(t);
  const message = (content, stop_reason) => ({
    id: "msg",
    type: "message",
    role: "assistant",
    model: "m",
    content,
    stop_reason,
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  });
  const { asked, fetch } = provider(
    message(
      [
        { type: "text", text: "Let me see." },
        ...CALLS.map(([name, input], index) => ({ type: "tool_use", id: `toolu_${index}`, name, input })),
      ],
      "tool_use",
    ),
    message([{ type: "text", text: "Done" }], "end_turn"),
  );
  const client = new Anthropic({ apiKey: "none", fetch, maxRetries: 0 });

  const { tools, run } = anthropicTools(all);
  const messages = [{ role: "user", content: "Go" }];
  let last;
  do {
    last = await client.messages.create({ model: "m", max_tokens: 1024, messages, tools });
    messages.push({ role: "assistant", content: last.content });
    messages.push({ role: "user", content: await run(last.content) });
  } while (last.stop_reason === "tool_use");

  assert.deepEqual(
    asked[0].body.tools,
    all.map(({ name, description, inputSchema }) => ({ name, description, input_schema: inputSchema })),
  );
  const answers = asked[1].body.messages.at(-1).content;
  assert.deepEqual(
    answers.map(({ type, tool_use_id, is_error }) => [type, tool_use_id, is_error]),
    CALLS.map((_, index) => ["tool_result", `toolu_${index}`, [2, 3].includes(index) ? true : undefined]),
  );
  checkAnswers(texts(answers.map(({ content }) => content)));
});

describe("Vercel AI SDK", () => {
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  };

  test("runs the tools, and tells the model their errors", async (t) => {
    const { tools: all } = await world(t);
    const finish = (unified) => ({ unified, raw: unified });
    const steps = [
      ...CALLS.filter(([name]) => name !== "delete_project").map(([toolName, input], index) => ({
        content: [{ type: "tool-call", toolCallId: `call-${index}`, toolName, input: JSON.stringify(input) }],
        finishReason: finish("tool-calls"),
        usage,
        warnings: [],
      })),
      { content: [{ type: "text", text: "Done" }], finishReason: finish("stop"), usage, warnings: [] },
    ];
    const model = new MockLanguageModelV4({
      doGenerate: async () => steps[model.doGenerateCalls.length - 1],
    });
    const tools = aiSdkTools(all, { tool, jsonSchema });
    const { text } = await generateText({ model, prompt: "Go", tools, stopWhen: isStepCount(10) });

    assert.equal(text, "Done");
    assert.deepEqual(
      model.doGenerateCalls[0].tools.map(({ type, name, description, inputSchema, strict }) => {
        return { type, name, description, inputSchema, strict };
      }),
      all.map(({ name, description, inputSchema }) => {
        return { type: "function", name, description, inputSchema, strict: undefined };
      }),
    );
    const outputs = model.doGenerateCalls
      .at(-1)
      .prompt.filter(({ role }) => role === "tool")
      .flatMap(({ content }) => content.map(({ output }) => output));
    assert.deepEqual(
      outputs.map(({ type }) => type),
      ["json", "json", "error-text", "json"],
    );
    const [set, appended, mistake, recent] = outputs.map(({ value }) => value);
    // It writes what kind of error it was in front.
    const message = mistake.replace(/^ScribeError: /, "");
    checkKnown(set, appended, { error: { code: "invalid_argument", message } }, recent);
  });

  test("passes on the signal, and strictness if asked", async (t) => {
    const { tools: all } = await world(t);
    const { get_project } = aiSdkTools(all, { tool, jsonSchema, strict: true });
    assert.equal(get_project.strict, true);
    const reason = new Error("enough");
    await assert.rejects(get_project.execute({}, { abortSignal: AbortSignal.abort(reason) }), reason);
  });
});

test("what is not the model's matter is no answer: signals and bugs", async (t) => {
  const { store, tools } = await world(t);
  const call = { id: "1", type: "function", function: { name: "list_projects", arguments: "{}" } };
  const reason = new Error("enough");
  await assert.rejects(openAIChatTools(tools).run([call], { signal: AbortSignal.abort(reason) }), reason);
  const bug = new TypeError("a bug");
  t.mock.method(store, "listProjects", () => Promise.reject(bug));
  const block = { type: "tool_use", id: "1", name: "list_projects", input: {} };
  await assert.rejects(anthropicTools(tools).run([block]), bug);
});
