// A store in memory with the tools of an agent, and schemas as an independent validator reads them.

import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { openStore } from "scribe-store";
import { agentTools } from "scribe-store/tools";

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });

/**
 * Opens a store, closed when the test ends.
 *
 * @param {import("node:test").TestContext} t
 */
export async function openMemory(t) {
  const store = await openStore({ backend: "memory" });
  t.after(() => store.close());
  return store;
}

/**
 * The tools of an agent as functions by name. What they resolve to must fit their schema.
 *
 * @param {import("scribe-store").ScribeStore} store
 * @param {import("scribe-store/tools").AgentToolsOptions} [options]
 */
export function toolsOf(store, options = { agentId: "ada", sessionId: "s-1" }) {
  const tools = agentTools(store, options);
  return Object.fromEntries(
    tools.map(({ name, outputSchema, execute }) => [
      name,
      async (input, callOptions) => {
        const result = await execute(input, callOptions);
        assertFits(outputSchema, result);
        return result;
      },
    ]),
  );
}

/** Fails unless a value, as JSON would carry it, fits a schema. */
export function assertFits(schema, value) {
  const validate = ajv.compile(schema);
  assert.ok(validate(JSON.parse(JSON.stringify(value))), ajv.errorsText(validate.errors));
}

/** Makes projects, each with so many entries: "1", "2", and so on. */
export async function fill(store, entriesByProject) {
  for (const [name, count] of Object.entries(entriesByProject)) {
    await store.upsertProject({ name, repoRoot: `/${name}`, progressLogPath: `/${name}/log.md` });
    for (let number = 1; number <= count; number += 1) {
      await store.appendEntry({ project: name, agent: "bob", message: String(number), ts: number * 1000 });
    }
  }
}
