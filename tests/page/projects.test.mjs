// Projects: from the empty store to the sample log, its counts and entries, making, appending, deleting.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { ROOT } from "../../scripts/toolchain.mjs";
import { choose, loadSample, noBrowser, settled, shownEntries, withPage } from "./page.mjs";
import { expected, PROJECTS, SAMPLE } from "./sample.mjs";

const options = { skip: noBrowser, timeout: 180_000 };

test("no source makes markup or code from text", () => {
  const folder = path.join(ROOT, "www", "src");
  const sources = readdirSync(folder, { recursive: true }).filter((file) => /\.(tsx?|js)$/.test(file));
  assert.ok(sources.length > 30);
  for (const file of sources) {
    assert.doesNotMatch(
      readFileSync(path.join(folder, file), "utf8"),
      /innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|srcdoc|createContextualFragment|\beval\b|new Function/,
      file,
    );
  }
});

test("an empty store says what to do; the sample log comes with one click, and is the file's", options, () =>
  withPage(async ({ page }) => {
    await page.getByRole("heading", { name: "No log here yet" }).waitFor();
    await loadSample(page);
    assert.deepEqual(await page.locator(".side .projects .name").allTextContents(), PROJECTS);
    for (const project of PROJECTS) {
      await choose(page, project);
      assert.deepEqual(await shownEntries(page), expected(project), project);
      const entries = SAMPLE.filter((entry) => entry.project === project);
      const metric = (name) => page.locator(`.metrics [data-metric=${name}] b`).textContent();
      const withEmoji = (emoji) => String(entries.filter((entry) => entry.emoji === emoji).length);
      assert.equal(await metric("totalEntries"), String(entries.length));
      assert.equal(await metric("successCount"), withEmoji("✅"));
      assert.equal(await metric("warnCount"), withEmoji("⚠️"));
      assert.equal(await metric("errorCount"), withEmoji("❌"));
      const last = entries
        .map(({ ts }) => ts)
        .sort()
        .at(-1);
      const shown = await page.locator(".metrics [data-metric=lastUpdate] time").getAttribute("datetime");
      assert.equal(shown, last);
    }
    await page.reload();
    await settled(page);
    assert.deepEqual(await shownEntries(page), expected(PROJECTS.at(-1)), "the project is in the address");
    // With the keyboard: to the project before, and round to the last again.
    await page.keyboard.press("[");
    await page.locator("#project-name", { hasText: PROJECTS.at(-2) }).waitFor();
    await page.keyboard.press("]");
    await page.keyboard.press("]");
    await page.locator("#project-name", { hasText: PROJECTS[0] }).waitFor();
  }),
);

test("details show all of an entry, check its hash, copy it, and lead to others like it", options, () =>
  withPage(
    async ({ page }) => {
      await loadSample(page);
      await choose(page, "greenhouse");
      const entry = SAMPLE.find(({ message }) => message.includes("\n"));
      await page.locator("#entries .row", { hasText: "first tomato flowers" }).click();
      const details = page.locator(".details");
      await details.getByText("Recomputed: it is the hash of the raw line.").waitFor();
      assert.equal(await details.locator(".whole").textContent(), entry.message);
      assert.equal(await details.locator(".raw").textContent(), entry.rawLine);
      for (const text of [entry.entryId, entry.sha256])
        await details.getByText(text, { exact: true }).waitFor();
      await details.getByRole("button", { name: "Copy the raw line" }).click();
      await details.getByRole("button", { name: "Copied the raw line" }).waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), entry.rawLine);
      await details.getByRole("button", { name: "Copy the metadata" }).click();
      await details.getByRole("button", { name: "Copied the metadata" }).waitFor();
      assert.deepEqual(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())), entry.meta);

      await details.locator("li", { hasText: "online" }).getByRole("button").click();
      await settled(page);
      assert.deepEqual(
        await shownEntries(page),
        expected("greenhouse", ({ meta }) => meta.sensors?.online === 6),
      );
      await page.getByText("sensors.online = 6", { exact: true }).waitFor();
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  ),
);

