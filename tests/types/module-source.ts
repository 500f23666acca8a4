// Where the module may come from, in a browser.

import { type OpenOptions, openStore, type ScribeStore } from "scribe-store";
import address from "scribe-store/scribe_store.wasm";

export async function sources(): Promise<void> {
  const bytes = new Uint8Array(8);
  const compiled: WebAssembly.Module = await WebAssembly.compile(bytes);
  const all: NonNullable<OpenOptions["wasm"]>[] = [
    new URL("https://example.org/scribe_store.wasm"),
    "/scribe_store.wasm",
    fetch("/scribe_store.wasm"),
    await fetch("/scribe_store.wasm"),
    bytes,
    bytes.buffer,
    new DataView(bytes.buffer),
    compiled,
  ];
  const source: BufferSource = bytes;
  for (const wasm of [...all, source]) await openStore({ wasm });

  // What a bundler makes of an import of the module is for its own types to say.
  if (typeof address === "string") await openStore({ wasm: address });
  // @ts-expect-error: the import alone is of no known type
  await openStore({ wasm: address });
}

export async function signals(store: ScribeStore): Promise<void> {
  await store.queryEntries({ project: "p", signal: AbortSignal.timeout(1000) });
  const { signal } = new AbortController();
  await store.insertEntries([], { signal });
  for await (const _ of store.tail({ project: "p", signal })) break;
}
