// What each tool does and gives.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ScribeError } from "scribe-store";
import { agentTools } from "scribe-store/tools";
import { fill, openMemory, toolsOf } from "./world.mjs";

const STATUSES = ["info", "success", "warn", "error", "bug", "plan"];

describe("projects", () => {
  test("set_project creates only with a root, and changes no project that is there", async (t) => {
    const store = await openMemory(t);
    const tools = toolsOf(store);
    await assert.rejects(tools.set_project({ project: "site" }), {
      code: "not_found",
      message: 'set_project: project "site" does not exist; list_projects names those there are',
    });
    assert.deepEqual(await store.listProjects(), []);

    const made = await tools.set_project({ project: "site", root: "/src/site/" });
    assert.deepEqual(made, { project: "site", version: 1, created: true, entries: 0, last_entry_at: null });
    const record = await store.fetchProject("site");
    assert.equal(record.repoRoot, "/src/site/");
    assert.equal(record.progressLogPath, "/src/site/PROGRESS_LOG.md");

    await store.appendEntry({ project: "site", message: "m", ts: "2026-01-31T08:15:00.120Z" });
    const again = await tools.set_project({ project: "site", root: "/elsewhere", log_path: "/log" });
    assert.deepEqual(again, {
      project: "site",
      version: 2,
      created: false,
      entries: 1,
      last_entry_at: "2026-01-31T08:15:00.12Z",
    });
    assert.deepEqual(await store.fetchProject("site"), record);

    await tools.set_project({ project: "app", root: "/app", log_path: "/app/own.md" });
    assert.equal((await store.fetchProject("app")).progressLogPath, "/app/own.md");
  });

  test("get_project tells of the current one, or of the one named", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 0, b: 0 });
    const tools = toolsOf(store);
    const nothing = { project: null, is_current: false, version: 0, root: null, log_path: null };
    assert.deepEqual(await tools.get_project(), { ...nothing, entries: null, last_entry_at: null });

    await tools.set_project({ project: "a" });
    for (const status of STATUSES) await tools.append_entry({ message: status, status });
    await tools.append_entry({ message: "again", status: "warn" });
    const { last_entry_at, ...told } = await tools.get_project();
    assert.deepEqual(told, {
      project: "a",
      is_current: true,
      version: 1,
      root: "/a",
      log_path: "/a/log.md",
      entries: { total: 7, success: 1, warn: 2, error: 1 },
    });
    assert.ok(Math.abs(Date.parse(last_entry_at) - Date.now()) < 600_000);

    const other = await tools.get_project({ project: "b" });
    assert.deepEqual([other.project, other.is_current, other.entries.total], ["b", false, 0]);
    await assert.rejects(tools.get_project({ project: "c" }), {
      code: "not_found",
      message: /"c".*list_proj/,
    });
  });

  test("list_projects goes through all of them in pages, also while one goes", async (t) => {
    const store = await openMemory(t);
    // By code points the last two stand like this, by UTF-16 units the other way round.
    const names = ["a", "a b", "ab", "b", "é", "\uffee", "😀"];
    await fill(store, Object.fromEntries(names.toReversed().map((name) => [name, 0])));
    const tools = toolsOf(store);
    await tools.set_project({ project: "ab" });
    assert.deepEqual(
      (await tools.list_projects()).projects.map(({ project }) => project),
      names,
    );

    const seen = [];
    let cursor = null;
    do {
      const page = await tools.list_projects({ limit: 2, cursor });
      seen.push(...page.projects);
      cursor = page.next;
      // The one that the cursor names.
      if (cursor === "b") await store.deleteProject("b");
    } while (cursor !== null);
    assert.deepEqual(
      seen.map(({ project }) => project),
      names,
    );
    assert.deepEqual(
      seen.filter(({ is_current }) => is_current),
      [{ project: "ab", root: "/ab", is_current: true }],
    );
    assert.equal((await tools.list_projects({ limit: 1 })).total, names.length - 1);
  });
});

describe("append_entry", () => {
  test("writes under the agent's name, to the current project or the one named", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 0, b: 0 });
    const tools = toolsOf(store);
    await assert.rejects(tools.append_entry({ message: "m" }), {
      code: "not_found",
      message: "append_entry: you have no current project: call set_project first, or name a project",
    });
    await tools.append_entry({ message: "named", project: "b" });
    await tools.set_project({ project: "a" });
    const told = await tools.append_entry({
      message: "Built\nit",
      status: "success",
      meta: [
        { key: "tests", value: 41 },
        { key: "ok", value: true },
        { key: "why", value: null },
        { key: "__proto__", value: "x" },
      ],
    });
    const entry = await store.fetchEntry(told.id);
    assert.deepEqual(
      [told.project, told.status, told.time],
      ["a", "success", entry.ts.replace(/\.?0+Z$/, "Z")],
    );
    assert.deepEqual([entry.project, entry.agent, entry.emoji], ["a", "ada", "✅"]);
    assert.equal(entry.message, "Built\nit");
    assert.equal(
      JSON.stringify(Object.entries(entry.meta).sort()),
      '[["__proto__","x"],["ok",true],["tests",41],["why",null]]',
    );
    assert.equal((await store.fetchRecentEntries({ project: "b" }))[0].message, "named");
  });
});

