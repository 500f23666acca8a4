// The package in Node, where there is no IndexedDB, and for TypeScript.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { ROOT } from "../../scripts/toolchain.mjs";
import { makeProject } from "./pack.mjs";

const TSC = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");

describe("Node", () => {
  let project;

  before(async () => {
    project = await makeProject("node");
  });
  after(() => project?.close());

  test("importing has no effect", async () => {
    const names = ["ConflictError", "ScribeError", "deleteStore", "isScribeError", "openStore"];
    const ofTools = ["agentTools", "aiSdkTools", "anthropicTools", "openAIChatTools", "openAIResponsesTools"];
    assert.deepEqual(await printed("import-only.mjs"), {
      exports: [names, names, [...ofTools, "registerWebMCP"]],
      added: [],
      calls: [],
    });
  });

  for (const entry of ["scribe-store", "scribe-store/inline"]) {
    describe(entry, () => {
      test("keeps a store in memory", async () => {
        assert.deepEqual(await printed("in-memory.mjs", entry), {
          backend: "memory",
          found: [],
          matches: ["Entry 1 ✓"],
          totalCount: 1,
          newest: ["Entry 1 ✓"],
          conflict: { isConflictError: true, isScribeError: true, expectedVersion: 1_000 },
        });
      });

      test("rejects to open one in IndexedDB, and says why", async () => {
        const { message, ...rest } = await printed("by-default.mjs", entry);
        assert.deepEqual(rest, { isScribeError: true, code: "unavailable", retryable: true });
        assert.match(message, /IndexedDB/);
      });
    });
  }

  for (const [module, moduleResolution] of [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ]) {
    test(`types are found with moduleResolution ${moduleResolution}`, async () => {
      const target = ["--target", "es2022", "--lib", "es2022,dom,esnext.disposable"];
      const how = ["--strict", "--noEmit", "--types", ""];
      const modules = ["--module", module, "--moduleResolution", moduleResolution];
      await project.node(TSC, ...how, ...target, ...modules, "types.mts");
    });
  }

  /** What a script of the project prints; that is all that it may print. */
  async function printed(...args) {
    return JSON.parse(await project.node(...args));
  }
});
