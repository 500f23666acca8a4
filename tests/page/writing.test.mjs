// Writing on the page: appended entries, new and deleted projects, and what other tabs see of it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import {
  loadSample,
  noBrowser,
  settled,
  shownEntries,
  startBrowser,
  withPage,
  withScratch,
} from "./page.mjs";
import { SAMPLE } from "./sample.mjs";

const options = { skip: noBrowser, timeout: 120_000 };

async function append(page, { message, status, agent = "", meta = "" }) {
  const form = page.locator("#append-form");
  await form.getByLabel("Message").fill(message);
  if (status) await form.getByLabel("Status").selectOption(status);
  await form.getByLabel("Agent").fill(agent);
  await form.getByLabel("Metadata").fill(meta);
  await form.getByRole("button", { name: "Append" }).click();
}

const metric = (page, name) => page.locator(`#metrics .${name} dd`).textContent();

test(
  "an appended entry is there at once, counted, canonical, in other tabs, and after a reload",
  options,
  () =>
    withPage(async ({ page, context, url, watch }) => {
      await loadSample(page);
      const other = await context.newPage();
      watch(other);
      await other.goto(`${url}#project=greenhouse`);
      await other.locator("#entries > li").first().waitFor();

      await page.locator("#append > summary").click();
      const errors = Number(await metric(page, "error"));
      const meta = { bed: 3, nested: { list: [1, null, "x"] } };
      await append(page, {
        message: "Bed 3 | is flooded",
        status: "error",
        agent: "Gardener",
        meta: JSON.stringify(meta),
      });
      await page.getByText("Appended as entry 25.").waitFor();
      await settled(page);
      const [newest] = await shownEntries(page);
      assert.deepEqual(
        { ...newest, ts: undefined },
        { emoji: "❌", ts: undefined, agent: "Gardener", message: "Bed 3 | is flooded" },
      );
      assert.equal(await metric(page, "error"), String(errors + 1));
      assert.equal(await metric(page, "total"), "25");
      await other.getByText("Bed 3 | is flooded").waitFor();
      assert.equal(await metric(other, "total"), "25");

      const item = page.locator("#entries > li").first();
      await item.locator("summary").click();
      await item.getByText("fits the raw line").waitFor();
      assert.deepEqual(JSON.parse(await item.locator("pre.json").textContent()), meta);
      const rawLine = await item.locator("dd > pre").last().textContent();
      const id = await item.locator("dd > code").first().textContent();
      const second = `${newest.ts.slice(0, 10)} ${newest.ts.slice(11, 19)} UTC`;
      assert.equal(
        rawLine,
        `[❌] [${second}] [Agent: Gardener] [Project: greenhouse] [ID: ${id}] Bed 3   is flooded | bed=3; nested={"list":[1,null,"x"]}`,
      );
      assert.ok((await item.textContent()).includes(createHash("sha256").update(rawLine).digest("hex")));

      await page.reload();
      await page.getByText("Bed 3 | is flooded").waitFor();
      assert.equal(await metric(page, "total"), "25");
    }),
);

test(
  "an entry without a message, or with bad metadata, is refused in place, and nothing typed is lost",
  options,
  () =>
    withPage(async ({ page }) => {
      await loadSample(page);
      await page.locator("#append > summary").click();
      await append(page, { message: "", meta: "{ not json" });
      await page.getByText("An entry needs a message.").waitFor();
      await page.getByText(/^This is not JSON: /).waitFor();
      await append(page, { message: "Text", meta: "[1]" });
      await page.getByText("Metadata must be a JSON object").waitFor();
      assert.equal(await page.locator("#append-message").inputValue(), "Text");
      assert.equal(await page.locator("#append-meta").inputValue(), "[1]");
      assert.equal(await page.locator("#append-message").getAttribute("aria-invalid"), null);
      assert.equal(await metric(page, "total"), "24");
      await append(page, { message: "Text" });
      await page.getByText("Appended as entry 25.").waitFor();
      await settled(page);
      const [{ agent, emoji }] = await shownEntries(page);
      assert.deepEqual([agent, emoji], ["no agent", "ℹ️"]);
    }),
);

