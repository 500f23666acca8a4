// The server, as the official client sees it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import {
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { createMcpServer, PostMessageTransport } from "scribe-store/mcp";
import { agentTools } from "scribe-store/tools";
import { ROOT } from "../../scripts/toolchain.mjs";
import { fill, openMemory } from "../tools/world.mjs";

/** A store with projects, a server of it, and a client that is connected. */
async function connect(t, projects = {}, options = { agentId: "ada" }) {
  const store = await openMemory(t);
  await fill(store, projects);
  const server = createMcpServer(store, options);
  const client = new Client({ name: "test", version: "1" });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await server.connect(here);
  await client.connect(there);
  t.after(() => client.close());
  return { store, server, client };
}

test("says who it is, and what it is for", async (t) => {
  const { server, client } = await connect(t);
  assert.ok(server instanceof McpServer);
  const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  assert.deepEqual(client.getServerVersion(), { name: "scribe-store", version });
  assert.match(client.getInstructions(), /set_project/);

  const named = await connect(t, {}, { agentId: "ada", name: "logs", version: "9" });
  assert.deepEqual(named.client.getServerVersion(), { name: "logs", version: "9" });
});

test("refuses wrong options", async (t) => {
  const store = await openMemory(t);
  for (const options of [undefined, {}, { agentId: "" }, { agentId: "a", title: "x" }]) {
    assert.throws(() => createMcpServer(store, options), { code: "invalid_argument" });
  }
});

describe("tools", () => {
  test("are those of agentTools, schemas and all", async (t) => {
    const { store, client } = await connect(t);
    const { tools } = await client.listTools();
    const plain = (schema) => ({ ...schema, $schema: undefined });
    assert.deepEqual(
      tools.map(({ name, title, description, inputSchema, outputSchema }) => {
        return [name, title, description, plain(inputSchema), plain(outputSchema)];
      }),
      agentTools(store, { agentId: "ada" }).map(({ name, title, description, inputSchema, outputSchema }) => {
        return [name, title, description, plain(inputSchema), plain(outputSchema)];
      }),
    );
    const readOnly = tools.filter(({ annotations }) => annotations.readOnlyHint).map(({ name }) => name);
    assert.deepEqual(readOnly, ["get_project", "list_projects", "read_recent", "query_entries"]);
    assert.ok(tools.every(({ annotations }) => annotations.destructiveHint !== true));
  });

  // The client checks every result against the tool's schema.
  test("work, all of them", async (t) => {
    const { store, client } = await connect(t, { b: 3 }, { agentId: "ada", sessionId: "s-1" });
    const call = async (name, input) => {
      const { isError, structuredContent, content } = await client.callTool({ name, arguments: input });
      assert.equal(isError, undefined, content[0]?.text);
      assert.deepEqual(JSON.parse(content[0].text), structuredContent);
      return structuredContent;
    };
    await client.listTools();
    assert.equal((await call("get_project")).project, null);
    assert.equal((await call("set_project", { project: "a", root: "/a" })).created, true);
    const { id } = await call("append_entry", { message: "By MCP", meta: [{ key: "n", value: 1 }] });
    assert.equal((await call("read_recent")).entries[0].id, id);
    assert.equal((await call("query_entries", { meta: [{ key: "n", value: 1 }] })).total, 1);
    assert.deepEqual(
      (await call("list_projects")).projects.map(({ project }) => project),
      ["a", "b"],
    );
    assert.equal((await call("read_recent", { project: "b", limit: 2 })).entries.length, 2);
    assert.equal((await store.fetchEntry(id)).agent, "ada");
    assert.equal((await store.fetchAgentSession("s-1")).status, "active");
  });

  test("give errors as results, which say what to do", async (t) => {
    const { client } = await connect(t);
    const error = async (name, input) => {
      const { isError, content } = await client.callTool({ name, arguments: input });
      assert.equal(isError, true);
      return JSON.parse(content[0].text).error;
    };
    assert.deepEqual(await error("append_entry", { message: 1, level: 2 }), {
      code: "invalid_argument",
      message: "append_entry: /level: there is no such argument; /message: expected string, got 1",
    });
    assert.equal((await error("append_entry", { message: "m" })).code, "not_found");
    assert.equal((await error("set_project", { project: "none" })).code, "not_found");
  });

  test("stop when the client cancels", async (t) => {
    const { store, client } = await connect(t, { a: 1 });
    const asked = Promise.withResolvers ? Promise.withResolvers() : withResolvers();
    t.mock.method(
      store,
      "queryEntriesPaginated",
      () => {
        asked.resolve();
        return new Promise(() => {});
      },
      { times: 1 },
    );
    const controller = new AbortController();
    const running = client.callTool({ name: "query_entries", arguments: { project: "a" } }, undefined, {
      signal: controller.signal,
    });
    await asked.promise;
    controller.abort("enough");
    await assert.rejects(running, /enough/);
    // Calls take turns, so this one waits until the cancelled one is gone.
    const { structuredContent } = await client.callTool({ name: "read_recent", arguments: { project: "a" } });
    assert.equal(structuredContent.total, 1);
  });

  test("others can be added", async (t) => {
    const store = await openMemory(t);
    const server = createMcpServer(store, { agentId: "ada" });
    server.registerTool("ping", { description: "Pings" }, () => ({
      content: [{ type: "text", text: "pong" }],
    }));
    const client = new Client({ name: "test", version: "1" });
    const [here, there] = InMemoryTransport.createLinkedPair();
    await server.connect(here);
    await client.connect(there);
    t.after(() => client.close());
    assert.equal((await client.listTools()).tools.length, 7);
    assert.equal((await client.callTool({ name: "ping" })).content[0].text, "pong");
  });
});

