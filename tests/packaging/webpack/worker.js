import * as scribe from "scribe-store";
import { exercise } from "./exercise.js";

exercise(scribe).then((outcome) => postMessage(outcome));
