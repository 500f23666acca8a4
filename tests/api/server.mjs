// Serves the package, the cases, and copies of the package that are loaded anew.

import path from "node:path";
import { startServer } from "../../scripts/serve.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";

const PACKAGE = path.join(ROOT, "dist");

/** More than any page needs. */
const COPIES = 100;

/** @returns {Promise<import("../../scripts/serve.mjs").RunningServer>} */
export function startTestServer() {
  const copies = Array.from({ length: COPIES }, (_, index) => [`/copy-${index + 1}/`, PACKAGE]);
  return startServer({
    root: path.join(ROOT, "tests", "api"),
    mounts: { "/package/": PACKAGE, ...Object.fromEntries(copies) },
  });
}
