// The examples of README.md do what they say, as they stand there.

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

/** The headings that have an example each, and what it is called here. */
const EXAMPLES = {
  "Quick start": "quick-start",
  "As it happens": "as-it-happens",
  "Logs as text, and backups": "as-text",
};

const page = (name) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>An example</title>
    <script type="importmap">
      { "imports": { "scribe-store": "./node_modules/scribe-store/dist/index.js" } }
    </script>
    <script type="module">
      globalThis.outcome = import("./${name}.js").then(() => "done", (error) => String(error));
    </script>
  </head>
</html>
`;

for (const heading of Object.keys(EXAMPLES)) {
  test(`README.md has one example under "${heading}", in JavaScript`, () => {
    assert.match(codeUnder(heading), /from "scribe-store"/);
  });
}

describe("the examples", { skip: noChromium }, () => {
  let project;
  let server;
  let browser;

  before(async () => {
    project = await makeProject("plain");
    for (const [heading, name] of Object.entries(EXAMPLES)) {
      writeFileSync(path.join(project.folder, `${name}.js`), codeUnder(heading));
      writeFileSync(path.join(project.folder, `${name}.html`), page(name));
    }
    // The import map is a script in the page, which the server's policy would forbid.
    server = await startServer({ root: project.folder, headers: { "content-security-policy": null } });
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    project?.close();
  });

  test("the quick start prints what it found, and after a reload that nothing is lost", () =>
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

  test("what follows the log prints the change and the entry", () =>
    withPage(browser, async (tab, seen) => {
      await tab.goto(`${server.url}as-it-happens.html`);
      assert.equal(await outcomeOf(tab, seen), "done");
      assert.deepEqual(seen.lines, ["changed: entries", "ada: Tests are green"]);
      assert.deepEqual(seen.complaints, []);
    }));

  test("what goes through text prints what was imported, exported and put back", () =>
    withPage(browser, async (tab, seen) => {
      for (const [inserted, restored] of [
        [2, "entries: 2, projects: 1"],
        [0, "entries: 0, projects: 0"],
      ]) {
        await tab.goto(`${server.url}as-text.html`);
        assert.equal(await outcomeOf(tab, seen), "done");
        const told = `entries: ${inserted}, other lines: 1, bad lines: 0`;
        const [first, exported, ...others] = seen.lines.splice(0);
        assert.deepEqual([first, ...others], [told, "2 lines so far", "2 were there", restored]);
        assert.equal(JSON.parse(exported).message, "A test fails");
      }
      assert.deepEqual(seen.complaints, []);
    }));
});

/** The code below a heading of README.md. */
function codeUnder(heading) {
  const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
  const section = readme.match(new RegExp(`^## ${heading}\\n(.*?)(?=^## |(?![\\s\\S]))`, "ms"))?.[1];
  assert.ok(section !== undefined, `README.md has no heading "## ${heading}"`);
  const blocks = [...section.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1]);
  assert.equal(
    blocks.length,
    1,
    `"${heading}" in README.md has ${blocks.length} blocks of js instead of one`,
  );
  assert.ok(blocks[0].trim() !== "", `the block of js under "${heading}" in README.md is empty`);
  return blocks[0];
}
