// What the tools tell models: every input's schema has to be one that strict modes of model providers accept.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { agentTools } from "scribe-store/tools";
import { openMemory } from "./world.mjs";

const NAMES = ["set_project", "get_project", "list_projects", "append_entry", "read_recent", "query_entries"];

test("these tools there are", async (t) => {
  const tools = agentTools(await openMemory(t), { agentId: "ada" });
  assert.deepEqual(
    tools.map(({ name }) => name),
    NAMES,
  );
  for (const { name, title, description, readOnly } of tools) {
    // As OpenAI, Anthropic, MCP and WebMCP all take names.
    assert.match(name, /^[a-z_]{1,64}$/);
    assert.match(title, /^[A-Z][a-z]+( [a-z]+)+$/);
    // OpenAI takes 1024 characters.
    assert.ok(description.length > 100 && description.length <= 1024, `${name}: ${description.length}`);
    assert.match(description, /\bUse it\b/);
    assert.equal(readOnly, !["set_project", "append_entry"].includes(name));
  }
});

describe("schemas", () => {
  test("are valid in draft-07 and in 2020-12", async (t) => {
    for (const { inputSchema, outputSchema } of agentTools(await openMemory(t), { agentId: "ada" })) {
      for (const Validator of [Ajv, Ajv2020]) {
        const ajv = new Validator({ strict: true, allowUnionTypes: true });
        for (const schema of [inputSchema, outputSchema])
          assert.equal(typeof ajv.compile(schema), "function");
      }
    }
  });

  test("of inputs keep to the subset of strict modes", async (t) => {
    let properties = 0;
    const visit = (schema, at) => {
      const known = [
        "type",
        "description",
        "enum",
        "items",
        "properties",
        "required",
        "additionalProperties",
      ];
      for (const key of Object.keys(schema)) assert.ok(known.includes(key), `${at}: ${key}`);
      const types = [schema.type].flat();
      assert.ok(types.length > 0 && types.every((type) => typeof type === "string"), `${at}: no type`);
      if (types.includes("object")) {
        assert.equal(schema.additionalProperties, false, at);
        assert.deepEqual(schema.required, Object.keys(schema.properties), at);
        for (const [name, inner] of Object.entries(schema.properties)) {
          properties += 1;
          visit(inner, `${at}/${name}`);
        }
      }
      assert.equal(types.includes("array"), "items" in schema, at);
      if (schema.items) visit(schema.items, `${at}/items`);
    };
    for (const { name, inputSchema } of agentTools(await openMemory(t), { agentId: "ada" })) {
      assert.equal(inputSchema.type, "object");
      visit(inputSchema, name);
    }
    assert.ok(properties > 20 && properties < 100, `${properties} properties`);
  });

  test("tell every argument but the obvious ones", async (t) => {
    for (const { name, inputSchema } of agentTools(await openMemory(t), { agentId: "ada" })) {
      for (const [property, { description }] of Object.entries(inputSchema.properties)) {
        assert.ok(description?.length > 10, `${name}: ${property}`);
      }
    }
  });
});
