import * as scribe from "scribe-store";
import { agentTools } from "scribe-store/tools";
import { exercise } from "./exercise.js";

// No top-level await: by default Vite builds workers as classic scripts, which have none.
exercise({ ...scribe, agentTools }).then((outcome) => postMessage(outcome));
