// The agent that the tools act for: its session, its current project, and calls made at the same time.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConflictError } from "scribe-store";
import { agentTools } from "scribe-store/tools";
import { fill, openMemory, toolsOf } from "./world.mjs";

describe("the session", () => {
  test("begins with the first call, and later ones touch it, but not each of them", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-01") });
    const store = await openMemory(t);
    const beats = t.mock.method(store, "heartbeatSession");
    const tools = toolsOf(store);
    assert.equal(await store.fetchAgentSession("s-1"), null);

    await tools.list_projects();
    const session = await store.fetchAgentSession("s-1");
    assert.deepEqual([session.agentId, session.status], ["ada", "active"]);
    await tools.list_projects();
    t.mock.timers.tick(29_000);
    await tools.list_projects();
    assert.equal(beats.mock.callCount(), 0);
    t.mock.timers.tick(2_000);
    await tools.list_projects();
    assert.equal(beats.mock.callCount(), 1);
  });

  test("that was ended begins again", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-01") });
    const store = await openMemory(t);
    const tools = toolsOf(store);
    await tools.list_projects();
    await store.endSession("s-1");
    t.mock.timers.tick(31_000);
    await tools.list_projects();
    assert.equal((await store.fetchAgentSession("s-1")).status, "active");
  });

  test("that is there is taken on with its metadata", async (t) => {
    const store = await openMemory(t);
    await store.upsertAgentSession("ada", "s-1", { tab: 7 });
    await toolsOf(store).list_projects();
    assert.deepEqual((await store.fetchAgentSession("s-1")).metadata, { tab: 7 });
    await store.endSession("s-1");
    await toolsOf(store).list_projects();
    const { status, metadata } = await store.fetchAgentSession("s-1");
    assert.deepEqual([status, metadata], ["active", { tab: 7 }]);
  });

  test("of another agent is a conflict", async (t) => {
    const store = await openMemory(t);
    await store.upsertAgentSession("bob", "s-1");
    await assert.rejects(toolsOf(store).list_projects(), { code: "conflict" });
    assert.equal((await store.fetchAgentSession("s-1")).agentId, "bob");
  });

  test("each agent gets one of its own unless it is named", async (t) => {
    const store = await openMemory(t);
    for (const agentId of ["a", "a", "b"]) await toolsOf(store, { agentId }).list_projects();
    const sessions = await store.listAgentSessions();
    assert.deepEqual(sessions.map(({ agentId }) => agentId).sort(), ["a", "a", "b"]);
    assert.equal(new Set(sessions.map(({ sessionId }) => sessionId)).size, 3);
  });

  test("a full disk keeps nobody from reading", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 1 });
    // The store's own kind of error, with another code.
    const full = await store
      .fetchMetrics("none")
      .catch((error) => Object.assign(error, { code: "quota_exceeded" }));
    t.mock.method(store, "upsertAgentSession", () => Promise.reject(full));
    assert.equal((await toolsOf(store).read_recent({ project: "a" })).total, 1);
  });
});

describe("the current project, changed by another tab", () => {
  async function twoTabs(t) {
    const store = await openMemory(t);
    await fill(store, { a: 0, b: 0, c: 0 });
    const here = toolsOf(store, { agentId: "ada", sessionId: "tab 1" });
    const there = toolsOf(store, { agentId: "ada", sessionId: "tab 2" });
    await here.set_project({ project: "a" });
    await there.get_project();
    return { store, here, there };
  }

  test("set_project does not overwrite what it did not know, and then goes on from there", async (t) => {
    const { store, here, there } = await twoTabs(t);
    await there.set_project({ project: "b" });
    const error = await here.set_project({ project: "c" }).then(assert.fail, (rejected) => rejected);
    assert.ok(error instanceof ConflictError);
    assert.deepEqual([error.expectedVersion, error.actualVersion], [1, 2]);
    assert.equal(
      error.message,
      'set_project: your current project was set to "b" elsewhere (it was "a"), so nothing was changed: ' +
        "call again if you still want it",
    );
    assert.equal((await store.getAgentProject("ada")).projectName, "b");
    assert.equal((await here.set_project({ project: "c" })).version, 3);
  });

  test("set_project to what another tab set already is done", async (t) => {
    const { here, there } = await twoTabs(t);
    await there.set_project({ project: "b" });
    const { project, version } = await here.set_project({ project: "b" });
    assert.deepEqual([project, version], ["b", 2]);
  });

  test("set_project goes on where only the version changed", async (t) => {
    const { here, there } = await twoTabs(t);
    await there.set_project({ project: "a" });
    assert.equal((await here.set_project({ project: "c" })).version, 3);
  });

  test("append_entry does not write where the model does not mean to; once told, it does", async (t) => {
    const { store, here, there } = await twoTabs(t);
    await there.set_project({ project: "b" });
    await assert.rejects(here.append_entry({ message: "m" }), {
      code: "conflict",
      message: /was set to "b" elsewhere \(it was "a"\), so nothing was written: call again/,
    });
    assert.equal(await store.countEntries("a"), 0);
    assert.equal(await store.countEntries("b"), 0);
    assert.equal((await here.append_entry({ message: "m" })).project, "b");

    // A result that names the project tells it, too.
    await there.set_project({ project: "c" });
    assert.equal((await here.read_recent()).project, "c");
    assert.equal((await here.append_entry({ message: "m" })).project, "c");
  });

  test("a project that was deleted is none", async (t) => {
    const { store, here } = await twoTabs(t);
    await store.deleteProject("a");
    await assert.rejects(here.append_entry({ message: "m" }), {
      code: "not_found",
      message: /call set_project first/,
    });
    assert.deepEqual((await here.get_project()).project, null);
    assert.equal((await here.set_project({ project: "b" })).version, 3);
  });
});

