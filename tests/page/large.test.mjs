// The explorer on a log of 100,000 entries: scrolling, filters, bars, and how soon a key press shows its result.

import assert from "node:assert/strict";
import test from "node:test";
import { accountOf, COUNT, insertLarge, PROJECT, rowOf, START, STEP_MS } from "./large-log.mjs";
import { noBrowser, settled, shownCount, shownEntries, withPage } from "./page.mjs";

const ALL = accountOf();
const count = (accepts) => ALL.filter(accepts).length;
const english = (number) => number.toLocaleString("en");

/** The rows in the page are those of an account, wherever in it the table stands. */
async function showsPartOf(page, account, why) {
  const shown = await page.locator("#entries .row").evaluateAll((rows) =>
    rows
      .map((row) => ({
        index: Number(row.ariaRowIndex) - 1,
        emoji: row.querySelector(".emoji").textContent,
        ts: row.querySelector("time").dateTime,
        agent: row.querySelector(".agent").textContent,
        message: row.querySelector(".message").textContent,
      }))
      .sort((a, b) => a.index - b.index),
  );
  assert.ok(shown.length >= Math.min(account.length, 8), `${why}: only ${shown.length} rows`);
  for (const { index, ...row } of shown) assert.deepEqual(row, rowOf(account[index]), `${why}: row ${index}`);
  return shown.map(({ index }) => index);
}

/** The rows that a person sees, without those beyond the edges. */
function rowsInSight(page) {
  return page.locator("#entries").evaluate((scroller) => {
    const { top, bottom } = scroller.getBoundingClientRect();
    return [...scroller.querySelectorAll(".row")]
      .filter((row) => {
        const box = row.getBoundingClientRect();
        return box.bottom > top + 1 && box.top < bottom - 1;
      })
      .map((row) => Number(row.ariaRowIndex) - 1)
      .sort((a, b) => a - b);
  });
}