/** For versions of Node that lack it. */
function withResolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

describe("resources", () => {
  const NAMES = ["plain", "with space", "a/b", "50%", "a,b?c#d", "ü😀", "...", "log"];

  test("are listed, and each can be read at its address", async (t) => {
    const { client } = await connect(t, {
      ...Object.fromEntries(NAMES.map((name) => [name, 2])),
      ".": 1,
      "..": 1,
    });
    const { resources } = await client.listResources();
    assert.equal(resources.length, 1 + 2 * NAMES.length);
    assert.equal(new Set(resources.map(({ uri }) => uri)).size, resources.length);

    const read = async (uri) => {
      const { contents } = await client.readResource({ uri });
      assert.equal(contents.length, 1);
      assert.equal(contents[0].uri, uri);
      const { mimeType } = resources.find((resource) => resource.uri === uri);
      assert.equal(contents[0].mimeType, mimeType);
      return contents[0].text;
    };
    const projects = JSON.parse(await read("scribe://projects"));
    assert.deepEqual(projects.map(({ project }) => project).sort(), [...NAMES, ".", ".."].sort());
    for (const name of NAMES) {
      const { uri } = resources.find((resource) => resource.name === name);
      const { project, root, entries, last_entry_at } = JSON.parse(await read(uri));
      assert.deepEqual([project, root], [name, `/${name}`]);
      assert.deepEqual(entries, { total: 2, success: 0, warn: 0, error: 0 });
      assert.equal(last_entry_at, "1970-01-01T00:00:02.000000Z");
      const lines = (await read(`${uri}/log`)).split("\n");
      assert.equal(lines.length, 3);
      assert.match(lines[0], /\[1970-01-01 00:00:02 UTC\].* 2$/);
      assert.match(lines[1], /\[1970-01-01 00:00:01 UTC\].* 1$/);
    }
  });

  test("a long log comes in pages, each with the address of the next", async (t) => {
    const { store, client } = await connect(t, { "a b": 450 });
    let uri = "scribe://projects/a%20b/log";
    const sizes = [];
    const numbers = [];
    while (uri) {
      const { contents } = await client.readResource({ uri });
      const [{ text, _meta }] = contents;
      const lines = text.trimEnd().split("\n");
      sizes.push(lines.length);
      numbers.push(...lines.map((line) => Number(line.match(/ (\d+)$/)[1])));
      assert.equal(_meta.total, 450);
      uri = _meta.next;
      await store.appendEntry({ project: "a b", message: "later" });
    }
    assert.deepEqual(sizes, [200, 200, 50]);
    assert.deepEqual(
      numbers,
      Array.from({ length: 450 }, (_, index) => 450 - index),
    );
  });

  test("what is not there is said in the protocol's way", async (t) => {
    const { client } = await connect(t, { a: 1, b: 1 });
    for (const [uri, message] of [
      ["scribe://projects/none", /project "none" does not exist/],
      ["scribe://projects/none/log", /does not exist/],
      ["scribe://projects/%FF", /malformed/],
      ["scribe://projects/a/log?cursor=x", /cursor/],
    ]) {
      await assert.rejects(client.readResource({ uri }), { code: -32002, message }, uri);
    }
    await assert.rejects(client.readResource({ uri: "scribe://projects/a/other" }), { code: -32602 });
  });

  test("templates, whose names are completed", async (t) => {
    const { client } = await connect(t, { alpha: 0, alps: 0, beta: 0 });
    const { resourceTemplates } = await client.listResourceTemplates();
    const templates = resourceTemplates.map(({ uriTemplate }) => uriTemplate);
    assert.deepEqual(templates.slice(0, 2), ["scribe://projects/{name}", "scribe://projects/{name}/log"]);
    for (const uri of templates.slice(0, 2)) {
      const { completion } = await client.complete({
        ref: { type: "ref/resource", uri },
        argument: { name: "name", value: "al" },
      });
      assert.deepEqual(completion.values, ["alpha", "alps"]);
    }
  });

  test("clients are told when a tool made a project", async (t) => {
    const { client } = await connect(t);
    let told = 0;
    const first = new Promise((resolve) => {
      client.setNotificationHandler(ResourceListChangedNotificationSchema, () => {
        told += 1;
        resolve();
      });
    });
    const set = (input) => client.callTool({ name: "set_project", arguments: input });
    await set({ project: "a", root: "/a" });
    await first;
    await set({ project: "a" });
    await client.ping();
    assert.equal(told, 1);
  });
});

