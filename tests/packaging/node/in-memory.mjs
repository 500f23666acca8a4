import { exercise } from "./exercise.js";

const scribe = await import(process.argv[2]);
console.log(JSON.stringify(await exercise(scribe, { backend: "memory" })));
