import * as scribe from "scribe-store/inline";
import { exercise } from "./exercise.js";

globalThis.outcome = exercise(scribe);
