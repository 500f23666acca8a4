// `npm run soak`: sets up, builds, and kills the browser while it writes 50 times, or as often as KILLS says.

import { run } from "./process.mjs";

const KILLS = process.env.KILLS || "50";

const { code } = await run(process.execPath, ["scripts/test.mjs", "--only", "kills"], { env: { KILLS } });
process.exitCode = code ?? 1;
