// The protocol between a page and a worker, a frame of another origin, and a port, in Chromium, under a strict policy.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { startServer } from "../../scripts/serve.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";
import { noChromium, startChromium } from "../packaging/chromium.mjs";

const PAGE = path.join(ROOT, "tests", "mcp", "page");

describe("PostMessageTransport", { skip: noChromium }, () => {
  let folder;
  let server;
  let framed;
  let browser;
  let page;
  const complaints = [];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "scribe-store-mcp-"));
    await build({
      entryPoints: ["client", "frame", "worker"].map((name) => path.join(PAGE, `${name}.mjs`)),
      outdir: folder,
      bundle: true,
      format: "esm",
      logLevel: "warning",
    });
    for (const name of ["client.html", "frame.html"]) cpSync(path.join(PAGE, name), path.join(folder, name));
    framed = await startServer({ root: folder });
    const policy = `default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; frame-src ${framed.url}`;
    server = await startServer({ root: folder, headers: { "content-security-policy": policy } });

    browser = await startChromium();
    page = await browser.newPage();
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    // Browsers ask for an icon by themselves; that none is served is no fault.
    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    await page.goto(`${server.url}client.html?frame=${new URL(framed.url).origin}`);
    await page.waitForFunction(() => globalThis.talk);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    await framed?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const place of ["worker", "frame", "port"]) {
    test(`a page and a ${place}`, async () => {
      const { log, ...told } = await page.evaluate((where) => globalThis.talk(where), place);
      assert.equal(told.server, "scribe-store");
      assert.equal(told.tools.length, 6);
      assert.deepEqual([told.set.project, told.set.created], ["p", true]);
      assert.equal(told.appended.project, "p");
      assert.equal(told.mistake.error.message, "append_entry: /message: is missing");
      assert.match(log, new RegExp(`^\\[ℹ️\\] .* From the page to the ${place}\n$`));
      assert.equal(told.afterwards, "closed");
      assert.deepEqual(complaints, []);
    });
  }

  test("of a window, only its own messages are taken, and only of its origin", async () => {
    const { heard, frameOrigin } = await page.evaluate(() => globalThis.heard());
    assert.deepEqual(heard, [
      `right, taken by ${frameOrigin}`,
      "right, taken by *",
      "of another origin, taken by *",
    ]);
  });
});