test("an entry whose hash is not that of its line is told apart", options, () =>
  withPage(async ({ page, url }) => {
    await page.evaluate(async () => {
      const store = await window.openTestStore();
      await store.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
      const entry = { project: "p", ts: 0, emoji: "✅", message: "m", rawLine: "another line", sha256: "00" };
      await store.insertEntry({ ...entry, entryId: "bad" });
      await store.close();
    });
    await page.goto(`${url}#project=p&entry=bad`);
    await page.locator(".verdict.error", { hasText: "Recomputed: the raw line has the hash" }).waitFor();
  }),
);

test("a project is made, written to, and deleted only after its name was typed", options, () =>
  withPage(async ({ page }) => {
    await page.getByRole("heading", { name: "No log here yet" }).waitFor();
    await page.keyboard.press("n");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Create the project" }).click();
    await dialog.getByText("A project needs a name.").waitFor();
    await dialog.getByLabel("Name").fill("Boat <b>");
    await page.keyboard.press("Enter");
    await page.locator("#project-name", { hasText: "Boat <b>" }).waitFor();
    await page.getByText("Nothing is written here yet.").waitFor();

    await page.keyboard.press("a");
    await dialog.getByLabel("Message").fill("Hull is dry");
    await dialog.getByLabel("Status").selectOption("success");
    await dialog.getByLabel("Metadata").fill("[1]");
    await dialog.getByRole("button", { name: "Append" }).click();
    await dialog.getByText("must be a JSON object").waitFor();
    await dialog.getByLabel("Metadata").fill('{ "leaks": 0 }');
    await dialog.getByRole("button", { name: "Append" }).click();
    await page.locator("#entries .row", { hasText: "Hull is dry" }).waitFor();
    assert.equal(await page.locator(".metrics [data-metric=successCount] b").textContent(), "1");

    await page.getByRole("button", { name: "More about this project" }).click();
    await page.getByRole("button", { name: "Delete the project …" }).click();
    const yes = dialog.getByRole("button", { name: "Delete the project" });
    assert.ok(await yes.isDisabled());
    await dialog.getByRole("textbox").fill("boat <b>");
    assert.ok(await yes.isDisabled(), "another case is another name");
    await dialog.getByRole("textbox").fill("Boat <b>");
    await yes.click();
    await page.getByRole("heading", { name: "No log here yet" }).waitFor();
  }),
);

test("an address that names a missing project, or nonsense, leads to a page that works", options, () =>
  withPage(async ({ page, url }) => {
    await loadSample(page);
    await page.goto(`${url}#project=gone`);
    const notice = page.locator(".welcome .notice", { hasText: "There is no project “gone” here." });
    assert.ok((await notice.boundingBox()).height < 80, "which is said in lines, not in columns");
    await page.goto(`${url}#project=greenhouse&mode=magic&from=soon&meta=%7B&view=kitchen&to=2026-13-45`);
    await page.locator("#project-name", { hasText: "greenhouse" }).waitFor();
    await settled(page);
    assert.deepEqual(await shownEntries(page), expected("greenhouse"));
    await page.goto(`${url}#project=greenhouse&entry=gone`);
    await page.getByText("There is no entry with this identifier any more.").waitFor();
  }),
);

test("a database that is deleted elsewhere is said to be gone", options, () =>
  withPage(async ({ page }) => {
    await loadSample(page);
    await page.evaluate(async () => (await import("/scribe-store/index.js")).deleteStore());
    await page.getByRole("searchbox").fill("water");
    await page
      .getByText("The database was deleted or upgraded elsewhere: reload the page.")
      .first()
      .waitFor();
    await page.reload();
    await page.getByText("There is no project").waitFor();
    assert.equal(await page.locator("#entries").count(), 0);
  }),
);
