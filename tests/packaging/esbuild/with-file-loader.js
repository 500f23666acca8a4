import * as scribe from "scribe-store";
import wasm from "scribe-store/scribe_store.wasm";
import { agentTools } from "scribe-store/tools";
import { exercise } from "./exercise.js";

globalThis.outcome = exercise({ ...scribe, agentTools }, { wasm: new URL(wasm, import.meta.url) });
