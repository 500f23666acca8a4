// The package in a project with a version of Vite before 8, whose development server moves scripts of packages, but not
// what they load from beside themselves. What the error then advises must help.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { noChromium, startChromium } from "./chromium.mjs";
import { makeProject } from "./pack.mjs";
import { checkNothingIsLost, failureOf } from "./pages.mjs";
import { startVite } from "./vite-server.mjs";

describe("Vite 7's development server", { skip: noChromium }, () => {
  let project;
  let browser;

  before(async () => {
    project = await makeProject("vite-7", "vite");
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    project?.close();
  });

  describe("without configuration", () => {
    let server;
    before(async () => {
      server = await startVite(project.folder, []);
    });
    after(() => server?.close());

    test("scribe-store: the error says what happened, and what helps", async () => {
      const { code, message } = await failureOf(browser, server.url);
      assert.equal(code, "unavailable");
      assert.match(message, /scribe_store\.wasm answered with HTML instead of the WebAssembly module/);
      assert.match(message, /optimizeDeps: \{ exclude: \["scribe-store"\] \}/);
      assert.match(message, /"scribe-store\/inline"/);
    });
    test("scribe-store/inline works", () =>
      checkNothingIsLost(browser, `${server.url}inline.html`, { fetchesModule: false }));
  });

  describe("with the package excluded from optimizeDeps", () => {
    let server;
    before(async () => {
      server = await startVite(project.folder, ["--config", "vite.exclude.config.js"]);
    });
    after(() => server?.close());

    test("scribe-store works", () => checkNothingIsLost(browser, server.url, { fetchesModule: true }));
    test("scribe-store works in a module worker", () =>
      checkNothingIsLost(browser, `${server.url}in-worker.html`, { fetchesModule: true }));
  });
});
