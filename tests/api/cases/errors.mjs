// Errors as callers tell them apart.

import { equal, ok, rejects } from "../assertions.mjs";
import { anEntry } from "../world.mjs";

export const cases = {
  "6.3 errors are Errors with a name, a code and a whole phrase": async (world) => {
    const store = await world.openWithProjects();
    const { ScribeError, ConflictError, isScribeError } = world.api;
    const conflict = { agentId: "a", projectName: null, expectedVersion: 1, updatedBy: "u", sessionId: "s" };
    const calls = {
      invalid_argument: [
        () => store.fetchProject(1),
        () => store.fetchProject(1n),
        () => store.insertEntries(1),
      ],
      not_found: [() => store.fetchMetrics("none")],
      invalid_cursor: [() => store.queryEntriesPaginated({ project: "p", cursor: "x" })],
      conflict: [() => store.setAgentProject(conflict)],
    };
    for (const [code, all] of Object.entries(calls)) {
      for (const call of all) {
        const error = await rejects(call, code, "", code);
        ok(error instanceof Error && error instanceof ScribeError, `${code} is an Error and a ScribeError`);
        equal(error instanceof ConflictError, code === "conflict", "only a conflict is a ConflictError");
        ok(isScribeError(error), `${code} is recognised`);
        equal(error.name, code === "conflict" ? "ConflictError" : "ScribeError", `the name of ${code}`);
        equal(error.retryable, false, `${code} does not go away by itself`);
        ok(error.message.length > 10 && !error.message.includes("[object"), `"${error.message}" is a phrase`);
        equal(String(error), `${error.name}: ${error.message}`, "as text");
        equal(typeof error.stack, "string", "it has a stack");
        const { message, name } = JSON.parse(JSON.stringify(error));
        equal({ code, message, name }, { code, message: error.message, name: error.name }, "as JSON");
        equal(Object.prototype.toString.call(error), "[object Error]", "it is a real Error");
      }
    }
  },

  "7.1 what may go away by itself is retryable": async (world) => {
    const api = await world.runtime.freshApi();
    const call = () => api.openStore({ wasm: new Uint8Array(8) });
    const error = await rejects(call, "unavailable", "", "a module that cannot be loaded");
    equal(error.retryable, true, "it may be there later");
    ok(error.cause instanceof Error, "the engine's own error is the cause");
  },

  "4.6 an error of the module keeps its cause": async (world) => {
    const store = await world.openWithProjects();
    const query = { project: "p", cursor: "!" };
    const error = await rejects(store.queryEntriesPaginated(query), "invalid_cursor", "", "a bad cursor");
    ok(error.cause instanceof Error, "what did not parse is the cause");
    const without = await rejects(store.fetchMetrics("none"), "not_found", "", "an unknown project");
    ok(!Object.hasOwn(without, "cause"), "an error without cause has none");
  },

  "7.1 another copy of the package knows the errors": async (world) => {
    const other = await world.runtime.freshApi();
    const { isScribeError, ScribeError } = world.api;
    const error = await rejects(
      () => other.openStore({ name: 1 }),
      "invalid_argument",
      "`name`",
      "its error",
    );
    ok(!(error instanceof ScribeError), "which is not of this copy's class");
    ok(isScribeError(error) && other.isScribeError(error), "but known to both");
    const store = await world.openWithProjects();
    const mine = await rejects(store.insertEntry(anEntry({ project: "none" })), "not_found", "", "an error");
    ok(other.isScribeError(mine), "and the other way round");
  },

  "7.1 isScribeError tells foreign values apart": async (world) => {
    const { isScribeError, ScribeError, ConflictError } = world.api;
    const foreign = [
      undefined,
      null,
      0,
      "closed",
      1n,
      true,
      Symbol("s"),
      () => 1,
      {},
      [],
      { code: "closed", retryable: false, name: "ScribeError", message: "m" },
      Object.assign(new Error("m"), { code: "closed" }),
      new TypeError("m"),
      new DOMException("m", "AbortError"),
      Object.create(null),
      ScribeError,
      ScribeError.prototype,
      ConflictError.prototype,
      new Proxy({}, {}),
    ];
    for (const value of foreign) equal(isScribeError(value), false, "it is not the package's");
    equal(isScribeError(), false, "nor is nothing");
  },
};
