import * as scribe from "scribe-store";
import wasm from "scribe-store/scribe_store.wasm";
import { exercise } from "./exercise.js";

globalThis.outcome = exercise(scribe, { wasm: new URL(wasm, import.meta.url) });
