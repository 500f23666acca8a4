// What the random tests have in common: their seed, values, and stores.

import fc from "fast-check";
import { openStore } from "scribe-store";

/** The same values in each run, unless `SEED=… node --test tests/interchange` asks for others. */
const seed = Number(process.env.SEED ?? 1);
console.log(`The seed of the random tests: SEED=${seed}`);

/** Checks a property of random values, in some tens of cases. */
export function check(arbitraries, property, numRuns = 40) {
  return fc.assert(fc.asyncProperty(...arbitraries, property), { seed, numRuns });
}

/** Any text without lone surrogates, some of it meant to be misread. */
export const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom(
    "",
    " ",
    "a | b=c",
    "\n",
    "\r\n",
    "\r",
    '"',
    "\\",
    "\uFEFF",
    "\u2028",
    "[ID: x] ",
    "] [",
    "- [x]",
    "={[",
    "; ",
  ),
);

/** Metadata, as it comes back. */
export const meta = fc.dictionary(
  text,
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value))),
  { maxKeys: 4, noNullPrototype: true },
);

/** What tells entries apart: few times, so that many are equal. */
export const entries = fc.array(
  fc.record({
    ts: fc.integer({ min: -5, max: 5 }),
    emoji: text,
    agent: fc.option(text),
    message: text,
    rawLine: text,
    sha256: text,
    meta,
  }),
  { maxLength: 40 },
);

/** Adds identifiers and a project. */
export const inProject = (entries) =>
  entries.map((entry, index) => ({ entryId: `e${index}`, project: "p", ...entry }));

/** Places at which to cut bytes. */
export const cuts = fc.array(fc.nat(10_000), { maxLength: 12 });

/** Makes a stream of a text, cut at some places. */
export function cutStream(content, places) {
  const bytes = new TextEncoder().encode(content);
  const ends = [...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  let [index, start] = [0, 0];
  return new ReadableStream({
    pull(controller) {
      if (index === ends.length) return controller.close();
      controller.enqueue(bytes.slice(start, ends[index]));
      start = ends[index];
      index += 1;
    },
  });
}

/** Opens an empty store, with the project "p" in it. */
export async function aStore() {
  const store = await openStore({ backend: "memory" });
  await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
  return store;
}

/** Works with empty stores, and closes them. */
export async function withStores(count, work) {
  const stores = await Promise.all(Array.from({ length: count }, aStore));
  try {
    return await work(...stores);
  } finally {
    for (const store of stores) await store.close();
  }
}

/** All entries, as they are read, but for their numbers. */
export async function all(store, project = "p") {
  const found = [];
  for await (const { seq, ...entry } of store.iterateEntries({ project })) found.push(entry);
  return found;
}
