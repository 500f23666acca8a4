// A tab of Chromium with a script in it, and the package beside.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { DIST } from "../../scripts/build.mjs";
import { startServer } from "../../scripts/serve.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";
import { startBrowser, withScratch } from "../page/page.mjs";

const PAGE = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Bad input</title>
  <link rel="icon" href="/www/icon.svg" />
  <script type="module" src="script.js"></script>
</html>`;

/** The package is not bundled: it stays where it is served. */
const PACKAGE = {
  name: "package",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^scribe-store$/ }, () => ({ path: "/package/index.js", external: true })),
};

/**
 * Opens a tab that runs a script, and runs a body; fails also if the tab threw what nobody caught.
 *
 * @param {string} script A module's path; it defines the function \`ask\` of the global object.
 * @param {(ask: (task: string, options?: object) => Promise<any>) => Promise<void>} body
 */
export function withTab(script, body) {
  return withScratch(async (scratch) => {
    const root = path.join(scratch, "site");
    await build({
      entryPoints: [script],
      bundle: true,
      format: "esm",
      outfile: path.join(root, "script.js"),
      plugins: [PACKAGE],
    });
    writeFileSync(path.join(root, "index.html"), PAGE);
    const server = await startServer({
      root,
      mounts: { "/package/": DIST, "/www/": path.join(ROOT, "www") },
    });
    let context;
    try {
      context = await startBrowser(path.join(scratch, "profile"));
      context.setDefaultTimeout(0);
      const [tab] = context.pages();
      const troubles = [];
      tab.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
      tab.on("pageerror", (error) => troubles.push(String(error?.stack ?? error)));
      await tab.goto(server.url);
      await tab.waitForFunction(() => globalThis.ask, undefined, { timeout: 30_000 });
      await body(async (task, options) =>
        JSON.parse(await tab.evaluate((request) => globalThis.ask(...request), [task, options])),
      );
      assert.deepEqual(troubles, [], "nothing is thrown that nobody catches");
    } finally {
      await context?.close();
      await server.close();
    }
  });
}
