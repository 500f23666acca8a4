import { exercise } from "./exercise.js";
import * as scribe from "./node_modules/scribe-store/dist/index.js";

globalThis.outcome = exercise(scribe);
