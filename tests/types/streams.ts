// What logs are read from and written to, where the environment's types know streams.

import { openStore } from "scribe-store";

export async function streams(): Promise<void> {
  const store = await openStore({ backend: "memory" });
  const { signal } = new AbortController();
  const bytes: ReadableStream<Uint8Array> = store.exportJsonl({ project: "p", signal });
  const response = new Response(store.exportProgressLog({ project: "p", signal }));
  const options = { project: "p", signal };
  await store.importJsonl(bytes, options);
  await store.importJsonl(new Blob([]), options);
  const { body } = response;
  if (body) await store.importProgressLog(body, options);
  await store.importProgressLog(new ReadableStream<string>(), options);

  // @ts-expect-error: a stream of something else
  await store.importJsonl(new ReadableStream<number>());
  // @ts-expect-error: not a signal
  store.exportJsonl({ project: "p", signal: true });
}