describe("reading", () => {
  test("read_recent: pages, newest first, that entries written meanwhile do not shift", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 45 });
    const tools = toolsOf(store);
    await tools.set_project({ project: "a" });
    const numbers = [];
    let cursor = null;
    do {
      const page = await tools.read_recent({ cursor });
      assert.deepEqual([page.project, page.total], ["a", 45]);
      numbers.push(...page.entries.map(({ message }) => Number(message)));
      await store.appendEntry({ project: "a", message: "later" });
      cursor = page.next;
    } while (cursor !== null);
    assert.deepEqual(
      numbers,
      Array.from({ length: 45 }, (_, index) => 45 - index),
    );

    const first = await tools.read_recent({ limit: 2, project: "a" });
    const second = await tools.read_recent({ limit: 2, project: "a", cursor: first.next });
    assert.equal(second.entries.length, 2);
    await assert.rejects(tools.query_entries({ cursor: first.next, message: "x" }), {
      code: "invalid_cursor",
      message: /^query_entries: .*; call again with cursor null$/,
    });
  });

  test("query_entries: every criterion counts", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 0, b: 0 });
    const tools = toolsOf(store);
    const bob = toolsOf(store, { agentId: "bob", sessionId: "s-2" });
    await tools.set_project({ project: "a" });
    const write = (message, status, meta, by = tools) =>
      by.append_entry({ project: "a", message, status, meta: [{ key: "n", value: meta }] });
    await write("Alpha one", "info", 1);
    await write("alpha two", "warn", "1");
    await write("beta", "error", 1, bob);
    await store.appendEntry({
      project: "a",
      message: "gamma",
      emoji: "🚀",
      ts: "2020-05-05",
      meta: { a: { b: 1 } },
    });

    const found = async (criteria) => {
      const { entries, total } = await tools.query_entries(criteria);
      assert.equal(total, entries.length);
      return entries.map(({ message }) => message).sort();
    };
    const all = ["Alpha one", "alpha two", "beta", "gamma"];
    assert.deepEqual(await found({}), all);
    assert.deepEqual(await found({ statuses: [], agents: [], meta: [], message: "" }), all);
    assert.deepEqual(await found({ message: "ALPHA" }), ["Alpha one", "alpha two"]);
    assert.deepEqual(await found({ message: "alpha", case_sensitive: true }), ["alpha two"]);
    assert.deepEqual(await found({ message: "beta", message_mode: "exact" }), ["beta"]);
    assert.deepEqual(await found({ message: "a (o|t)", message_mode: "regex" }), ["Alpha one", "alpha two"]);
    assert.deepEqual(await found({ statuses: ["warn", "🚀"] }), ["alpha two", "gamma"]);
    assert.deepEqual(await found({ agents: ["bob"] }), ["beta"]);
    assert.deepEqual(await found({ meta: [{ key: "n", value: 1 }] }), ["Alpha one", "beta"]);
    assert.deepEqual(await found({ meta: [{ key: "a.b", value: 1 }] }), ["gamma"]);
    assert.deepEqual(await found({ end: "2020-05-05" }), ["gamma"]);
    assert.deepEqual(await found({ start: "2020-05-06", message: "a", agents: ["ada"] }), all.slice(0, 2));
    assert.deepEqual(await found({ project: "b" }), []);
    const { entries } = await tools.query_entries({ statuses: ["🚀"] });
    assert.deepEqual(
      { ...entries[0], id: null },
      {
        id: null,
        time: "2020-05-05T00:00:00Z",
        agent: null,
        status: "🚀",
        message: "gamma",
        meta: { a: { b: 1 } },
      },
    );
  });

  test("what is long is cut, says so, and can be got whole", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 0 });
    const tools = toolsOf(store);
    // An emoji of two units stands where it is cut.
    const message = `${"x".repeat(499)}😀${"y".repeat(50_000)}`;
    const meta = { short: 1, long: "z".repeat(1000), last: 2 };
    const { entryId } = await store.appendEntry({ project: "a", message, meta, agent: "ada" });

    const { entries } = await tools.read_recent({ project: "a" });
    assert.equal(
      entries[0].message,
      `${"x".repeat(499)}… [50002 more characters: query_entries with this id as entry_id]`,
    );
    assert.deepEqual(entries[0].meta, { last: 2, short: 1 });
    assert.deepEqual(entries[0].meta_cut, ["long"]);

    let whole = "";
    let cursor = null;
    let pieces = 0;
    do {
      const piece = await tools.query_entries({ entry_id: entries[0].id, cursor });
      assert.deepEqual([piece.project, piece.total, piece.entries[0].id], ["a", 1, entryId]);
      assert.deepEqual(piece.entries[0].meta, meta);
      assert.equal(piece.entries[0].meta_cut, undefined);
      whole += piece.entries[0].message;
      cursor = piece.next;
      pieces += 1;
    } while (cursor !== null);
    assert.equal(whole, message);
    assert.equal(pieces, 3);
  });

  test("a page stays small whatever the entries hold", async (t) => {
    const store = await openMemory(t);
    await fill(store, { a: 0 });
    const meta = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [`key ${index} ${"k".repeat(200)}`, index]),
    );
    for (let number = 0; number < 20; number += 1) {
      await store.appendEntry({ project: "a", message: "m".repeat(10_000), meta });
    }
    const { entries } = await toolsOf(store).read_recent({ project: "a" });
    assert.equal(entries[0].meta_cut.length, 21);
    assert.match(entries[0].meta_cut.at(-1), /^… 19\d\d more$/);
    assert.ok(JSON.stringify(entries).length < 80_000);
  });
});

