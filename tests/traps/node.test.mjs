// The module traps in Node, where a store is in memory.

import assert from "node:assert/strict";
import test from "node:test";
import { isScribeError, openStore } from "scribe-store";
import { trappingModule } from "./trapping.mjs";

const PROJECT = { name: "p", repoRoot: "/p", progressLogPath: "/log" };

test("7.1 a module that traps rejects pending and later calls, and the next store works", async () => {
  const wasm = trappingModule({ method: "fetchMetrics" });
  const [store, other] = [
    await openStore({ backend: "memory", wasm }),
    await openStore({ backend: "memory", wasm }),
  ];
  await store.upsertProject(PROJECT);
  await store.appendEntry({ project: "p", message: "before" });
  const pending = [store.appendEntry({ project: "p", message: "pending" }), other.listProjects()];
  const results = await Promise.allSettled([store.fetchMetrics("p"), ...pending]);
  for (const { status, reason } of results) {
    assert.equal(status, "rejected");
    assertBroke(reason);
  }
  assert.ok(results[0].reason.cause instanceof WebAssembly.RuntimeError, "it was a trap");
  for (const call of [
    store.countEntries("p"),
    store.appendEntry({ project: "p", message: "m" }),
    other.listProjects(),
  ]) {
    await assert.rejects(call, (error) => assertBroke(error));
  }
  await store.close();
  await other.close();

  // The module that ships takes its place.
  const next = await openStore({ backend: "memory" });
  await next.upsertProject(PROJECT);
  await next.appendEntry({ project: "p", message: "after" });
  assert.equal((await next.fetchMetrics("p")).totalEntries, 1);
  await next.close();
});

function assertBroke(error) {
  assert.ok(isScribeError(error), String(error));
  assert.equal(error.code, "internal");
  assert.match(error.message, /the WebAssembly module broke down: .*open the store again/);
  return true;
}
