// Importing by pick and by drop, with bad lines; exporting what is shown, a log and the whole store; cancelling.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { choose, loadSample, noBrowser, settled, shownCount, shownEntries, withPage } from "./page.mjs";
import { expected, PROJECTS, SAMPLE } from "./sample.mjs";

const options = { skip: noBrowser, timeout: 180_000 };

function line(number, changes = {}) {
  return JSON.stringify({
    entryId: `entry-${number}`,
    project: "own log",
    ts: new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString(),
    emoji: "ℹ️",
    agent: "Tester",
    message: `Entry ${number}`,
    rawLine: `line ${number}`,
    sha256: "",
    ...changes,
  });
}

async function pick(page, file) {
  await page.keyboard.press("i");
  await page.getByLabel("Pick files").setInputFiles(file);
}

test("a picked file is imported; bad lines are counted and shown with their reason", options, () =>
  withPage(async ({ page, scratch }) => {
    await page.getByRole("heading", { name: "No log here yet" }).waitFor();
    const file = path.join(scratch, "mixed.jsonl");
    const lines = [
      line(1),
      "{ this is not JSON",
      line(2, { ts: "yesterday" }),
      line(3, { project: "second" }),
      line(1),
      // As agents write them: the store completes the rest.
      JSON.stringify({ project: "third", ts: "2026-01-02", message: "Bare", status: "plan" }),
      JSON.stringify({ project: "nothing", title: "no entry, for which no project is made" }),
      "",
      line(4),
    ];
    writeFileSync(file, lines.join("\r\n"));
    await pick(page, file);
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Import 1 file" }).click();
    await dialog
      .getByText(
        "4 entries imported, 3 projects created, 1 duplicate left alone, 1 line that is no entry skipped, 3 bad lines left out.",
      )
      .waitFor();
    const reasons = await dialog.locator(".bad-lines li").allTextContents();
    assert.equal(reasons.length, 3);
    assert.match(reasons[0], /^Line 2: /);
    assert.match(reasons[1], /^Line 3: .*yesterday/);
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.locator("#project-name", { hasText: "own log" }).waitFor();
    await settled(page);
    assert.deepEqual(
      (await shownEntries(page)).map(({ message }) => message),
      ["Entry 4", "Entry 1"],
    );
    await choose(page, "third");
    assert.deepEqual(
      (await shownEntries(page)).map(({ message, emoji }) => [message, emoji]),
      [["Bare", "🧭"]],
    );
  }),
);

test("what cannot be read is said to be so, file by file", options, () =>
  withPage(async ({ page, scratch }) => {
    await page.getByRole("heading", { name: "No log here yet" }).waitFor();
    const files = {
      "empty.jsonl": "",
      "bytes.jsonl": Uint8Array.from({ length: 300 }, (_, index) => (index * 151) % 256),
      "cut.scribe.jsonl": `{"format":"scribe-store backup","version":1}\n{"sha256":"00"}\n`,
      "newer.scribe.jsonl": `{"format":"scribe-store backup","version":99}\n{"sha256":"00"}\n`,
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(scratch, name), content);
    await pick(
      page,
      Object.keys(files).map((name) => path.join(scratch, name)),
    );
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Import 4 files" }).click();
    const outcome = (name) => dialog.locator(".transfers > li", { hasText: name }).locator(".notice");
    await outcome("newer.scribe.jsonl").waitFor();
    assert.match(await outcome("empty.jsonl").textContent(), /^The file is empty\.$/);
    assert.match(await outcome("bytes.jsonl").textContent(), /^0 entries imported, .* left out\./);
    assert.match(
      await outcome("cut.scribe.jsonl").textContent(),
      /^Not all of it could be read: the backup is damaged at line 2/,
    );
    assert.match(await outcome("newer.scribe.jsonl").textContent(), /^Reload this page .* format 99/);
    const kinds = await dialog.locator(".notice").evaluateAll((all) => all.map((one) => one.className));
    assert.deepEqual(kinds, ["notice warning", "notice warning", "notice error", "notice error"]);
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("heading", { name: "No log here yet" }).waitFor();
  }),
);

