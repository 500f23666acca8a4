// The quick start of README.md does what it says, as it stands there.

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
      globalThis.outcome = import("./quick-start.js").then(() => "done", (error) => String(error));
    </script>
  </head>
</html>
`;

test("README.md has one quick start, in JavaScript", () => {
  assert.match(quickStart(), /from "scribe-store"/);
});

describe("the quick start", { skip: noChromium }, () => {
  let project;
  let server;
  let browser;

  before(async () => {
    const code = quickStart();
    project = await makeProject("plain");
    writeFileSync(path.join(project.folder, "quick-start.js"), code);
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
      assert.deepEqual(seen.lines.splice(0), [
        "Parser done, page 1 of 2",
        DONE,
        STARTED,
        "2 entries by ada",
        "2 entries are kept",
      ]);

      await page.reload();
      assert.equal(await outcomeOf(page, seen), "done");
      assert.deepEqual(seen.lines, [
        "Parser done, page 1 of 4",
        DONE,
        STARTED,
        DONE,
        STARTED,
        "4 entries by ada",
        "4 entries are kept",
      ]);
      assert.deepEqual(seen.complaints, []);
    }));
});

/** The code below README.md's heading "Quick start". */
function quickStart() {
  const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
  const section = readme.match(/^## Quick start\n(.*?)(?=^## |(?![\s\S]))/ms)?.[1];
  assert.ok(section !== undefined, 'README.md has no heading "## Quick start"');
  const blocks = [...section.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1]);
  assert.equal(
    blocks.length,
    1,
    `"Quick start" in README.md has ${blocks.length} blocks of js instead of one`,
  );
  assert.ok(blocks[0].trim() !== "", 'the block of js under "Quick start" in README.md is empty');
  return blocks[0];
}
