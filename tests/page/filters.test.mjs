// Every filter of the page, against a plain account of the sample log.

import assert from "node:assert/strict";
import test from "node:test";
import { loadSample, noBrowser, settled, shownEntries, withPage } from "./page.mjs";
import { expected } from "./sample.mjs";

const options = { skip: noBrowser, timeout: 120_000 };
const PROJECT = "invoice-reader";

/** Opens the page on a project of the sample log, all entries on one page. */
function withFilters(body) {
  return withPage(async (tools) => {
    const { page, url } = tools;
    await loadSample(page);
    await page.goto(`${url}#project=${PROJECT}&size=100`);
    await page.getByRole("heading", { name: PROJECT }).waitFor();
    await page.locator("#filter-more > summary").click();
    await settled(page);
    const shows = async (accepts, why) => {
      await settled(page);
      const wanted = expected(PROJECT, accepts);
      assert.deepEqual(await shownEntries(page), wanted, why);
      const count = await page.locator("#entries-count").textContent();
      assert.match(count, new RegExp(`^${wanted.length} entr`), why);
      return wanted.length;
    };
    await body({ ...tools, shows });
  });
}

test("agents and emojis: any of those chosen, and both together", options, () =>
  withFilters(async ({ page, shows }) => {
    const choose = (group, name) => page.locator(`#filter-${group} label`, { hasText: name }).click();
    // The choices come with their counts.
    assert.match(
      await page.locator("#filter-agents label", { hasText: "Quill" }).textContent(),
      /Quill\s*14/,
    );
    await choose("agents", "Proof");
    assert.ok((await shows(({ agent }) => agent === "Proof")) > 0);
    await choose("agents", "Atlas");
    await shows(({ agent }) => ["Proof", "Atlas"].includes(agent));
    await choose("emojis", "⚠️");
    assert.ok((await shows(({ agent, emoji }) => ["Proof", "Atlas"].includes(agent) && emoji === "⚠️")) > 0);
    await choose("agents", "Proof");
    await choose("agents", "Atlas");
    await choose("emojis", "❌");
    await shows(({ emoji }) => ["⚠️", "❌"].includes(emoji));
    await page.goBack();
    await shows(({ emoji }) => emoji === "⚠️", "back undoes one choice");
  }),
);

test("message: substring, exact, pattern, and case", options, () =>
  withFilters(async ({ page, shows }) => {
    const text = page.locator("#filter-text");
    const mode = page.getByLabel("How the message is compared");
    await text.fill("SAMPLES");
    assert.ok((await shows(({ message }) => message.toLowerCase().includes("samples"))) > 1);
    await page.getByLabel("Match case").check();
    assert.equal(await shows(() => false), 0);
    await page.getByText("No entry matches these filters.").waitFor();
    await text.fill("samples");
    assert.ok((await shows(({ message }) => message.includes("samples"))) > 1);

    await mode.selectOption("exact");
    assert.equal(await shows(() => false), 0);
    await text.fill("Milestone 2: tables with line items");
    assert.equal(await shows(({ message }) => message === "Milestone 2: tables with line items"), 1);
    await text.fill("milestone 2: tables with line items");
    assert.equal(await shows(() => false), 0);
    await page.getByLabel("Match case").uncheck();
    assert.equal(await shows(({ message }) => message === "Milestone 2: tables with line items"), 1);

    await mode.selectOption("regex");
    await text.fill("^[a-z]+ (on|off)|\\d\\.\\d+ s\\b");
    assert.ok((await shows(({ message }) => /^[a-z]+ (on|off)|\d\.\d+ s\b/i.test(message))) > 2);

    await page.reload();
    await page.getByRole("heading", { name: PROJECT }).waitFor();
    await shows(({ message }) => /^[a-z]+ (on|off)|\d\.\d+ s\b/i.test(message), "filters survive a reload");
    assert.equal(await mode.inputValue(), "regex");

    await page.getByRole("button", { name: "Clear all filters" }).click();
    await shows(() => true);
    assert.equal(await text.inputValue(), "");
  }),
);

