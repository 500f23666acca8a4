// What a log says is shown as text, whatever it looks like, under a policy that allows nothing inline.

import assert from "node:assert/strict";
import test from "node:test";
import { noBrowser, settled, withPage } from "./page.mjs";

const MARKUP = `<script>window.harmed = 1</script><img src=x onerror="window.harmed = 2"><b>bold</b>`;
const BIDI = "before \u202Egnp.exe\u202C after \u2066x\u2069 \u200F.";
const LONG = `${"word ".repeat(200_000)}the end`;

test("markup, unseen characters and lines of a megabyte", { skip: noBrowser, timeout: 240_000 }, () =>
  withPage(async ({ page, url }) => {
    const response = await page.goto(url);
    assert.equal(
      response.headers()["content-security-policy"],
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
    );
    await page.context().addInitScript(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
      );
    });
    await page.evaluate(
      async ([markup, bidi, long]) => {
        const store = await window.openTestStore();
        await store.upsertProject({ name: markup, repoRoot: bidi, progressLogPath: markup });
        const one = (entryId, seconds, text, emoji) => ({
          entryId: `${entryId} ${text.slice(0, 200)}`,
          project: markup,
          ts: seconds * 1000,
          emoji,
          agent: text.slice(0, 300_000),
          message: text,
          meta: JSON.parse(
            `{"__proto__":"own","constructor":"c",${JSON.stringify(text.slice(0, 1000))}:${JSON.stringify(text)}}`,
          ),
          rawLine: text,
          sha256: text.slice(0, 1000),
        });
        await store.insertEntries([
          one("markup", 1, markup, "<i>e</i>"),
          one("bidi", 2, bidi, "\u202E"),
          one("long", 3, long, "❌"),
        ]);
        await store.upsertAgentSession(markup, bidi, { [markup]: bidi });
        await store.setAgentProject({
          agentId: markup,
          projectName: markup,
          expectedVersion: 0,
          updatedBy: markup,
          sessionId: bidi,
        });
        await store.recordDocChange(markup, {
          doc: markup,
          section: bidi,
          action: markup,
          agent: bidi,
          shaBefore: markup,
          shaAfter: bidi,
          metadata: { [markup]: bidi },
        });
        await store.recordAgentReportCard(markup, {
          filePath: markup,
          agentName: bidi,
          stage: markup,
          performanceLevel: bidi,
        });
        await store.close();
      },
      [MARKUP, BIDI, LONG],
    );
    const project = `#project=${encodeURIComponent(MARKUP)}`;
    await page.goto("about:blank");
    await page.goto(`${url}${project}`);
    await settled(page);
    assert.equal(await page.locator("#project-name").textContent(), MARKUP);
    const row = (text) => page.locator("#entries .row", { hasText: text });
    assert.equal(await row("window.harmed = 1").locator(".message").textContent(), MARKUP);
    const turned = await row("gnp.exe").locator(".message").textContent();
    assert.ok(turned.includes("U+202E") && !turned.includes("\u202E"), "what turns text is shown as a sign");
    assert.ok((await row("word word").locator(".message").textContent()).length < 1_000);

    for (const [text, wanted] of [
      ["window.harmed = 1", MARKUP],
      ["gnp.exe", "before U+202Egnp.exe"],
      ["word word", "word word"],
    ]) {
      await row(text).click();
      const details = page.locator(".details");
      await details.locator(".whole", { hasText: wanted }).waitFor();
      await details.locator(".verdict.error").waitFor();
      assert.ok((await details.locator(".raw").textContent()).startsWith(wanted));
      assert.ok((await details.locator(".meta-tree").textContent()).includes("__proto__"));
      await page.keyboard.press("Escape");
    }
    // Searched for, and marked, the same holds.
    await page.locator("#filter-text").fill("<img src=x");
    await settled(page);
    assert.equal(await page.locator("#entries mark").textContent(), "<img src=x");
    await page.locator("#filter-text").fill("");
    await page.locator(".pick-agents > button").click();
    await page.locator(".pick-agents .choice", { hasText: "window.harmed" }).click();
    await settled(page);
    assert.equal(await page.locator("#entries .row").count(), 1);
    for (const view of ["documents", "reports", "integrity"]) {
      await page.goto(`${url}${project}&view=${view}`);
      await page.locator(".page").waitFor();
    }
    await page.goto(`${url}#view=agents`);
    await page.locator(".timeline li").first().waitFor();
    await page.goto(`${url}${project}`);
    await page.getByRole("button", { name: "More about this project" }).click();
    await page.getByRole("button", { name: "Delete the project …" }).click();
    await page
      .getByRole("dialog")
      .getByRole("heading", { name: `Delete ${MARKUP}?` })
      .waitFor();

    for (const tag of ["script:not([type=module])", "img", "main b b", "i", "dialog img"])
      assert.equal(await page.locator(`body ${tag}`).count(), 0, tag);
    assert.equal(await page.evaluate(() => window.harmed), undefined);
    assert.deepEqual(await page.evaluate(() => window.violations), []);
  }),
);
