// `npm run soak`: sets up, builds, and kills the browser while it writes 50 times, or as often as KILLS says.
//
//   npm run soak -- --bad-input    makes 100,000 calls with arguments of every kind instead, or as many as CALLS says,
//                                  and writes and reads random logs as text; both from a new seed, or from SEED
//   npm run soak -- --leaks    works for ten minutes, or as many seconds as LEAKS_SECONDS says, and watches
//                              that memory levels off

import { parseArgs } from "node:util";
import { run } from "./process.mjs";

const { values } = parseArgs({ options: { "bad-input": { type: "boolean" }, leaks: { type: "boolean" } } });

const SEED = process.env.SEED || String(Date.now() % 1_000_000);

let runs = [["kills", { KILLS: process.env.KILLS || "50" }]];
if (values["bad-input"]) {
  runs = [
    ["bad input", { CALLS: process.env.CALLS || "100000", SEED }],
    ["interchange", { SEED }],
  ];
}
if (values.leaks) runs = [["leaks", { LEAKS_SECONDS: process.env.LEAKS_SECONDS || "600" }]];

process.exitCode = 0;
for (const [only, env] of runs) {
  const { code } = await run(process.execPath, ["scripts/test.mjs", "--only", only], { env });
  process.exitCode ||= code ?? 1;
}
