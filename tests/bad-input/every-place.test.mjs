// Each value that no caller means, in each place of each method: as an argument, and as a member of one.
//
// What is random comes to few of these; this comes to all.

import assert from "node:assert/strict";
import test from "node:test";
import * as api from "scribe-store";
import { METHODS } from "../api/methods.mjs";
import { ODDITIES } from "./oddities.mjs";
import { Context, checkStore, newTally } from "./soak.mjs";

/** Members that may be left out, of whatever method: where one is not known, it is refused for that. */
const OPTIONAL = [
  ...["agent", "agents", "emoji", "emojis", "message", "messageMode", "caseSensitive", "metaFilters"],
  ...["start", "end", "limit", "offset", "page", "pageSize", "cursor", "filters", "fromSeq", "by", "before"],
  ...["meta", "metadata", "ts", "status", "section", "stage", "overallGrade", "performanceLevel"],
  ...[
    "expectedVersion",
    "agentId",
    "sessionId",
    "eventType",
    "strict",
    "project",
    "signal",
    "doc",
    "entryId",
    "onProgress",
  ],
];

/** Every method, also the one that tells at once what is wrong. */
const EVERY = { ...METHODS, subscribe: { args: () => [() => {}, {}], members: 1 } };

test("every oddity in every place of every method", { timeout: 600_000 }, async () => {
  const tally = newTally();
  const wrong = [];
  for (const [name, { args, members }] of Object.entries(EVERY)) {
    const store = await api.openStore({ backend: "memory" });
    for (const project of ["p", "q"]) {
      await store.upsertProject({ name: project, repoRoot: "", progressLogPath: "" });
    }
    const context = new Context(api, tally);
    const check = (what, values) =>
      context.checkCall(store, name, values).catch((error) => {
        wrong.push(`${name} with ${what}: ${error.message}`);
      });
    for (const [oddity, make] of Object.entries(ODDITIES)) {
      // And one more than it takes, or where its options are.
      for (let place = 0; place <= args().length; place += 1) {
        const values = args();
        values[place] = make();
        await check(`${oddity} as argument ${place}`, values);
      }
      if (members === undefined) continue;
      for (const key of new Set([...Object.keys(args()[members]), ...OPTIONAL])) {
        const values = args();
        Object.defineProperty(values[members], key, { value: make(), enumerable: true, configurable: true });
        await check(`${oddity} as \`${key}\``, values);
      }
    }
    await checkStore(store, tally);
    await store.close();
  }
  const context = new Context(api, tally);
  for (const [oddity, make] of Object.entries(ODDITIES)) {
    for (const key of ["", "name", "backend", "durability", "blockedTimeoutMs", "cacheBytes", "wasm"]) {
      const options = () => (key ? { backend: "memory", [key]: make() } : make());
      await context.checkFunctions(options).catch((error) => {
        wrong.push(`opening with ${oddity} as \`${key}\`: ${error.message}`);
      });
    }
  }
  assert.deepEqual(wrong, []);
  const functions = ["openStore", "deleteStore", "isScribeError"];
  assert.deepEqual(Object.keys(tally.methods).sort(), [...Object.keys(EVERY), ...functions].sort());
  const { calls, resolved, codes, slowest } = tally;
  console.log(
    `${calls} calls, ${resolved} resolved, ${JSON.stringify(codes)}, slowest ${JSON.stringify(slowest)}`,
  );
});