test("a project can be made by hand and written to; names are taken once", options, () =>
  withPage(async ({ page }) => {
    await page.locator("#new-project > summary").click();
    const form = page.locator("#new-project-form");
    await form.getByRole("button").click();
    await page.getByText("A project needs a name.").waitFor();
    await form.getByLabel("Name").fill("made by hand");
    await form.getByLabel("Repository").fill("/src/made");
    await form.getByLabel("Name").press("Enter");
    await page.getByRole("heading", { name: "made by hand" }).waitFor();
    await page.getByText("Nothing is written here yet.").waitFor();
    assert.match(await page.locator("#project-place").textContent(), /^in \/src\/made, created /);
    await page.locator("#append > summary").click();
    await append(page, { message: "First" });
    await page.getByText("Appended as entry 1.").waitFor();

    await page.locator("#new-project > summary").click();
    await form.getByLabel("Name").fill("made by hand");
    await form.getByLabel("Name").press("Enter");
    await page.getByText("There is a project of this name already.").waitFor();
    assert.equal(await page.locator("#projects-state").textContent(), "1 project, 1 entry");
  }),
);

test("a project is deleted only after a yes, and only that one", options, () =>
  withPage(async ({ page }) => {
    await loadSample(page);
    const ask = () => page.getByRole("button", { name: "Delete …" }).click();
    const dialog = page.getByRole("dialog");
    await ask();
    await dialog.getByText("Its 24 entries and all that belongs to it will be gone for good.").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await ask();
    await page.keyboard.press("Escape");
    // "Cancel" has the focus: Enter by habit deletes nothing.
    await ask();
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    assert.equal(await page.locator("#projects-state").textContent(), "3 projects, 82 entries");

    await ask();
    await dialog.getByRole("button", { name: "Delete the project" }).click();
    await page.getByText("2 projects, 58 entries").waitFor();
    await page.reload();
    await page.getByText("2 projects, 58 entries").waitFor();
    assert.deepEqual(await page.locator("#projects .name").allTextContents(), [
      "harbour-map",
      "invoice-reader",
    ]);
    // Its entries may come again.
    await page.locator("#import > summary").click();
    await page.getByRole("button", { name: "Load the sample log" }).click();
    await page
      .getByText("sample-log.jsonl: 24 entries imported, 1 project created, 58 duplicates left alone.")
      .waitFor();
  }),
);

test("everything is there after the browser was closed and started again", options, () =>
  withPage(async ({ url, scratch: outer }) => {
    assert.ok(outer);
    await withScratch(async (profile) => {
      for (const first of [true, false]) {
        const context = await startBrowser(profile);
        try {
          const [page] = context.pages();
          await page.goto(`${url}#project=harbour-map&size=100`);
          if (first) {
            await page.getByText("There is no project “harbour-map” here.").waitFor();
            await loadSample(page);
          }
          await page.getByText(`3 projects, ${SAMPLE.length} entries`).waitFor();
          await page.locator("#entries > li").nth(29).waitFor();
        } finally {
          await context.close();
        }
      }
    });
  }),
);

test("a store that cannot be opened is explained, with a way to try again", options, () =>
  withPage(async ({ page, context, url }) => {
    await context.addInitScript(() => {
      if (sessionStorage.getItem("healed")) return;
      IDBFactory.prototype.open = () => {
        throw new DOMException("not in this window", "SecurityError");
      };
    });
    await page.goto(`${url}#again`);
    await page.reload();
    const alert = page.getByRole("alert");
    await alert.getByText("The store could not be opened.").waitFor();
    assert.match(await alert.textContent(), /gives no access to its database/);
    await page.evaluate(() => sessionStorage.setItem("healed", "yes"));
    await alert.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "No log here yet" }).waitFor();
    assert.ok(!(await alert.isVisible()));
  }),
);
