// The package in a project that Vite serves and builds.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { checkBundles } from "./bundle-sizes.mjs";
import { noChromium, startChromium } from "./chromium.mjs";
import { makeProject } from "./pack.mjs";
import { checkNothingIsLost, failureOf } from "./pages.mjs";
import { startVite } from "./vite-server.mjs";

describe("Vite", { skip: noChromium }, () => {
  let project;
  let browser;

  before(async () => {
    project = await makeProject("vite");
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    project?.close();
  });

  describe("development server", () => {
    pages("without configuration", []);
    pages("with the package excluded from optimizeDeps", ["--config", "vite.exclude.config.js"]);
  });

  describe("build", () => {
    before(async () => {
      await project.node(path.join("node_modules", "vite", "bin", "vite.js"), "build");
    });

    pages("served by preview", ["preview"]);

    test("the module is emitted once, and inlined only where asked for", () =>
      checkBundles(path.join(project.folder, "dist"), { project: project.folder, modules: 1 }));

    test("a server that answers with a page instead of the module: the error says so, and what helps", async () => {
      // Vite's servers, as those of other single-page applications, answer with index.html for what is not there.
      const incomplete = path.join(project.folder, "without-module");
      cpSync(path.join(project.folder, "dist"), incomplete, {
        recursive: true,
        filter: (file) => !file.endsWith(".wasm"),
      });
      const server = await startVite(project.folder, ["preview", "--outDir", incomplete]);
      try {
        const { code, message } = await failureOf(browser, server.url);
        assert.equal(code, "unavailable");
        assert.match(message, /\.wasm answered with HTML instead of the WebAssembly module/);
        assert.match(message, /optimizeDeps: \{ exclude: \["scribe-store"\] \}/);
        assert.match(message, /"scribe-store\/inline"/);
      } finally {
        await server.close();
      }
    });
  });

  /** The same three pages, from one of Vite's servers. */
  function pages(how, args) {
    describe(how, () => {
      let server;
      before(async () => {
        server = await startVite(project.folder, args);
      });
      after(() => server?.close());

      test("scribe-store", () => checkNothingIsLost(browser, server.url, { fetchesModule: true }));
      test("scribe-store/inline", () =>
        checkNothingIsLost(browser, `${server.url}inline.html`, { fetchesModule: false }));
      test("scribe-store in a module worker", () =>
        checkNothingIsLost(browser, `${server.url}in-worker.html`, { fetchesModule: true }));
    });
  }
});
