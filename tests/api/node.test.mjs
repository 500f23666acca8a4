// The cases in Node, where a store is in memory.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import * as api from "scribe-store";
import { ROOT } from "../../scripts/toolchain.mjs";
import { casesOf } from "./cases.mjs";
import { noteUnhandledRejection, runCase } from "./run.mjs";
import { startTestServer } from "./server.mjs";

let server;
let scratch;
let copies = 0;

before(async () => {
  server = await startTestServer();
  scratch = mkdtempSync(path.join(tmpdir(), "scribe-store-"));
  // Or the runner would fail the test at once, without a word on which call it was.
  process.on("unhandledRejection", noteUnhandledRejection);
});

after(async () => {
  await server?.close();
  if (scratch) rmSync(scratch, { recursive: true, force: true });
});

/** Modules are kept by their address, so a copy that is loaded anew has an address of its own. */
function freshCopy(entry) {
  copies += 1;
  const folder = path.join(scratch, String(copies));
  cpSync(path.join(ROOT, "dist"), folder, { recursive: true });
  cpSync(path.join(ROOT, "package.json"), path.join(scratch, "package.json"));
  return import(pathToFileURL(path.join(folder, entry)).href);
}

/** @type {import("./world.mjs").Runtime} */
const runtime = {
  name: "node",
  api,
  freshApi: () => freshCopy("node.js"),
  freshInlineApi: () => freshCopy("inline.js"),
  address: (file) => new URL(file, server.url).href,
  otherRealm: () => vm.runInNewContext("globalThis"),
};

test("7.1 the module may be a file", async () => {
  const file = pathToFileURL(path.join(ROOT, "dist", "scribe_store.wasm"));
  for (const wasm of [file, file.href, Promise.resolve(file)]) {
    const store = await (await freshCopy("node.js")).openStore({ backend: "memory", wasm });
    assert.deepEqual(await store.listProjects(), []);
    await store.close();
  }
  const { openStore } = await freshCopy("node.js");
  const missing = openStore({ backend: "memory", wasm: new URL("none.wasm", file) });
  await assert.rejects(missing, { code: "unavailable", message: /none\.wasm/ });
});

test("an error tells who called", async () => {
  const { openStore } = await freshCopy("node.js");
  const store = await openStore({ backend: "memory" });
  const entry = { project: "none", message: "m" };
  const calls = {
    appendEntry: () => store.appendEntry(entry),
    countEntries: () => store.countEntries("none"),
    queryEntries: () => store.queryEntries({ project: "none" }),
    deleteProject: () => store.deleteProject(""),
    insertEntries: () => store.insertEntries([entry]),
    setAgentProject: () => store.setAgentProject({ agentId: "" }),
  };
  for (const [name, call] of Object.entries(calls)) {
    const stepOfAnAgent = async () => {
      await call();
    };
    const { stack } = await stepOfAnAgent().then(assert.fail, (error) => error);
    assert.match(stack, /stepOfAnAgent/, name);
  }
  await store.close();
});

test("4.8 a result that is longer than a string can be is refused, and the store goes on", async () => {
  const { openStore } = await freshCopy("node.js");
  const store = await openStore({ backend: "memory" });
  await store.upsertProject({ name: "p", repoRoot: "/", progressLogPath: "/" });
  const message = "x".repeat(2 ** 25);
  const project = "p";
  const given = { project, ts: 0, emoji: "", message, rawLine: "", sha256: "" };
  for (const entryId of "abcdefghi") await store.insertEntry({ ...given, entryId });
  const error = await store.queryEntries({ project }).then(assert.fail, (reason) => reason);
  assert.equal(error.code, "invalid_argument");
  assert.match(error.message, /would be 3\d{8} bytes of JSON: ask for less/);
  const [entry] = await store.queryEntries({ project, limit: 1 });
  assert.equal(entry.message.length, message.length);
  await store.close();
});

for (const { name } of casesOf("node", "memory")) {
  test(name, async () => {
    const failure = await runCase(runtime, "memory", name);
    if (failure !== null) throw new Error(failure);
  });
}
