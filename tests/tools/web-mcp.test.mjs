// The tools for the browser's own agent: in a Chromium that has WebMCP, in one that has not, and as drafts before had it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chromium } from "playwright-core";
import { agentTools, registerWebMCP } from "scribe-store/tools";
import { engine } from "../../scripts/browsers.mjs";
import { DIST } from "../../scripts/build.mjs";
import { startServer } from "../../scripts/serve.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";
import { noChromium } from "../packaging/chromium.mjs";
import { fill, openMemory } from "./world.mjs";

const NAMES = ["set_project", "get_project", "list_projects", "append_entry", "read_recent", "query_entries"];

describe("in Chromium", { skip: noChromium }, () => {
  test("with WebMCP, the page's agent finds the tools and calls them", (t) =>
    withPage(["--enable-features=WebMCP,WebMCPTesting"], async (page) => {
      const told = await page.evaluate(async () => {
        if (!document.modelContext) return null;
        const { openStore } = await import("/dist/index.js");
        const { agentTools, registerWebMCP } = await import("/dist/tools.js");
        const store = await openStore();
        const tools = agentTools(store, { agentId: "browser" });
        const unregister = await registerWebMCP(tools);
        const again = await registerWebMCP(tools).catch((error) => error.name);
        const context = document.modelContext;
        const found = await context.getTools();
        const call = async (name, input) =>
          JSON.parse(
            await context.executeTool(
              found.find((tool) => tool.name === name),
              input,
            ),
          );
        const told = {
          found: found.map(({ name, description, inputSchema, annotations }) => {
            return { name, description, inputSchema, annotations };
          }),
          expected: tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
          again,
          set: await call("set_project", { project: "p", root: "/p" }),
          appended: await call("append_entry", { message: "By the browser's agent" }),
          mistake: await call("append_entry", { text: "x" }),
          recent: await call("read_recent", {}),
        };
        unregister();
        unregister();
        told.left = (await context.getTools()).length;
        await store.close();
        return told;
      });
      // The name of the switch is the browser's own matter.
      if (told === null) return t.skip("this Chromium has no WebMCP to switch on");

      assert.deepEqual(
        told.found.map(({ annotations: _, ...tool }) => tool),
        told.expected.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      );
      for (const { name, annotations } of told.found) {
        const writes = ["append_entry", "set_project"].includes(name);
        assert.equal(annotations.readOnlyHint, !writes, name);
      }
      assert.equal(told.again, "InvalidStateError");
      assert.deepEqual([told.set.project, told.set.created], ["p", true]);
      assert.equal(told.appended.project, "p");
      assert.deepEqual(told.mistake, {
        error: {
          code: "invalid_argument",
          message: "append_entry: /message: is missing; /text: there is no such argument",
        },
      });
      assert.deepEqual(
        told.recent.entries.map(({ message, agent }) => [message, agent]),
        [["By the browser's agent", "browser"]],
      );
      assert.equal(told.left, 0);
    }));

  test("without it, nothing happens, and that is said", () =>
    withPage([], async (page) => {
      const told = await page.evaluate(async () => {
        const { openStore } = await import("/dist/index.js");
        const { agentTools, registerWebMCP } = await import("/dist/tools.js");
        const store = await openStore();
        const unregister = await registerWebMCP(agentTools(store, { agentId: "browser" }));
        const sessions = await store.listAgentSessions();
        await store.close();
        return { has: "modelContext" in document || "modelContext" in navigator, unregister, sessions };
      });
      assert.deepEqual(told, { has: false, unregister: null, sessions: [] });
    }));
});

describe("drafts before", () => {
  test("with unregisterTool", async (t) => {
    const context = draft();
    context.unregisterTool = (name) => context.tools.delete(name);
    await check(t, context);
  });

  test("with an object for each registration", async (t) => {
    const context = draft((name) => ({ unregister: () => context.tools.delete(name) }));
    await check(t, context);
  });

  test("if one tool is refused, none stays", async (t) => {
    const context = draft((name) => {
      if (name === "append_entry") throw new Error("refused");
      return { unregister: () => context.tools.delete(name) };
    });
    const tools = agentTools(await openMemory(t), { agentId: "ada" });
    await assert.rejects(registerWebMCP(tools, { modelContext: context }), /refused/);
    assert.deepEqual([...context.tools.keys()], []);
  });

  /** What a browser with such a draft has: tools are called without a signal. */
  function draft(registration = () => undefined) {
    const tools = new Map();
    return {
      tools,
      registerTool(tool) {
        const answer = registration(tool.name);
        tools.set(tool.name, tool);
        return answer;
      },
    };
  }

  async function check(t, context) {
    const store = await openMemory(t);
    await fill(store, { a: 3 });
    const tools = agentTools(store, { agentId: "ada" });
    const unregister = await registerWebMCP(tools, { modelContext: context });
    assert.deepEqual([...context.tools.keys()], NAMES);
    assert.equal((await context.tools.get("read_recent").execute({ project: "a" })).total, 3);
    unregister();
    assert.equal(context.tools.size, 0);
  }
});

/** Opens an empty page, under the strictest policy that the package works with; it may complain of nothing. */
async function withPage(args, body) {
  const server = await startServer({ root: `${ROOT}/tests/tools/page`, mounts: { "/dist/": DIST } });
  const browser = await chromium.launch({
    executablePath: engine("Chromium").browser.find(),
    args: ["--disable-dev-shm-usage", ...args],
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    const page = await browser.newPage();
    // Browsers ask for an icon by themselves; that none is served is no fault.
    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(server.url);
    await body(page);
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
    await server.close();
  }
}
