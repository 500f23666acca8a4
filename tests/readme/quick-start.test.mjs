// The quick start of README.md does what it says, as it stands there, and so does what it shows of logs as text.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { startServer } from "../../scripts/serve.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";
import { noChromium, startChromium } from "../packaging/chromium.mjs";
import { makeProject } from "../packaging/pack.mjs";
import { outcomeOf, withPage } from "../packaging/pages.mjs";

/** What it writes, and what of that it prints: the newest first. */
const DONE = '✅ Parser done {"tests":41}';
const STARTED = "🧭 Parser started {}";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Quick start</title>
    <script type="importmap">
      { "imports": { "scribe-store": "./node_modules/scribe-store/dist/index.js" } }
    </script>
    <script type="module">
      const script = new URLSearchParams(location.search).get("script") ?? "quick-start.js";
      globalThis.outcome = import("./" + script).then(() => "done", (error) => String(error));
    </script>
  </head>
</html>
`;

test("README.md has one quick start, in JavaScript", () => {
  assert.match(codeBelow("Quick start"), /from "scribe-store"/);
});

describe("the quick start", { skip: noChromium }, () => {
  let project;
  let server;
  let browser;

  before(async () => {
    const code = codeBelow("Quick start");
    project = await makeProject("plain");
    writeFileSync(path.join(project.folder, "quick-start.js"), code);
    writeFileSync(path.join(project.folder, "text.js"), codeBelow("Logs as text, and backups"));
    writeFileSync(path.join(project.folder, "quick-start.html"), PAGE);
    // The import map is a script in the page, which the server's policy would forbid.
    server = await startServer({ root: project.folder, headers: { "content-security-policy": null } });
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    project?.close();
  });

  test("prints what it found, and after a reload that nothing is lost", () =>
    withPage(browser, async (page, seen) => {
      await page.goto(`${server.url}quick-start.html`);
      assert.equal(await outcomeOf(page, seen), "done");
      assert.deepEqual(seen.lines.splice(0), ["Parser done, page 1 of 2", DONE, STARTED]);

      await page.reload();
      assert.equal(await outcomeOf(page, seen), "done");
      assert.deepEqual(seen.lines, ["Parser done, page 1 of 4", DONE, STARTED, DONE, STARTED]);
      assert.deepEqual(seen.complaints, []);
    }));

  test("what it shows of logs as text prints what was imported, exported and put back", () =>
    withPage(browser, async (page, seen) => {
      for (const [inserted, restored] of [
        [2, "2 entries, 1 project"],
        [0, "0 entries, 0 project"],
      ]) {
        await page.goto(`${server.url}quick-start.html?script=text.js`);
        assert.equal(await outcomeOf(page, seen), "done");
        const told = `${inserted} entries, 1 other line, 0 bad lines`;
        assert.deepEqual(seen.lines.splice(0), [told, "A test fails", restored]);
      }
      assert.deepEqual(seen.complaints, []);
    }));
});

/** The code below a heading of README.md. */
function codeBelow(heading) {
  const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
  const [, rest] = readme.split(`\n## ${heading}\n`);
  assert.ok(rest !== undefined, `README.md has no heading "## ${heading}"`);
  const [section] = rest.split("\n## ");
  const blocks = [...section.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1]);
  assert.equal(
    blocks.length,
    1,
    `"${heading}" in README.md has ${blocks.length} blocks of js instead of one`,
  );
  assert.ok(blocks[0].trim() !== "", `the block of js under "${heading}" in README.md is empty`);
  return blocks[0];
}
