// `npm run soak`: sets up, builds, and kills the browser while it writes 50 times, or as often as KILLS says.
//
//   npm run soak -- --bad-input    makes 100,000 calls with arguments of every kind instead, or as many as CALLS says,
//                                  others than in each run before unless SEED is given
//   npm run soak -- --leaks    works for ten minutes, or as many seconds as LEAKS_SECONDS says, and watches
//                              that memory levels off

import { parseArgs } from "node:util";
import { run } from "./process.mjs";

const { values } = parseArgs({ options: { "bad-input": { type: "boolean" }, leaks: { type: "boolean" } } });

let [only, env] = ["kills", { KILLS: process.env.KILLS || "50" }];
if (values["bad-input"]) {
  const { CALLS = "100000", SEED = String(Date.now() % 1_000_000) } = process.env;
  [only, env] = ["bad input", { CALLS, SEED }];
}
if (values.leaks) [only, env] = ["leaks", { LEAKS_SECONDS: process.env.LEAKS_SECONDS || "600" }];

const { code } = await run(process.execPath, ["scripts/test.mjs", "--only", only], { env });
process.exitCode = code ?? 1;