describe("mistakes", () => {
  const cases = [
    ["append_entry", {}, "append_entry: /message: is missing"],
    ["append_entry", "text", 'append_entry: /: expected object, got "text"'],
    ["append_entry", [], "append_entry: /: expected object, got []"],
    ["append_entry", { message: null }, "append_entry: /message: expected string, got null"],
    [
      "append_entry",
      { message: "m", status: "warning" },
      'append_entry: /status: expected one of "info", "success", "warn", "error", "bug", "plan", null, got "warning"',
    ],
    ["append_entry", { message: "m", level: 1 }, "append_entry: /level: there is no such argument"],
    [
      "append_entry",
      { message: "m", meta: { a: 1 } },
      'append_entry: /meta: expected array or null, got {"a":1}',
    ],
    ["append_entry", { message: "m", meta: [{ key: "a" }] }, "append_entry: /meta/0/value: is missing"],
    [
      "append_entry",
      { message: 1, meta: [{ key: 2, value: 3 }] },
      "append_entry: /message: expected string, got 1; /meta/0/key: expected string, got 2",
    ],
    [
      "append_entry",
      {
        message: "m",
        meta: [
          { key: "a", value: 1 },
          { key: "a", value: 2 },
        ],
      },
      'append_entry: /meta/1/key: "a" is there twice',
    ],
    ["read_recent", { limit: 0 }, "read_recent: /limit: expected a whole number from 1 to 100, got 0"],
    ["read_recent", { limit: 101 }, "read_recent: /limit: expected a whole number from 1 to 100, got 101"],
    ["read_recent", { limit: 1.5 }, "read_recent: /limit: expected integer or null, got 1.5"],
    ["list_projects", { limit: -1 }, "list_projects: /limit: expected a whole number from 1 to 100, got -1"],
    [
      "query_entries",
      { statuses: ["warning"] },
      'query_entries: /statuses: expected info, success, warn, error, bug, plan, or an emoji, got "warning"',
    ],
    [
      "query_entries",
      { entry_id: "x", agents: ["a"] },
      "query_entries: /agents: expected null, because entry_id names the one entry that is wanted",
    ],
    ["query_entries", { start: "soon" }, /^query_entries: `start`: "soon" is not a time: expected RFC 3339/],
    ["query_entries", { message: "(", message_mode: "regex" }, /^query_entries: .*at position 0/],
  ];
  for (const [name, input, message] of cases) {
    test(`${name}(${JSON.stringify(input)})`, async (t) => {
      const store = await openMemory(t);
      await fill(store, { a: 1 });
      const tools = toolsOf(store);
      await tools.set_project({ project: "a" });
      const error = await tools[name](input).then(assert.fail, (rejected) => rejected);
      assert.ok(error instanceof ScribeError);
      assert.equal(error.code, "invalid_argument");
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      assert.equal((await tools.read_recent()).total, 1);
    });
  }

  test("what is not there, and cursors of no entry", async (t) => {
    const tools = toolsOf(await openMemory(t));
    await assert.rejects(tools.query_entries({ entry_id: "x" }), {
      code: "not_found",
      message: 'query_entries: there is no entry "x"',
    });
    await assert.rejects(tools.query_entries({ entry_id: "x", cursor: "-1" }), { code: "invalid_cursor" });
    const store = await openMemory(t);
    await fill(store, { a: 1, b: 0 });
    const [{ entryId: entry_id }] = await store.queryEntries({ project: "a" });
    const { query_entries } = toolsOf(store);
    // Models like to fill in what does not matter.
    const idle = { agents: [], message: "", case_sensitive: false, limit: 1 };
    assert.equal((await query_entries({ ...idle, entry_id, project: "a" })).entries[0].id, entry_id);
    await assert.rejects(query_entries({ entry_id, project: "b" }), {
      code: "not_found",
      message: `query_entries: there is no entry "${entry_id}" in project "b"`,
    });
    await assert.rejects(tools.read_recent({ project: "x" }), {
      code: "not_found",
      message: /^read_recent: .*; list_projects names those there are$/,
    });
  });

  test("options of agentTools", async (t) => {
    const store = await openMemory(t);
    for (const options of [undefined, {}, { agentId: "" }, { agentId: 1 }, { agentId: "a", sessionId: "" }]) {
      assert.throws(() => agentTools(store, options), { code: "invalid_argument" });
    }
    assert.throws(() => agentTools(store, { agentId: "a", session: "s" }), /there is no option "session"/);
  });
});
