// The examples of tools in README.md do what they say, as they stand there, in a page, with a model made up here.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { DIST } from "../../scripts/build.mjs";
import { startServer } from "../../scripts/serve.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";
import { noChromium, startChromium } from "../packaging/chromium.mjs";
import { outcomeOf, withPage } from "../packaging/pages.mjs";

const page = (script) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Tools</title>
    <script type="module">
      globalThis.outcome = import("./${script}").then(() => "done", (error) => String(error));
    </script>
  </head>
</html>
`;

describe("README.md", { skip: noChromium }, () => {
  let folder;
  let server;
  let browser;

  before(async () => {
    // Inside the repository, whose packages they import.
    mkdirSync(path.join(ROOT, "target"), { recursive: true });
    folder = mkdtempSync(path.join(ROOT, "target", "readme-"));
    const [anthropic] = blocksBelow("## Tools for models");
    const [worker, client] = blocksBelow("### Model Context Protocol");
    const scripts = { anthropic, worker, client };
    for (const [name, code] of Object.entries(scripts)) {
      writeFileSync(path.join(folder, `${name}.mjs`), code);
      writeFileSync(path.join(folder, `${name}.html`), page(`${name}.js`));
    }
    await build({
      entryPoints: Object.keys(scripts).map((name) => path.join(folder, `${name}.mjs`)),
      outdir: folder,
      bundle: true,
      format: "esm",
      logLevel: "warning",
    });
    cpSync(path.join(DIST, "scribe_store.wasm"), path.join(folder, "scribe_store.wasm"));
    server = await startServer({ root: folder, headers: { "content-security-policy": null } });
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test("a model's calls are run, and their results sent", () =>
    withPage(browser, async (tab, seen) => {
      const asked = [];
      const use = (id, name, input) => ({ type: "tool_use", id, name, input });
      const answers = [
        [
          use("1", "set_project", { project: "demo", root: "/src/demo", log_path: null }),
          use("2", "append_entry", { message: "A parser first", status: "plan", project: null, meta: null }),
        ],
        [{ type: "text", text: "I plan a parser." }],
      ];
      await tab.route("**/anthropic/v1/messages", (route) => {
        asked.push(route.request().postDataJSON());
        const content = answers[asked.length - 1];
        const stop_reason = content[0].type === "tool_use" ? "tool_use" : "end_turn";
        route.fulfill({
          json: { id: "m", type: "message", role: "assistant", model: "m", content, stop_reason },
        });
      });
      await tab.goto(`${server.url}anthropic.html`);
      assert.equal(await outcomeOf(tab, seen), "done");
      assert.deepEqual(seen.lines, ["I plan a parser."]);
      assert.equal(asked.length, 2);
      assert.equal(asked[0].tools.length, 6);
      const results = asked[1].messages.at(-1).content.map(({ content }) => JSON.parse(content));
      assert.deepEqual([results[0].created, results[1].project, results[1].status], [true, "demo", "plan"]);
    }));

  test("a server in a worker, a client on the page", () =>
    withPage(browser, async (tab, seen) => {
      await tab.goto(`${server.url}client.html`);
      assert.equal(await outcomeOf(tab, seen), "done");
      assert.equal(seen.lines.length, 1);
      assert.match(
        seen.lines[0],
        /^\[✅\] \[.* UTC\] \[Agent: ada\] \[Project: demo\] \[ID: .*\] Parser done\n$/,
      );
      assert.deepEqual(seen.complaints, []);
    }));
});

/** The code in JavaScript below a heading of README.md, up to the next one. */
function blocksBelow(heading) {
  const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
  const start = readme.indexOf(`\n${heading}\n`);
  assert.ok(start >= 0, `README.md has no heading "${heading}"`);
  const section = readme.slice(start + heading.length + 2).split(/^##+ /m, 1)[0];
  return [...section.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1]);
}
