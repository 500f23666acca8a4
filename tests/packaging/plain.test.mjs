// The package on a page of a static server, without any bundler.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startServer } from "../../scripts/serve.mjs";
import { noChromium, startChromium } from "./chromium.mjs";
import { makeProject } from "./pack.mjs";
import { checkNothingIsLost, failureOf } from "./pages.mjs";

describe("plain page", { skip: noChromium }, () => {
  let project;
  let browser;

  before(async () => {
    project = await makeProject("plain");
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    project?.close();
  });

  describe("under a strict content security policy", () => {
    const serving = serve({});
    test("scribe-store", () =>
      checkNothingIsLost(browser, serving.at("by-path.html"), { fetchesModule: true }));
    test("scribe-store/inline", () =>
      checkNothingIsLost(browser, serving.at("by-path-inline.html"), { fetchesModule: false }));
  });

  describe("with an import map", () => {
    // The map is a script in the page, which the server's policy would forbid.
    const serving = serve({ "content-security-policy": null });
    test("scribe-store", () =>
      checkNothingIsLost(browser, serving.at("by-name.html"), { fetchesModule: true }));
    test("scribe-store/inline", () =>
      checkNothingIsLost(browser, serving.at("by-name-inline.html"), { fetchesModule: false }));
  });

  describe("under a policy without 'wasm-unsafe-eval'", () => {
    const serving = serve({ "content-security-policy": "default-src 'self'" });
    for (const name of ["by-path.html", "by-path-inline.html"]) {
      test(`${name}: the error names the policy`, async () => {
        const { code, message } = await failureOf(browser, serving.at(name));
        assert.equal(code, "unavailable");
        assert.match(message, /Content Security Policy/);
      });
    }
  });

  /** Serves the project while the tests of the suite that this is called in run. */
  function serve(headers) {
    let server;
    before(async () => {
      server = await startServer({ root: project.folder, headers });
    });
    after(() => server?.close());
    return { at: (name) => server.url + name };
  }
});