test("a log of 100,000 entries", { skip: noBrowser, timeout: 600_000 }, (t) =>
  withPage(async ({ page, url }) => {
    await insertLarge(page);
    await page.goto(`${url}#project=${PROJECT}`);
    await page.locator("#project-name").waitFor();
    await settled(page);
    const show = async (hash = "") => {
      await page.goto(`${url}#project=${PROJECT}${hash}`);
      await settled(page);
    };

    await t.test("counts and shares are those of the log", async () => {
      assert.equal(await shownCount(page), `${english(COUNT)} entries`);
      const metric = (name) => page.locator(`.metrics [data-metric=${name}]`).textContent();
      const success = count(({ emoji }) => emoji === "✅");
      assert.ok((await metric("totalEntries")).startsWith(english(COUNT)));
      const share = Math.round((100 * success) / COUNT);
      assert.match(await metric("successCount"), new RegExp(`^${english(success)} success ${share}\\s%$`));
      assert.match(
        await metric("warnCount"),
        new RegExp(`^${english(count(({ emoji }) => emoji === "⚠️"))} `),
      );
      assert.match(
        await metric("errorCount"),
        new RegExp(`^${english(count(({ emoji }) => emoji === "❌"))} `),
      );
    });

    await t.test(
      "rows are made only where one looks, and are those of the log, from end to end",
      async () => {
        assert.equal((await showsPartOf(page, ALL, "at the top"))[0], 0);
        const most = await page.locator("#entries .row").count();
        assert.ok(most < 80, `${most} rows`);
        await page.locator("#entries").focus();
        await page.keyboard.press("End");
        await settled(page);
        assert.equal((await rowsInSight(page)).at(-1), COUNT - 1);
        await showsPartOf(page, ALL, "at the end");
        await page.keyboard.press("PageUp");
        await settled(page);
        await showsPartOf(page, ALL, "a screen before the end");
        await page.keyboard.press("Home");
        await settled(page);
        assert.equal((await rowsInSight(page))[0], 0);
      },
    );

    await t.test(
      "the wheel moves by as much as it turns, anywhere; the scroll bar reaches every part",
      async () => {
        const box = await page.locator("#entries").boundingBox();
        await page.mouse.move(box.x + 200, box.y + 100);
        for (const fraction of [0, 0.13, 0.5, 0.871]) {
          await page.locator("#entries").evaluate((scroller, part) => {
            scroller.scrollTop = part * (scroller.scrollHeight - scroller.clientHeight);
          }, fraction);
          await settled(page);
          const [before] = await rowsInSight(page);
          assert.ok(Math.abs(before - fraction * COUNT) < 0.02 * COUNT, `${before} rows at ${fraction}`);
          for (let turn = 0; turn < 5; turn += 1) {
            await page.mouse.wheel(0, 120);
            await page.waitForTimeout(120);
          }
          await settled(page);
          const [after] = await rowsInSight(page);
          assert.ok(Math.abs(after - before - 20) <= 1, `600 px are 20 rows, not ${after - before}`);
          await showsPartOf(page, ALL, `at ${fraction}`);
        }
        // Up again, to the very first row.
        await page.locator("#entries").evaluate((scroller) => {
          scroller.scrollTop = 0;
        });
        await settled(page);
        assert.equal((await rowsInSight(page))[0], 0);
      },
    );

    await t.test("a long drag of the scroll bar reads little of what it passes", async () => {
      await page.locator("#entries").evaluate(async (scroller) => {
        const most = scroller.scrollHeight - scroller.clientHeight;
        for (let step = 0; step <= 60; step += 1) {
          scroller.scrollTop = (most * step) / 60;
          await new Promise(requestAnimationFrame);
        }
      });
      await settled(page);
      assert.equal((await rowsInSight(page)).at(-1), COUNT - 1);
      await showsPartOf(page, ALL, "after the drag");
    });

    await t.test("agents and kinds are chosen from what there is, with counts", async () => {
      await show();
      await page.locator(".pick-agents > button").click();
      const ada = page.locator(".pick-agents .choice", { hasText: "ada" });
      assert.ok((await ada.textContent()).endsWith(english(count(({ agent }) => agent === "ada"))));
      await ada.click();
      await settled(page);
      const byAda = ALL.filter(({ agent }) => agent === "ada");
      assert.equal(await shownCount(page), `${english(byAda.length)} entries match`);
      await showsPartOf(page, byAda, "of ada");
      await page.keyboard.press("Escape");
      await page.locator(".pick-emojis > button").click();
      await page.locator(".pick-emojis .choice", { hasText: "Error" }).click();
      await page.locator(".pick-emojis .choice", { hasText: "🌱" }).click();
      await settled(page);
      const both = byAda.filter(({ emoji }) => ["❌", "🌱"].includes(emoji));
      assert.equal(await shownCount(page), `${english(both.length)} entries match`);
      await showsPartOf(page, both, "of ada, errors and seedlings");
      await page.goBack();
      await settled(page);
      const errors = byAda.filter(({ emoji }) => emoji === "❌");
      assert.equal(
        await shownCount(page),
        `${english(errors.length)} entries match`,
        "back undoes one choice",
      );
      await page.goForward();
      await settled(page);
      assert.equal(await shownCount(page), `${english(both.length)} entries match`);
      await page.reload();
      await settled(page);
      assert.equal(await shownCount(page), `${english(both.length)} entries match`, "it is in the address");
      await page.getByRole("button", { name: "Remove the filter ada" }).click();
      await settled(page);
      assert.equal(
        await shownCount(page),
        `${english(count(({ emoji }) => ["❌", "🌱"].includes(emoji)))} entries match`,
      );
    });

    await t.test(
      "texts and patterns are searched and marked; a bad pattern is explained where it is",
      async () => {
        await show();
        await page.keyboard.press("/");
        await page.keyboard.type("NEEDLE-in-haystack");
        await settled(page);
        const needles = ALL.filter(({ message }) => message.includes("needle-in-haystack"));
        assert.equal(needles.length, 4);
        assert.equal(await shownCount(page), "4 entries match");
        assert.deepEqual(await shownEntries(page), needles.map(rowOf));
        const marks = await page.locator("#entries mark").allTextContents();
        assert.deepEqual(marks, Array(4).fill("needle-in-haystack"));

        await page.getByRole("button", { name: "Match case" }).click();
        await settled(page);
        assert.equal(await shownCount(page), "0 entries match");
        await page.getByText("No entry matches these filters.").waitFor();
        await page.getByRole("button", { name: "Match case" }).click();

        await page.getByLabel("How the message is compared").selectOption("regex");
        await page.locator("#filter-text").fill("file 99\\d\\.ts took 7 ms$");
        await settled(page);
        const matches = ALL.filter(({ message }) => /file 99\d\.ts took 7 ms$/.test(message));
        assert.equal(await shownCount(page), `${english(matches.length)} entries match`);
        await showsPartOf(page, matches, "by pattern");
        await page.locator("#entries mark").first().waitFor();
        for (const text of await page.locator("#entries mark").allTextContents())
          assert.match(text, /^file 99\d\.ts took 7 ms$/);

        await page.locator("#filter-text").fill("took (7 ms");
        await page.locator("#filter-text-problem", { hasText: "This pattern cannot be searched" }).waitFor();
        assert.match(await page.locator("#filter-text-problem").textContent(), /at character \d+/);
        assert.equal(await page.locator("#filter-text-problem mark").count(), 1);
        assert.equal(await page.locator("#filter-text").getAttribute("aria-invalid"), "true");
        assert.ok(await page.locator("#entries.stale .row").count(), "what was shown stays");
        await page.locator("#filter-text").fill("took (7|8) ms needle");
        await settled(page);
        await page.waitForFunction(() => document.querySelector("#filter-text-problem").textContent === "");
        assert.equal(
          await shownCount(page),
          `${count(({ message }) => /took (7|8) ms needle/.test(message))} entries match`,
        );
        // A pattern that a browser would search for ever neither hangs the page nor the search.
        await page.locator("#filter-text").fill("^(([a-zA-Z0-9 :.]+)+)+!$");
        await settled(page);
        assert.equal(await shownCount(page), "0 entries match");
      },
    );

    await t.test("conditions on metadata and a range of time hold together", async () => {
      const [from, to] = [START + 20_000 * STEP_MS, START + 29_999 * STEP_MS];
      const local = (time) => new Date(time).toISOString().slice(0, 23);
      await show();
      await page.locator(".pick-meta > button").click();
      const condition = page.locator(".condition").first();
      await condition.getByLabel("Key").fill("nested.even");
      await condition.getByLabel("Kind of the value").selectOption("true");
      await settled(page);
      assert.equal(await shownCount(page), "50,000 entries match");
      await page.getByRole("button", { name: "Add a condition" }).click();
      const second = page.locator(".condition").nth(1);
      await second.getByLabel("Key").fill("mixed");
      await second.getByLabel("Kind of the value").selectOption("number");
      await second.getByLabel("Value", { exact: true }).fill("3x");
      await second.getByLabel("Value", { exact: true }).press("Tab");
      await page.getByText('"3x" is not a number.').waitFor();
      await second.getByLabel("Value", { exact: true }).fill("3");
      await second.getByLabel("Value", { exact: true }).press("Tab");
      await settled(page);
      const met = ({ meta }) => meta.nested.even && meta.mixed === 3;
      assert.equal(await shownCount(page), `${english(count(met))} entries match`);
      await page.keyboard.press("Escape");
      await page.locator(".pick-time > button").click();
      await page.getByLabel("From", { exact: true }).fill(local(from));
      await page.getByLabel("To", { exact: true }).fill(local(to));
      await settled(page);
      const both = ALL.filter((one) => met(one) && one.ts >= from && one.ts <= to);
      assert.ok(both.length > 100);
      assert.equal(await shownCount(page), `${english(both.length)} entries match`);
      await showsPartOf(page, both, "conditions and time");
      await page.reload();
      await settled(page);
      assert.equal(await shownCount(page), `${english(both.length)} entries match`);
      await page.getByRole("button", { name: "Clear filters" }).click();
      await settled(page);
      assert.equal(await shownCount(page), `${english(COUNT)} entries`);
    });

    await t.test("the bars count every entry by kind, and dragging over them chooses a time", async () => {
      await show("&agent=grace");
      const grace = ALL.filter(({ agent }) => agent === "grace");
      const figure = page.locator(".histogram:not(.none)");
      await figure.getByText(`${english(grace.length)} entries by`).waitFor();
      const legend = Object.fromEntries(
        (await figure.locator(".legend li").allTextContents()).map((text) => {
          const [, name, number] = /^(.+?)\s*([\d,]+)$/.exec(text.trim());
          return [name, Number(number.replace(",", ""))];
        }),
      );
      const byKind = (emoji) => grace.filter((one) => one.emoji === emoji).length;
      assert.equal(legend.Info, byKind("ℹ️"));
      assert.equal(legend.Success, byKind("✅"));
      assert.equal(
        Object.values(legend).reduce((a, b) => a + b, 0),
        grace.length,
      );
      const over = await figure.locator(".u-over").boundingBox();
      const y = over.y + over.height / 2;
      const placeOfTable = async () => (await page.locator("#entries").boundingBox()).y;
      const place = await placeOfTable();
      await page.mouse.move(over.x + over.width * 0.25, y);
      const told = await figure.locator(".told .bar").textContent();
      const [, day, start, end, number] =
        /^(\d{4}-\d\d-\d\d) (\d\d:\d\d) to (\d\d:\d\d): ([\d,]+) entries$/.exec(told);
      const first = Date.parse(`${day}T${start}Z`);
      const before = Date.parse(`${day}T${end}Z`) + (end === "00:00" ? 86_400_000 : 0);
      assert.ok(Math.abs((first + before) / 2 - START - COUNT * STEP_MS * 0.25) < before - first, told);
      const pointedAt = grace.filter(({ ts }) => ts >= first && ts < before).length;
      assert.equal(number, english(pointedAt), "the bar that is pointed at is told of");
      const counts = await figure.locator(".legend .count").allTextContents();
      assert.equal(
        counts.reduce((sum, text) => sum + Number(text.replace(",", "")), 0),
        pointedAt,
      );
      assert.equal(await placeOfTable(), place, "and nothing moves for that");
      await page.mouse.down();
      await page.mouse.move(over.x + over.width * 0.4, y, { steps: 4 });
      await page.mouse.move(over.x + over.width * 0.5, y, { steps: 4 });
      await page.mouse.up();
      await settled(page);
      const hash = new URLSearchParams(new URL(page.url()).hash.slice(1));
      const [from, to] = [Date.parse(`${hash.get("from")}Z`), Date.parse(`${hash.get("to")}Z`)];
      const span = COUNT * STEP_MS;
      assert.ok(Math.abs(from - START - span * 0.25) < span * 0.03, hash.get("from"));
      assert.ok(Math.abs(to - START - span * 0.5) < span * 0.03, hash.get("to"));
      const chosen = grace.filter(({ ts }) => ts >= from && ts <= to);
      assert.equal(await shownCount(page), `${english(chosen.length)} entries match`);
      await figure.getByText(`${english(chosen.length)} entries by`).waitFor();
    });

    await t.test("details follow the keys; a link to an entry leads to its row", async () => {
      await show();
      await page.locator("#entries").focus();
      for (const key of ["ArrowDown", "j", "j", "k", "Enter"]) await page.keyboard.press(key);
      const details = page.locator(".details");
      const heading = (row) =>
        details.getByRole("heading", { name: `Entry ${english(COUNT - row)}`, exact: true });
      await heading(1).waitFor();
      await page.keyboard.press("j");
      await heading(2).waitFor();
      await page.keyboard.press("Escape");
      await details.waitFor({ state: "detached" });

      const far = ALL[77_777];
      await page.goto("about:blank");
      await show(`&entry=${far.entryId}`);
      await details.getByText(far.message, { exact: true }).waitFor();
      await page.locator("#entries .row.open", { hasText: far.message }).waitFor();
      assert.ok((await rowsInSight(page)).includes(77_777));
    });

    await t.test("a result shows soon after the key press, next to a key press without effect", async () => {
      await show();
      // In the page, from the key to the paint after its result: so no time of the test's own counts.
      const measure = async (key, expected) => {
        await page.evaluate((wanted) => {
          const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
          const shown = () => document.querySelector("#entries-count").textContent;
          window.measured = new Promise((resolve) => {
            const pressed = async ({ timeStamp }) => {
              do await painted();
              while (shown() !== wanted && performance.now() - timeStamp < 20_000);
              resolve(performance.now() - timeStamp);
            };
            addEventListener("keydown", pressed, { once: true, capture: true });
          });
        }, expected);
        await page.keyboard.press(key);
        return page.evaluate(() => window.measured);
      };
      const idle = [];
      const busy = [];
      for (let round = 0; round < 5; round += 1) {
        await page.locator("#filter-text").fill("needle-in!");
        await settled(page);
        idle.push(await measure("Shift", "0 entries match"));
        busy.push(await measure("Backspace", "4 entries match"));
      }
      const median = (times) => times.sort((a, b) => a - b)[2];
      // What is typed is searched for after a pause.
      const PAUSE_MS = 120;
      const [nothing, result] = [median(idle), median(busy)];
      console.log(
        `  key press without effect ${nothing.toFixed(1)} ms, to its result ${result.toFixed(1)} ms`,
      );
      assert.ok(
        result - PAUSE_MS < 15 * Math.max(nothing, 16),
        `${result} ms next to ${nothing} ms for a key press without effect`,
      );
    });
  }),
);
