import { exercise } from "./exercise.js";
import * as scribe from "./node_modules/scribe-store/dist/index.js";
import { agentTools } from "./node_modules/scribe-store/dist/tools.js";

globalThis.outcome = exercise({ ...scribe, agentTools });
