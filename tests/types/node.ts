// Where the module may come from, in Node.

import { readFile } from "node:fs/promises";
import { type OpenOptions, openStore, type ScribeStore } from "scribe-store";

export async function sources(): Promise<void> {
  const all: NonNullable<OpenOptions["wasm"]>[] = [
    new URL("https://example.org/scribe_store.wasm"),
    "https://example.org/scribe_store.wasm",
    fetch("https://example.org/scribe_store.wasm"),
    await fetch("https://example.org/scribe_store.wasm"),
    await readFile("scribe_store.wasm"),
    new Response(new Uint8Array(8)),
  ];
  for (const wasm of all) await openStore({ backend: "memory", wasm });

  // @ts-expect-error: something else
  await openStore({ wasm: new Map() });
  // @ts-expect-error: a promise of something else
  await openStore({ wasm: readFile("scribe_store.wasm") });
}

export async function signals(store: ScribeStore): Promise<void> {
  await store.queryEntries({ project: "p", signal: AbortSignal.timeout(1000) });
  const { signal } = new AbortController();
  await store.insertEntries([], { signal });
  for await (const _ of store.tail({ project: "p", signal })) break;
}
