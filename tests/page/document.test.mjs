// The page as a document: its policy, its labels, narrow screens, dark colours, and code that cannot make markup.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { ROOT } from "../../scripts/toolchain.mjs";
import { loadSample, noBrowser, settled, withPage } from "./page.mjs";

const options = { skip: noBrowser, timeout: 120_000 };
const WWW = path.join(ROOT, "www");

test("no module makes markup or code from text", () => {
  const modules = readdirSync(WWW).filter((file) => file.endsWith(".js"));
  assert.ok(modules.includes("app.js"));
  for (const file of modules) {
    const text = readFileSync(path.join(WWW, file), "utf8");
    assert.doesNotMatch(
      text,
      /innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|srcdoc|createContextualFragment|\beval\b|new Function/,
      file,
    );
  }
});

test("the page works under its policy, which allows nothing inline", options, () =>
  withPage(async ({ page, url }) => {
    const response = await page.goto(url);
    const policy = response.headers()["content-security-policy"];
    assert.equal(policy, "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'");
    await page.evaluate(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(event.violatedDirective),
      );
    });
    await loadSample(page);
    await page.locator("#entries summary").first().click();
    await page.getByText("fits the raw line").waitFor();
    assert.deepEqual(await page.evaluate(() => window.violations), []);
    const inline = await page.locator("[style], style, script:not([src]), [onclick], [onload]").count();
    assert.equal(inline, 0);
  }),
);

test("every control has a name, and the whole of a page can be reached with the keyboard", options, () =>
  withPage(async ({ page }) => {
    await loadSample(page);
    for (const id of ["append", "filter-more", "new-project"]) await page.locator(`#${id} > summary`).click();
    const nameless = await page.locator("input, select, textarea, button").evaluateAll((controls) =>
      controls
        .filter((control) => {
          const labels = [...(control.labels ?? [])].map((label) => label.textContent.trim()).join("");
          return !(
            control.getAttribute("aria-label") ||
            labels ||
            (control.localName === "button" && control.textContent.trim())
          );
        })
        .map((control) => control.outerHTML),
    );
    assert.deepEqual(nameless, []);

    await page.reload();
    await page.locator("#entries > li").first().waitFor();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "skip");
    for (const id of ["append", "import"]) await page.locator(`#${id} > summary`).press("Enter");
    await page.locator("#skip").focus();
    const reached = new Set();
    for (let presses = 0; presses < 120; presses += 1) {
      await page.keyboard.press("Tab");
      const where = await page.evaluate(() => {
        const { activeElement: at } = document;
        return (
          at.id || (at.closest("#entries") ? "entries" : at.closest("#projects") ? "projects" : at.localName)
        );
      });
      reached.add(where);
    }
    for (const id of [
      "projects",
      "log-file",
      "load-sample",
      "filter-text",
      "entries",
      "page-size",
      "append-message",
    ]) {
      assert.ok(reached.has(id), `Tab never reaches ${id}, only ${[...reached].join(", ")}`);
    }
  }),
);

for (const { name, width, colorScheme } of [
  { name: "a phone", width: 360, colorScheme: "light" },
  { name: "a phone in the dark", width: 390, colorScheme: "dark" },
  { name: "a tablet", width: 768, colorScheme: "light" },
]) {
  test(`nothing sticks out on ${name}, and texts stand out from their ground`, options, () =>
    withPage(
      async ({ page }) => {
        await loadSample(page);
        for (const id of ["append", "filter-more", "new-project"])
          await page.locator(`#${id} > summary`).click();
        await page.locator("#entries summary").first().click();
        await page.getByText("fits the raw line").waitFor();
        await settled(page);
        const wide = await page.evaluate(() => {
          const most = document.documentElement.clientWidth;
          return [...document.body.querySelectorAll("*:not(.unseen, .skip)")]
            .filter(
              (element) => element.checkVisibility() && element.getBoundingClientRect().right > most + 1,
            )
            .map((element) => `${element.localName}#${element.id}.${element.className}`);
        });
        assert.deepEqual(wide, []);
        const contrasts = await page.evaluate(contrastsOfTexts);
        for (const { text, ratio } of contrasts)
          assert.ok(ratio >= 4.5, `"${text}" has a contrast of ${ratio}`);
        assert.ok(contrasts.length > 50);
      },
      { viewport: { width, height: 800 }, colorScheme },
    ),
  );
}

/** In the page: the contrast, as WCAG reckons it, of each visible text of a control that is not disabled. */
function contrastsOfTexts() {
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) =>
    [r, g, b]
      .map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length === 3) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const { parentElement: element } = walker.currentNode;
    if (text === "" || !element.checkVisibility() || element.closest(":disabled, .unseen, .skip, select"))
      continue;
    const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    found.push({ text: text.slice(0, 40), ratio: Math.round(ratio * 100) / 100 });
  }
  return found;
}