test(
  "a bad pattern is explained beside the field, with the place, and goes when it is put right",
  options,
  () =>
    withFilters(async ({ page, shows }) => {
      const text = page.locator("#filter-text");
      const problem = page.locator("#filter-text-problem");
      await page.getByLabel("How the message is compared").selectOption("regex");
      for (const [pattern, position, reason] of [
        ["page[", 5, /no closing bracket/],
        ["a(b", 2, /no closing/],
        ["é𝒳(?=x)", 4, /look-?around/i],
        ['"(a)\\1', 5, /back-?reference/i],
      ]) {
        await text.fill(pattern);
        await problem.getByText(`(at character ${position})`).waitFor();
        const explained = await problem.locator("p").textContent();
        assert.match(explained, reason);
        assert.ok(!explained.includes(pattern), `the pattern is shown once: ${explained}`);
        assert.equal(await problem.locator("code").textContent(), pattern);
        assert.equal(await text.getAttribute("aria-invalid"), "true");
        assert.equal(await page.locator("#entries-count").textContent(), "The filter is not applied.");
      }
      await text.fill("page");
      await shows(({ message }) => /page/i.test(message));
      assert.equal(await problem.textContent(), "");
      assert.equal(await text.getAttribute("aria-invalid"), null);
    }),
);

test("time: from and to are included, a date is the whole day, a second the whole second", options, () =>
  withFilters(async ({ page, shows }) => {
    const set = async (name, date, time = "") => {
      await page.getByLabel(`${name} date`).fill(date);
      if (date !== "") await page.getByLabel(`${name} time`).fill(time);
    };
    await set("From", "2026-03-03");
    assert.ok((await shows(({ ts }) => ts >= "2026-03-03")) > 0);
    await set("To", "2026-03-03");
    assert.ok((await shows(({ ts }) => ts.startsWith("2026-03-03"))) > 0);
    await set("From", "2026-03-02", "12:02:03");
    await set("To", "2026-03-02", "14:18:10");
    const within = ({ ts }) => ts >= "2026-03-02T12:02:03" && ts <= "2026-03-02T14:18:10.999999Z";
    assert.equal(await shows(within), 3);
    await page.reload();
    await page.getByRole("heading", { name: PROJECT }).waitFor();
    assert.equal(await shows(within), 3);
    assert.equal(await page.getByLabel("To time").inputValue(), "14:18:10");
    await set("From", "2026-03-04");
    assert.equal(await shows(() => false), 0);
  }),
);

test("metadata: text, number, true and null are told apart, paths reach inside, all must hold", options, () =>
  withFilters(async ({ page, shows }) => {
    const row = (index) => page.locator("#filter-meta .condition").nth(index);
    const set = async (index, key, kind, value) => {
      await row(index).getByLabel("Key").fill(key);
      await row(index).getByLabel("Kind of the value").selectOption(kind);
      if (value !== undefined) await row(index).getByLabel("Value", { exact: true }).fill(value);
      await row(index).getByLabel("Key").press("Enter");
    };
    await set(0, "milestone", "text", "M2");
    assert.ok((await shows(({ meta }) => meta.milestone === "M2")) > 0);
    await page.getByRole("button", { name: "Add a condition" }).click();
    await set(1, "attempt", "number", "2");
    assert.equal(await shows(({ meta }) => meta.attempt === 2), 2);
    await set(1, "attempt", "text", "2");
    assert.equal(await shows(() => false), 0);
    await set(1, "samples.failed", "number", "0.0");
    assert.equal(await shows(({ meta }) => meta.samples?.failed === 0), 1);
    await set(1, "samples.failed", "number", "many");
    await page.getByText('"many" is not a number.').waitFor();
    await row(1).getByRole("button", { name: "Remove the condition" }).click();
    await set(0, "retry", "false");
    assert.equal(await shows(({ meta }) => meta.retry === false), 1);
    await set(0, "retry", "null");
    assert.equal(await shows(() => false), 0);
    await set(0, "retry", "true");
    assert.equal(await shows(({ meta }) => meta.retry === true), 1);
    await page.reload();
    await page.getByRole("heading", { name: PROJECT }).waitFor();
    assert.equal(await shows(({ meta }) => meta.retry === true), 1);
    assert.equal(await row(0).getByLabel("Kind of the value").inputValue(), "true");
  }),
);
