import * as scribe from "scribe-store";
import { exercise } from "./exercise.js";

// No top-level await: by default Vite builds workers as classic scripts, which have none.
exercise(scribe).then((outcome) => postMessage(outcome));