describe("calls made at the same time", () => {
  test("take effect in their order", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 0, b: 0 });
    const tools = toolsOf(store);
    const results = await Promise.all([
      tools.set_project({ project: "a" }),
      tools.append_entry({ message: "1" }),
      tools.set_project({ project: "b" }),
      tools.append_entry({ message: "2" }),
      tools.read_recent(),
    ]);
    assert.deepEqual(
      results.map(({ project }) => project),
      ["a", "a", "b", "b", "b"],
    );
    assert.equal(results[4].total, 1);
  });

  test("nothing is written to the project before, if set_project fails", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 0 });
    const tools = toolsOf(store);
    await tools.set_project({ project: "a" });
    for (const wrong of [{ project: "gone" }, {}]) {
      const [set, append, named] = await Promise.allSettled([
        tools.set_project(wrong),
        tools.append_entry({ message: "meant for another" }),
        tools.append_entry({ message: "meant for a", project: "a" }),
      ]);
      assert.equal(set.status, "rejected");
      assert.equal(append.reason.code, "conflict");
      assert.match(append.reason.message, /^append_entry: nothing was written, because the set_project/);
      assert.equal(named.status, "fulfilled");
    }
    assert.equal((await tools.append_entry({ message: "knowing that it failed" })).project, "a");
    assert.equal(await store.countEntries("a"), 3);
  });
});

describe("abort", () => {
  const reason = new Error("enough");

  test("a signal that was aborted: nothing happens", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 0 });
    const tools = toolsOf(store);
    const options = { signal: AbortSignal.abort(reason) };
    await assert.rejects(tools.append_entry({ message: "m", project: "a" }, options), reason);
    await assert.rejects(tools.read_recent({ project: "a" }, options), reason);
    assert.equal(await store.countEntries("a"), 0);
  });

  test("a read rejects at once, and later calls do not wait for it", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 1 });
    const tools = toolsOf(store);
    const controller = new AbortController();
    const begun = new Promise((resolve) => {
      const never = new Promise(() => {});
      t.mock.method(store, "queryEntriesPaginated", () => resolve() ?? never, { times: 1 });
    });
    const reading = tools.query_entries({ project: "a" }, { signal: controller.signal });
    const next = tools.read_recent({ project: "a" });
    await begun;
    controller.abort(reason);
    await assert.rejects(reading, reason);
    assert.equal((await next).total, 1);
  });

  test("a read that waits for its turn rejects at once", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 0 });
    const tools = toolsOf(store);
    const controller = new AbortController();
    let finish;
    const append = store.appendEntry.bind(store);
    t.mock.method(store, "appendEntry", async (entry) => {
      await new Promise((resolve) => {
        finish = resolve;
      });
      return append(entry);
    });
    const order = [];
    const writing = tools.append_entry({ project: "a", message: "m" }).then(() => order.push("written"));
    const reading = tools
      .read_recent({ project: "a" }, { signal: controller.signal })
      .catch((error) => order.push(error));
    while (!finish) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);
    await reading;
    finish();
    await writing;
    assert.deepEqual(order, [reason, "written"]);
  });

  test("reads of the store get the signal, and writes do not", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 1 });
    const tools = toolsOf(store);
    const { signal } = new AbortController();
    const has = (value) => value?.signal === signal;
    const given = (method) => store[method].mock.calls.map(({ arguments: args }) => args.some(has));
    const reads = ["fetchProject", "fetchMetrics", "listProjects", "fetchRecentEntriesPaginated"];
    const watched = [...reads, "queryEntriesPaginated", "fetchEntry", "appendEntry"];
    for (const method of watched) t.mock.method(store, method);
    await tools.get_project({ project: "a" }, { signal });
    await tools.list_projects({}, { signal });
    await tools.read_recent({ project: "a" }, { signal });
    await tools.query_entries({ project: "a" }, { signal });
    const { id } = await tools.append_entry({ project: "a", message: "m" }, { signal });
    await tools.query_entries({ entry_id: id }, { signal });
    for (const method of watched) assert.deepEqual(given(method), [method !== "appendEntry"], method);
  });

  test("a write that began is waited for", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 0 });
    const controller = new AbortController();
    const append = store.appendEntry.bind(store);
    t.mock.method(store, "appendEntry", (entry) => {
      controller.abort(reason);
      return append(entry);
    });
    const { id } = await toolsOf(store).append_entry(
      { message: "m", project: "a" },
      { signal: controller.signal },
    );
    assert.ok(await store.fetchEntry(id));
  });
});

test("errors that are none of the store's pass through", async (t) => {
  const store = await openMemory(t);
  const bug = new TypeError("a bug");
  t.mock.method(store, "listProjects", () => Promise.reject(bug));
  const list = agentTools(store, { agentId: "a" }).find(({ name }) => name === "list_projects");
  await assert.rejects(list.execute(), bug);
});
