// `npm run soak`: sets up, builds, and kills the browser while it writes 50 times, or as often as KILLS says.
//
//   npm run soak -- --bad-input    makes 100,000 calls with arguments of every kind instead, or as many as CALLS says

import { parseArgs } from "node:util";
import { run } from "./process.mjs";

const { values } = parseArgs({ options: { "bad-input": { type: "boolean" } } });

const [only, env] = values["bad-input"]
  ? ["bad input", { CALLS: process.env.CALLS || "100000" }]
  : ["kills", { KILLS: process.env.KILLS || "50" }];

const { code } = await run(process.execPath, ["scripts/test.mjs", "--only", only], { env });
process.exitCode = code ?? 1;
