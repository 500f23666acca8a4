// The package in a project that Vite serves and builds.

import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { noChromium, startChromium } from "./chromium.mjs";
import { makeProject } from "./pack.mjs";
import { checkNothingIsLost } from "./pages.mjs";
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

    test("emits the module once", () => {
      const modules = assets().filter((file) => file.endsWith(".wasm"));
      assert.equal(modules.length, 1, modules.join(" "));
    });

    test("holds the inlined module once, and only where it is asked for", () => {
      const module = sizeOf(path.join("node_modules", "scribe-store", "dist", "inline-wasm.js"));
      const large = assets().filter((file) => file.endsWith(".js") && sizeOf(file) > module / 2);
      assert.deepEqual(
        large.map((file) => path.basename(file).split("-")[0]),
        ["inline"],
      );
      assert.ok(sizeOf(large[0]) < 1.5 * module, `${large[0]} has ${sizeOf(large[0])} bytes`);
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

  function assets() {
    return readdirSync(path.join(project.folder, "dist", "assets")).map((file) => `dist/assets/${file}`);
  }

  function sizeOf(file) {
    return statSync(path.join(project.folder, file)).size;
  }
});
