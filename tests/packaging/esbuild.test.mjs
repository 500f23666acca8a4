// The package in a project that esbuild bundles. esbuild does not follow `new URL(…, import.meta.url)`, so the module
// reaches the output in one of the three ways that README.md lists.

import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { startServer } from "../../scripts/serve.mjs";
import { checkBundles } from "./bundle-sizes.mjs";
import { noChromium, startChromium } from "./chromium.mjs";
import { makeProject } from "./pack.mjs";
import { checkNothingIsLost, failureOf } from "./pages.mjs";

describe("esbuild", { skip: noChromium }, () => {
  let project;
  let browser;
  let server;
  let bundles;

  before(async () => {
    project = await makeProject("esbuild");
    bundles = path.join(project.folder, "dist");
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

  test("scribe-store, with the module copied beside the bundle", async () => {
    await bundle("main.js", "--format=esm", "--minify");
    const missing = await failureOf(browser, server.url);
    assert.equal(missing.code, "unavailable");
    assert.match(missing.message, /scribe_store\.wasm answered with status 404/);
    assert.match(missing.message, /scribe-store\/inline/);
    assert.match(missing.message, /`wasm` option/);

    const module = path.join(project.folder, "node_modules", "scribe-store", "dist", "scribe_store.wasm");
    const copy = path.join(bundles, "scribe_store.wasm");
    cpSync(module, copy);
    await checkNothingIsLost(browser, server.url, { fetchesModule: true });
    rmSync(copy);
  });

  test("scribe-store, with the file loader and the `wasm` option", async () => {
    await bundle("with-file-loader.js", "--format=esm", "--loader:.wasm=file");
    await checkNothingIsLost(browser, `${server.url}with-file-loader.html`, { fetchesModule: true });
  });

  test("scribe-store/inline, also in esbuild's default format", async () => {
    await bundle("inline.js", "--minify");
    await checkNothingIsLost(browser, `${server.url}inline.html`, { fetchesModule: false });
  });

  test("the module is emitted by the file loader only, and inlined only where asked for", () =>
    checkBundles(bundles, { project: project.folder, modules: 1 }));

  function bundle(entry, ...options) {
    const program = path.join("node_modules", "esbuild", "bin", "esbuild");
    return project.node(program, entry, "--bundle", "--outdir=dist", "--log-level=warning", ...options);
  }
});
