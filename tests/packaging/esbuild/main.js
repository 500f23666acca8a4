import * as scribe from "scribe-store";
import { exercise } from "./exercise.js";

globalThis.outcome = exercise(scribe);
