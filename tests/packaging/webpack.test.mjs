// The package in a project that webpack bundles.

import path from "node:path";
import { after, before, describe, test } from "node:test";
import { startServer } from "../../scripts/serve.mjs";
import { checkBundles } from "./bundle-sizes.mjs";
import { noChromium, startChromium } from "./chromium.mjs";
import { makeProject } from "./pack.mjs";
import { checkNothingIsLost } from "./pages.mjs";

describe("webpack", { skip: noChromium }, () => {
  let project;
  let browser;
  let server;
  let bundles;

  before(async () => {
    project = await makeProject("webpack");
    await project.node(path.join("node_modules", "webpack", "bin", "webpack.js"), "--mode", "production");
    bundles = path.join(project.folder, "dist");
    // The server's policy forbids scripts from strings: the bundles must not need any.
    server = await startServer({
      root: path.join(project.folder, "public"),
      mounts: { "/bundles/": bundles },
    });
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    project?.close();
  });

  test("scribe-store", () => checkNothingIsLost(browser, server.url, { fetchesModule: true }));
  test("scribe-store/inline", () =>
    checkNothingIsLost(browser, `${server.url}inline.html`, { fetchesModule: false }));
  test("scribe-store in a worker", () =>
    checkNothingIsLost(browser, `${server.url}in-worker.html`, { fetchesModule: true }));
  test("the module is emitted once, and inlined only where asked for", () =>
    checkBundles(bundles, { project: project.folder, modules: 1 }));
});
