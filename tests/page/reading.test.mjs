// Reading a log on the page: the sample, its metrics, pages, details, and all of it again after a reload.

import assert from "node:assert/strict";
import test from "node:test";
import { loadSample, noBrowser, settled, shownEntries, withPage } from "./page.mjs";
import { expected, PROJECTS, SAMPLE } from "./sample.mjs";

const options = { skip: noBrowser, timeout: 120_000 };

async function choose(page, project) {
  await page.locator("#projects a", { hasText: project }).click();
  await page.getByRole("heading", { name: project, exact: true }).waitFor();
  await settled(page);
}

async function shownMetrics(page) {
  const tiles = await page
    .locator("#metrics > div")
    .evaluateAll((found) => found.map((tile) => tile.querySelector("dd").textContent));
  const [total, success, warning, error, last] = tiles;
  return { total, success, warning, error, last };
}

function countedMetrics(project) {
  const entries = SAMPLE.filter((entry) => entry.project === project);
  const withEmoji = (emoji) => String(entries.filter((entry) => entry.emoji === emoji).length);
  const last = entries
    .map((entry) => entry.ts)
    .sort()
    .at(-1);
  return {
    total: String(entries.length),
    success: withEmoji("✅"),
    warning: withEmoji("⚠️"),
    error: withEmoji("❌"),
    last: `${last.slice(0, 10)} ${last.slice(11, -1)} UTC`,
  };
}

test("an empty store says so, and what to do", options, () =>
  withPage(async ({ page }) => {
    await page.getByRole("heading", { name: "No log here yet" }).waitFor();
    assert.equal(await page.locator("#projects-state").textContent(), "None yet.");
    assert.ok(await page.locator("#log-file").isVisible(), "the way to import is open");
    assert.ok(!(await page.locator("#project").isVisible()));
  }),
);

test(
  "the sample log is imported with one click; metrics and entries are the file's, also after a reload",
  options,
  () =>
    withPage(async ({ page }) => {
      await loadSample(page);
      assert.deepEqual(await page.locator("#projects .name").allTextContents(), PROJECTS);
      for (const project of PROJECTS) {
        await choose(page, project);
        await page.locator("#page-size").selectOption("100");
        await settled(page);
        assert.deepEqual(await shownMetrics(page), countedMetrics(project), project);
        assert.deepEqual(await shownEntries(page), expected(project));
      }
      const last = PROJECTS.at(-1);
      await page.reload();
      await page.getByRole("heading", { name: last, exact: true }).waitFor();
      await settled(page);
      assert.deepEqual(await shownMetrics(page), countedMetrics(last));
      assert.deepEqual(
        await shownEntries(page),
        expected(last),
        "the project and the page size are in the address",
      );

      // A second import changes nothing.
      await page.locator("#import > summary").click();
      await page.getByRole("button", { name: "Load the sample log" }).click();
      await page.getByText("sample-log.jsonl: 0 entries imported, 82 duplicates left alone.").waitFor();
      await settled(page);
      assert.deepEqual(await shownMetrics(page), countedMetrics(last));
    }),
);

test("pages are disjoint and complete, forwards, backwards, and from the last one", options, () =>
  withPage(async ({ page }) => {
    await loadSample(page);
    await choose(page, "harbour-map");
    await page.locator("#page-size").selectOption("10");
    await settled(page);
    const all = expected("harbour-map");
    const pages = [all.slice(0, 10), all.slice(10, 20), all.slice(20)];
    const go = async (name) => {
      await page.getByRole("button", { name, exact: true }).click();
      await settled(page);
    };
    const check = async (number) => {
      assert.equal(await page.locator("#page-place").textContent(), `Page ${number} of 3`);
      assert.deepEqual(await shownEntries(page), pages[number - 1], `page ${number}`);
      for (const [name, disabled] of Object.entries({
        First: number === 1,
        Previous: number === 1,
        Next: number === 3,
        Last: number === 3,
      })) {
        const button = page.getByRole("button", { name, exact: true });
        assert.equal(await button.isDisabled(), disabled, `${name} on page ${number}`);
      }
    };
    await check(1);
    await go("Next");
    await check(2);
    await go("Next");
    await check(3);
    await go("Previous");
    await check(2);
    await page.reload();
    await page.locator("#page-place").waitFor();
    await settled(page);
    await check(2);
    await go("First");
    await check(1);
    await go("Last");
    await check(3);
    await go("Previous");
    await check(2);
    await page.goBack();
    await settled(page);
    await check(3);
    assert.equal(await page.locator("#entries-count").textContent(), "30 entries");
  }),
);

test("details show all of an entry, and lead to others like it", options, () =>
  withPage(async ({ page }) => {
    await loadSample(page);
    await choose(page, "greenhouse");
    const entry = SAMPLE.find(({ message }) => message.includes("\n"));
    const item = page.locator("#entries > li", { hasText: "first tomato flowers" });
    // With the keyboard alone.
    await item.locator("summary").focus();
    await page.keyboard.press("Enter");
    const details = item.locator("dl");
    await details.getByText("fits the raw line").waitFor();
    assert.equal(await details.locator(".whole").textContent(), entry.message);
    assert.deepEqual(JSON.parse(await details.locator("pre.json").textContent()), entry.meta);
    const texts = await details.locator("dd").allTextContents();
    for (const value of [entry.rawLine, entry.entryId]) assert.ok(texts.includes(value), value);
    assert.ok(texts.some((text) => text.startsWith(entry.sha256)));

    await details.getByRole("button", { name: "sensors.online = 6" }).click();
    await settled(page);
    assert.deepEqual(
      await shownEntries(page),
      expected("greenhouse", ({ meta }) => meta.sensors?.online === 6),
    );
    assert.equal(await page.locator("#filter-meta .key").inputValue(), "sensors.online");
  }),
);

test("an address that names a missing project, or nonsense, leads to a page that works", options, () =>
  withPage(async ({ page, url }) => {
    await loadSample(page);
    await page.goto(`${url}#project=gone`);
    await page.getByText("There is no project “gone” here.").waitFor();
    await page.goto(`${url}#project=greenhouse&cursor=nonsense&size=7&mode=magic&from=soon&meta=%7B`);
    await page.getByRole("heading", { name: "greenhouse" }).waitFor();
    await settled(page);
    assert.deepEqual(await shownEntries(page), expected("greenhouse"));
    assert.ok(!(await page.evaluate(() => location.hash)).includes("nonsense"));
    await page.goto(`${url}#project=greenhouse&page=9`);
    await page.getByText("There is nothing on this page any more").waitFor();
    await page.getByRole("button", { name: "First" }).click();
    await settled(page);
    assert.deepEqual(await shownEntries(page), expected("greenhouse"));
  }),
);