describe("a store that tells of changes", () => {
  /** The same as above, of a store whose changes the test makes up; and what the client is told. */
  async function live(t) {
    const store = await openMemory(t);
    const listeners = new Set();
    store.subscribe = (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
    const server = createMcpServer(store, { agentId: "ada" });
    const client = new Client({ name: "test", version: "1" });
    const told = [];
    client.setNotificationHandler(ResourceListChangedNotificationSchema, () => told.push("list"));
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => told.push(params.uri));
    const [here, there] = InMemoryTransport.createLinkedPair();
    await server.connect(here);
    assert.equal(listeners.size, 0);
    await client.connect(there);
    assert.equal(listeners.size, 1);
    const change = async (made) => {
      for (const listener of listeners) listener(made);
      // What was sent before its answer has arrived with it.
      await client.ping();
      return told.splice(0);
    };
    return { client, server, listeners, change };
  }

  test("the client is told what it subscribed to, and of new and deleted projects", async (t) => {
    const { client, change } = await live(t);
    assert.equal(client.getServerCapabilities().resources.subscribe, true);
    const entries = { kind: "entries", project: "a b", firstSeq: 1, lastSeq: 1 };
    const project = { kind: "project", project: "a b", action: "upserted" };
    const [all, one, log] = ["", "/a%20b", "/a%20b/log"].map((path) => `scribe://projects${path}`);
    assert.deepEqual(await change(entries), []);
    assert.deepEqual(await change(project), ["list"]);

    for (const uri of [all, one, log]) await client.subscribeResource({ uri });
    assert.deepEqual(await change(entries), [one, log]);
    assert.deepEqual(await change({ ...entries, project: "other" }), []);
    assert.deepEqual(await change(project), [all, one, log, "list"]);
    assert.deepEqual(await change({ ...project, action: "pruned" }), [all, one, log]);
    assert.deepEqual(await change({ kind: "session", agentId: "ada", sessionId: "s" }), []);

    await client.unsubscribeResource({ uri: one });
    assert.deepEqual(await change(entries), [log]);
    const made = { name: "set_project", arguments: { project: "new", root: "/new" } };
    await client.callTool(made);
    // The store tells, so the tool does not.
    assert.deepEqual(await change(entries), [log]);
  });

  test("nobody listens once the connection is closed, by either side", async (t) => {
    for (const side of ["client", "server"]) {
      const { listeners, ...sides } = await live(t);
      await sides[side].close();
      assert.equal(listeners.size, 0, side);
    }
  });
});

describe("PostMessageTransport", () => {
  test("over a MessageChannel: early messages are kept, and each side notices that the other closed", async (t) => {
    const store = await openMemory(t);
    const { port1, port2 } = new MessageChannel();
    const client = new Client({ name: "test", version: "1" });
    const connected = client.connect(new PostMessageTransport(port2));
    // The server comes late: its transport was made, but it is not connected yet.
    const transport = new PostMessageTransport(port1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const server = createMcpServer(store, { agentId: "ada" });
    await server.connect(transport);
    await connected;
    assert.equal((await client.listTools()).tools.length, 6);

    const closed = new Promise((resolve) => {
      client.onclose = resolve;
    });
    await server.close();
    await closed;
    await assert.rejects(transport.send({ jsonrpc: "2.0", method: "x" }), { code: "closed" });
    await transport.close();
  });

  test("passes over what is not of the protocol", async () => {
    const { port1, port2 } = new MessageChannel();
    const transport = new PostMessageTransport(port1);
    const received = [];
    transport.onmessage = (message) => received.push(message);
    const last = { jsonrpc: "2.0", method: "last" };
    const done = new Promise((resolve) => {
      transport.onmessage = (message) => {
        received.push(message);
        if (message.method === "last") resolve();
      };
    });
    await transport.start();
    for (const message of ["text", null, 1, {}, { jsonrpc: "1.0", method: "x" }, last])
      port2.postMessage(message);
    await done;
    assert.deepEqual(received, [last]);
    await transport.close();
  });

  test("refuses what it cannot post to, and a window without its origin", () => {
    const window = { postMessage() {} };
    window.window = window;
    for (const args of [[], [null], [{}], [window], [window, {}], [window, { origin: 1 }]]) {
      assert.throws(() => new PostMessageTransport(...args), { code: "invalid_argument" });
    }
  });
});
