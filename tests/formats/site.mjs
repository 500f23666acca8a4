// Chromium with the package as built, on a page that has none of it yet.

import path from "node:path";
import { DIST } from "../../scripts/build.mjs";
import { startServer } from "../../scripts/serve.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";
import { startBrowser, withScratch } from "../page/page.mjs";

/** The folder of these tests, which is also what is served. */
export const FOLDER = path.join(ROOT, "tests", "formats");

/**
 * Runs a body with a way to call functions of the scripts beside this one in a page.
 *
 * @param {(call: (script: string, name: string, ...args: unknown[]) => Promise<any>) => Promise<void>} body
 */
export function inChromium(body) {
  return withScratch(async (scratch) => {
    const server = await startServer({ root: FOLDER, mounts: { "/scribe-store/": DIST } });
    const context = await startBrowser(path.join(scratch, "profile"));
    try {
      const [page] = context.pages();
      await page.goto(`${server.url}page.html`);
      await body((script, name, ...args) =>
        page.evaluate(
          async ([from, what, given]) => (await import(from))[what](...given),
          [`/${script}`, name, args],
        ),
      );
    } finally {
      await context.close();
      await server.close();
    }
  });
}
