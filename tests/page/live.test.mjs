// New entries show as they come, from this tab and others, and push nothing away that is looked at.

import assert from "node:assert/strict";
import test from "node:test";
import { noBrowser, settled, shownCount, shownEntries, withPage } from "./page.mjs";

test("two tabs: at the top, while following, and further down", { skip: noBrowser, timeout: 240_000 }, () =>
  withPage(async ({ page, url, context, watch }) => {
    await page.evaluate(async () => {
      const store = await window.openTestStore();
      await store.upsertProject({ name: "busy", repoRoot: "", progressLogPath: "" });
      const ts = Date.now() - 3_600_000;
      for (let number = 0; number < 500; number += 100) {
        await store.insertEntries(
          Array.from({ length: 100 }, (_, index) => ({
            entryId: `e${number + index}`,
            project: "busy",
            ts: ts + (number + index) * 1000,
            emoji: "ℹ️",
            agent: "ada",
            message: `entry ${number + index}`,
            rawLine: "",
            sha256: "",
          })),
        );
      }
      await store.close();
    });
    await page.goto(`${url}#project=busy`);
    await settled(page);
    const writer = await context.newPage();
    watch(writer);
    await writer.goto(url);
    await writer.evaluate(async () => {
      window.writer = await window.openTestStore();
    });
    const write = (message) =>
      writer.evaluate(
        (text) =>
          window.writer.appendEntry({ project: "busy", agent: "grace", message: text, status: "success" }),
        message,
      );
    const first = page.locator("#entries .row[aria-rowindex='1'] .message");

    await write("from another tab");
    await page.locator("#entries .row", { hasText: "from another tab" }).waitFor();
    assert.equal(await first.textContent(), "from another tab");
    await page.waitForFunction(() => document.querySelector("#entries-count").textContent === "501 entries");
    await page.waitForFunction(
      () => document.querySelector(".metrics [data-metric=successCount] b").textContent === "1",
    );
    await page.locator(".legend li", { hasText: "Success 1" }).waitFor();

    // Further down: what is in sight stays where it is.
    await page.locator("#entries").evaluate((scroller) => {
      scroller.scrollTop = 6_000;
    });
    await settled(page);
    const before = await page.locator("#entries .row", { hasText: "entry 290" }).boundingBox();
    await write("while reading");
    await page.waitForFunction(() => document.querySelector("#entries-count").textContent === "502 entries");
    await settled(page);
    const after = await page.locator("#entries .row", { hasText: "entry 290" }).boundingBox();
    assert.ok(Math.abs(after.y - before.y) < 2, `from ${before.y} to ${after.y}`);

    // Following: back to the top, and there it stays.
    await page.keyboard.press("f");
    assert.ok(await page.locator("#follow").isChecked());
    await write("followed");
    await page.locator("#entries .row", { hasText: "followed" }).waitFor();
    assert.equal(await first.textContent(), "followed");
    assert.equal(await page.locator("#entries").evaluate((scroller) => scroller.scrollTop), 0);
    assert.ok(page.url().includes("follow"));

    // A filter holds for what comes, too.
    await page.locator("#filter-text").fill("followed");
    await settled(page);
    await write("something else");
    await write("followed again");
    await page.locator("#entries .row", { hasText: "followed again" }).waitFor();
    await settled(page);
    assert.equal(await shownCount(page), "2 entries match");
    assert.deepEqual(
      (await shownEntries(page)).map(({ message }) => message),
      ["followed again", "followed"],
    );
    await writer.evaluate(() => window.writer.deleteProject("busy"));
    await page.getByText("There is no project “busy” here.").waitFor();
    await writer.evaluate(() => window.writer.close());
  }),
);
