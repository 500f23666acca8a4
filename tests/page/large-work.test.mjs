// What is done with a log of 100,000 entries: following it, exporting it, verifying it, deleting it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { accountOf, COUNT, insertLarge, PROJECT } from "./large-log.mjs";
import { noBrowser, settled, shownEntries, withPage } from "./page.mjs";

/** Entries that another tab writes. */
const MORE = 50;
const ALL = (COUNT + MORE).toLocaleString("en");

test("working with a log of 100,000 entries", { skip: noBrowser, timeout: 300_000 }, (t) =>
  withPage(async ({ page, url, context, watch, scratch }) => {
    await insertLarge(page);
    await page.goto(`${url}#project=${PROJECT}`);
    await settled(page);
    const dialog = page.getByRole("dialog");

    await t.test("its time is counted in a few times what a page takes", async () => {
      const [entries, counts] = await page.evaluate(async (project) => {
        const store = await window.openTestStore();
        const median = async (call) => {
          const times = [];
          for (let round = 0; round < 9; round += 1) {
            const began = performance.now();
            await call();
            times.push(performance.now() - began);
          }
          return times.sort((a, b) => a - b)[4];
        };
        const times = [
          await median(() => store.fetchRecentEntries({ project })),
          await median(() => store.summarizeEntries({ project, bucket: "hour", by: "emoji" })),
        ];
        await store.close();
        return times;
      }, PROJECT);
      console.log(`  a page ${entries.toFixed(1)} ms, counts by hour and kind ${counts.toFixed(1)} ms`);
      assert.ok(counts < 30 * Math.max(entries, 1), `${counts} ms next to ${entries} ms`);
    });

    await t.test("following shows what another tab writes", async () => {
      await page.locator("#entries").evaluate((scroller) => {
        scroller.scrollTop = scroller.scrollHeight / 2;
      });
      await settled(page);
      await page.keyboard.press("f");
      const writer = await context.newPage();
      watch(writer);
      await writer.goto(url);
      await writer.evaluate(
        async ([project, more]) => {
          const store = await window.openTestStore();
          const numbers = Array.from({ length: more }, (_, number) => number);
          await Promise.all(
            numbers.map((number) =>
              store.appendEntry({ project, agent: "live", message: `live ${number}`, status: "plan" }),
            ),
          );
          await store.close();
        },
        [PROJECT, MORE],
      );
      await page.waitForFunction(
        (text) => document.querySelector("#entries-count").textContent === text,
        `${ALL} entries`,
      );
      await settled(page);
      const [first, second] = await shownEntries(page);
      assert.deepEqual([first.message, second.message], [`live ${MORE - 1}`, `live ${MORE - 2}`]);
      assert.equal(await page.locator("#entries").evaluate((scroller) => scroller.scrollTop), 0);
      await writer.close();
    });

    await t.test("an export can be cancelled, and has every entry otherwise", async () => {
      await page.keyboard.press("e");
      // The button has the focus.
      await page.keyboard.press("Enter");
      await dialog.getByRole("progressbar").waitFor();
      await dialog.getByRole("button", { name: "Cancel" }).click();
      await dialog.getByText("Cancelled: no file was written.").waitFor();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        dialog.getByRole("button", { name: "Export", exact: true }).click(),
      ]);
      const place = path.join(scratch, file.suggestedFilename());
      await file.saveAs(place);
      const exported = readFileSync(place, "utf8").trimEnd().split("\n");
      assert.equal(exported.length, COUNT + MORE);
      assert.deepEqual(
        exported.slice(MORE).map((line) => JSON.parse(line).entryId),
        accountOf().map(({ entryId }) => entryId),
      );
      await page.keyboard.press("Escape");
    });

    await t.test("verifying names the first entry whose hash is not that of its line", async () => {
      await page.getByRole("link", { name: "Integrity" }).click();
      await page.getByRole("button", { name: `Verify ${ALL} entries` }).click();
      await page.getByText("Entry 1 is not as it should be.").waitFor();
      await page.getByText("Its SHA-256 is not the hash of its raw line.").waitFor();
    });

    await t.test("it is deleted after its name was typed", async () => {
      await page.getByRole("button", { name: "More about this project" }).click();
      await page.getByRole("button", { name: "Delete the project …" }).click();
      await dialog.getByText(`Its ${ALL} entries`).waitFor();
      await page.keyboard.type(PROJECT);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "No log here yet" }).waitFor();
    });
  }),
);