test("a Markdown log that is dropped anywhere goes to the project that is named", options, () =>
  withPage(async ({ page }) => {
    await page.getByRole("heading", { name: "No log here yet" }).waitFor();
    await page.locator("body").evaluate((body) => {
      const text = [
        "# Progress",
        "",
        "[✅] [2026-03-01 10:00:00 UTC] [Agent: Ada] [Project: x] [ID: md-1] Parser done | tests=41",
        "- [⚠️] [2026-03-01 11:00:00 UTC] [Agent: Ada] [Project: x] Slow on large files",
      ].join("\n");
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], "PROGRESS.md"));
      for (const type of ["dragover", "drop"])
        body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
    });
    const dialog = page.getByRole("dialog");
    await dialog.getByText("PROGRESS.md").waitFor();
    assert.ok(await dialog.getByRole("button", { name: "Import 1 file" }).isDisabled());
    await dialog.getByLabel("Project that a Markdown log's entries go to").fill("parser");
    await dialog.getByRole("button", { name: "Import 1 file" }).click();
    await dialog
      .getByText("2 entries imported, 1 project created, 2 lines that are no entries skipped.")
      .waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.locator("#project-name", { hasText: "parser" }).waitFor();
    await settled(page);
    assert.deepEqual(
      (await shownEntries(page)).map(({ message }) => message),
      ["Slow on large files", "Parser done"],
    );
  }),
);

test("what is shown, a log, and the whole store are exported, and come back as they were", options, () =>
  withPage(async ({ page, scratch }) => {
    await loadSample(page);
    await choose(page, "harbour-map");
    const dialog = page.getByRole("dialog");
    const download = async (...choices) => {
      for (const choice of choices) await dialog.getByLabel(choice).check();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        dialog.getByRole("button", { name: "Export", exact: true }).click(),
      ]);
      await dialog.getByText("is with your downloads").waitFor();
      const place = path.join(scratch, file.suggestedFilename());
      await file.saveAs(place);
      return place;
    };
    await page.locator("#filter-text").fill("tide");
    await settled(page);
    await page.locator("#entries").focus();
    await page.keyboard.press("e");
    const shown = await download("The entries that match the filters");
    const exported = readFileSync(shown, "utf8")
      .trimEnd()
      .split("\n")
      .map((one) => JSON.parse(one));
    assert.deepEqual(
      exported.map(({ message }) => message),
      expected("harbour-map", ({ message }) => message.toLowerCase().includes("tide")).map(
        ({ message }) => message,
      ),
    );
    const log = readFileSync(await download("All entries of harbour-map", "Markdown log"), "utf8");
    const wanted = SAMPLE.filter(
      ({ project, message }) => project === "harbour-map" && !message.includes("\n"),
    );
    for (const { rawLine } of wanted) assert.ok(log.includes(rawLine), rawLine);
    const backup = await download("The whole store");
    await page.keyboard.press("Escape");
    await page.evaluate(async (names) => {
      const store = await window.openTestStore();
      for (const name of names) await store.deleteProject(name);
      await store.close();
    }, PROJECTS);
    await page.getByText("There is no project").waitFor();
    await pick(page, backup);
    assert.equal(
      await dialog.getByRole("combobox").inputValue(),
      "store",
      "the file is known for what it is",
    );
    await dialog.getByRole("button", { name: "Import 1 file" }).click();
    await dialog.getByText("3 projects, 82 entries").waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    await choose(page, "greenhouse");
    assert.deepEqual(await shownEntries(page), expected("greenhouse"));
  }),
);

test("an import can be cancelled, and done again", options, () =>
  withPage(async ({ page, scratch }) => {
    await page.getByRole("heading", { name: "No log here yet" }).waitFor();
    const file = path.join(scratch, "long.jsonl");
    const COUNT = 120_000;
    writeFileSync(file, Array.from({ length: COUNT }, (_, index) => line(index)).join("\n"));
    await pick(page, file);
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Import 1 file" }).click();
    // As soon as something was stored.
    await dialog.getByText(/[1-9][\d,]* entries imported …/).waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.getByText("Cancelled. What was stored until then stays").waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.locator(".side .projects a", { hasText: "own log" }).click();
    await settled(page);
    const before = Number((await shownCount(page)).replace(/\D/g, ""));
    assert.ok(before > 0 && before < COUNT, `${before} entries`);
    await pick(page, file);
    await dialog.getByRole("button", { name: "Import 1 file" }).click();
    await dialog
      .getByText(`${before.toLocaleString("en")} duplicates left alone.`)
      .waitFor({ timeout: 90_000 });
    await dialog.getByRole("button", { name: "Done" }).click();
    await settled(page);
    assert.equal(await shownCount(page), "120,000 entries");
  }),
);
