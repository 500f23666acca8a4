import { exercise } from "./exercise.js";
import * as scribe from "./node_modules/scribe-store/dist/inline.js";

globalThis.outcome = exercise(scribe);
