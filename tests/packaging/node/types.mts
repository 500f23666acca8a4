import type { Entry, Page, ScribeStore } from "scribe-store";
import { ConflictError, isScribeError, openStore } from "scribe-store";
import { deleteStore, openStore as openInlined } from "scribe-store/inline";
import wasm from "scribe-store/scribe_store.wasm";
import { agentTools } from "scribe-store/tools";

const store: ScribeStore = await openStore({ backend: "memory" });
const page: Page<Entry> = await store.queryEntriesPaginated({ project: "demo", pageSize: 10 });
const messages: string[] = page.items.map((entry) => entry.message);

// @ts-expect-error A mistyped option is found, so the types are not simply `any`.
await openInlined({ bakend: "memory" });

// @ts-expect-error An option that is missing is found.
agentTools(store, { sessionId: "one" });
await agentTools(store, { agentId: "ada" })[0]?.execute({ project: "demo" });

await deleteStore(messages[0]);
export const known = (error: unknown): boolean => isScribeError(error) && error instanceof ConflictError;
export { wasm };
