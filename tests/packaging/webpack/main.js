import * as scribe from "scribe-store";
import { agentTools } from "scribe-store/tools";
import { exercise } from "./exercise.js";

globalThis.outcome = exercise({ ...scribe, agentTools });
